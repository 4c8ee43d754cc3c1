import * as z from '../lib/core/schema.ts'
import { define } from './envelope.ts'

const about = z.object({ verificationId: z.string() })

/** Someone, or the schedule, wants the numbers compared. */
const VerificationRequested = define(
  'metrics.verification-requested.v1',
  z.extend(about, { level: z.enum(['sums', 'rows']), by: z.string() }),
)

/** Something differs: whether it stays so is looked at once more. */
const VerificationContinued = define('metrics.verification-continued.v1', about)

/** Nothing differs. */
const MetricsVerified = define('metrics.verified.v1', z.extend(about, { cells: z.int(), facts: z.int() }))

/** So many cells and facts are not what the events come to. */
const MetricsDiffered = define('metrics.differed.v1', z.extend(about, { cells: z.int(), facts: z.int() }))

/** They could not be compared. */
const VerificationFailed = define('metrics.verification-failed.v1', z.extend(about, { reason: z.string() }))

/** What differs shall be written anew. */
const RepairRequested = define('metrics.repair-requested.v1', z.extend(about, { by: z.string(), reason: z.string() }))

/** It is: so many cells and events; `left` cells were not as they had been found. */
const MetricsRepaired = define(
  'metrics.repaired.v1',
  z.extend(about, { cells: z.int(), left: z.int(), events: z.int(), by: z.string(), reason: z.string() }),
)

/** What there is to do next about a verification. */
export const VerificationWork = z.discriminatedUnion('type', [VerificationRequested, VerificationContinued, RepairRequested])

export const VerificationEvent = z.discriminatedUnion('type', [
  VerificationRequested,
  VerificationContinued,
  MetricsVerified,
  MetricsDiffered,
  VerificationFailed,
  RepairRequested,
  MetricsRepaired,
])
export type VerificationEvent = z.infer<typeof VerificationEvent>
