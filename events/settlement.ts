import * as z from '../lib/core/schema.ts'
import { define } from './envelope.ts'

const settlementId = z.string()
const count = z.int()

/** Someone will upload a file of a marketplace about money. */
export const SettlementRequested = define(
  'settlement.requested.v1',
  z.object({ settlementId, fileName: z.string(), by: z.string() }),
)

/** Its reading goes on at a line: its time was over, or someone asked to read it again. */
export const SettlementContinued = define('settlement.continued.v1', z.object({ settlementId, run: count, line: count }))

/** The file is read to its end. */
export const SettlementCompleted = define(
  'settlement.completed.v1',
  z.object({
    settlementId,
    kind: z.string(),
    rows: count,
    recorded: count,
    restated: count,
    duplicate: count,
    unmatched: count,
    rejected: count,
    elsewhere: count,
    noted: count,
  }),
)

/** The file is none that can be read; `reason` says what is wrong with it. */
export const SettlementFailed = define('settlement.failed.v1', z.object({ settlementId, reason: z.string() }))
