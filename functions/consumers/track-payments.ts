import { TransactionRecorded } from '../../events/metrics.ts'
import { markPaid } from '../../lib/offers/commands.ts'
import { offerStore } from '../../lib/offers/store.ts'
import { queue } from '../../lib/runtime/batch.ts'
import { newContext } from '../../lib/runtime/context.ts'
import { deadLetterBox } from '../../lib/runtime/dead-letters.ts'
import { env } from '../../lib/runtime/env.ts'
import { detailOf } from '../../lib/runtime/message.ts'
import { openTable } from '../../lib/runtime/table.ts'

const table = openTable(env('RECORDS_TABLE'))
const pay = markPaid({ store: offerStore(table) })

export const handler = queue(async (body) => {
  const { offerId, amount, on } = detailOf(TransactionRecorded, body).data
  if (offerId && amount.amount > 0) await pay(offerId, on, newContext('event'))
}, deadLetterBox(table))
