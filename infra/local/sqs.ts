import { createHash } from 'node:crypto'
import * as z from 'zod'
import { service } from '../service.ts'
import { putMessage } from './bus.ts'
import type { Answer, Exchange, Shelf, StandIn } from './marketplaces/stand-in.ts'

const ACCOUNT = '000000000000'

/** Where the real client sends messages for each queue. */
export const queueUrls = (outsideUrl: string): string =>
  JSON.stringify(Object.fromEntries(Object.keys(service.queues).map((name) => [name, `${outsideUrl}/${ACCOUNT}/${name}`])))

const Request = z.object({
  QueueUrl: z.url(),
  MessageBody: z.string().min(1),
  MessageAttributes: z.record(z.string(), z.object({ DataType: z.literal('String'), StringValue: z.string() })).default({}),
})

const unknownQueue: Answer = {
  status: 400,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: { __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'The specified queue does not exist.' },
}

/** SQS's SendMessage, as the real client speaks it. */
export const queueStandIn = (shelf: Shelf, now: () => Date): StandIn => ({
  tick: async () => {},
  answer: async ({ headers, body }: Exchange) => {
    if (headers['x-amz-target'] !== 'AmazonSQS.SendMessage') return undefined
    const { QueueUrl, MessageBody, MessageAttributes } = Request.parse(JSON.parse(body))
    const queue = QueueUrl.split('/').at(-1) ?? ''
    if (!(queue in service.queues)) return unknownQueue
    const attributes = Object.fromEntries(Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]))
    const MessageId = await putMessage(shelf, now, queue, MessageBody, attributes)
    const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex')
    return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: { MessageId, MD5OfMessageBody } }
  },
})
