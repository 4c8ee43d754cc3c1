import { orderEvents } from '../../lib/feed/order.ts'
import { arrivalOf, sequenceStore } from '../../lib/feed/sequence-store.ts'
import { stream } from '../../lib/runtime/batch.ts'
import { publishTo } from '../../lib/runtime/bus.ts'
import { env } from '../../lib/runtime/env.ts'
import { eventOfRecord } from '../../lib/runtime/stream-record.ts'
import { openTable } from '../../lib/runtime/table.ts'

const publish = publishTo(env('BUS_NAME'))
const order = orderEvents({ sequence: sequenceStore(openTable(env('RECORDS_TABLE'))) })

export const handler = stream(async (records, shard) => {
  await order(shard, records.map(arrivalOf))
  await publish(records.map(eventOfRecord))
})
