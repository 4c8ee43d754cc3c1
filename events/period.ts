import { Instant, MonthText } from '../lib/core/period.ts'
import * as z from '../lib/core/schema.ts'
import { define } from './envelope.ts'

/** A month's metrics are frozen as they were known at `asOf`; the sums are those of the frozen files. */
export const PeriodClosed = define(
  'period.closed.v1',
  z.object({
    period: MonthText,
    by: z.string(),
    reason: z.optional(z.string()),
    asOf: Instant,
    definitions: z.int(),
    currency: z.string(),
    grossMargin: z.string(),
    knownEvents: z.int(),
    metricsSha256: z.string(),
    knownSha256: z.string(),
  }),
)
