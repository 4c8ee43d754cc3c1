import { stream } from '../../lib/runtime/batch.ts'
import { publishTo } from '../../lib/runtime/bus.ts'
import { env } from '../../lib/runtime/env.ts'
import { eventOfRecord } from '../../lib/runtime/stream-record.ts'

const publish = publishTo(env('BUS_NAME'))

export const handler = stream(async (records) => publish(records.map(eventOfRecord)))
