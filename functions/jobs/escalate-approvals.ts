import { escalateOverdue } from '../../lib/offers/escalation.ts'
import { offerStore } from '../../lib/offers/store.ts'
import { deadLetterBox } from '../../lib/runtime/dead-letters.ts'
import { env } from '../../lib/runtime/env.ts'
import { job } from '../../lib/runtime/job.ts'
import { openTable } from '../../lib/runtime/table.ts'

const table = openTable(env('RECORDS_TABLE'))

export const handler = job('escalate-approvals', deadLetterBox(table), escalateOverdue({ store: offerStore(table) }))
