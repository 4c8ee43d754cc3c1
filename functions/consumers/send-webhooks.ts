import type { Context as LambdaContext, ScheduledEvent, SQSEvent } from 'aws-lambda'
import { sequenceStore } from '../../lib/feed/sequence-store.ts'
import { deadLetterBox } from '../../lib/runtime/dead-letters.ts'
import { env } from '../../lib/runtime/env.ts'
import { job } from '../../lib/runtime/job.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { deliverAll } from '../../lib/webhooks/deliver.ts'
import { messageIdOf, webhookStore } from '../../lib/webhooks/store.ts'
import { callWebhook } from '../bind/webhooks.ts'

const table = openTable(env('RECORDS_TABLE'))
const stores = { store: webhookStore(table), sequence: sequenceStore(table) }
const deliver = deliverAll({ ...stores, call: callWebhook, idOf: messageIdOf, jitter: Math.random })
// A call takes ten seconds at most, and is noted after it.
const run = job('send-webhooks', deadLetterBox(table), deliver, 20_000)

/** The queue says only that there is something new; the schedule does the same without it. */
export const handler = async (event: SQSEvent | ScheduledEvent, lambda: LambdaContext) => {
  await run(event, lambda)
  return { batchItemFailures: [] }
}
