import { functions, service } from '../service.ts'
import type { QueueName } from '../service-types.ts'
import type { Message } from './bus.ts'
import type { Invoke } from './invoke.ts'
import type { Shelf } from './marketplaces/stand-in.ts'

const recordOf = (message: Message) => ({
  messageId: message.id,
  receiptHandle: message.id,
  body: message.body,
  attributes: {
    ApproximateReceiveCount: String(message.received),
    SentTimestamp: String(Date.parse(message.sentAt)),
    SenderId: 'twin',
    ApproximateFirstReceiveTimestamp: String(Date.parse(message.sentAt)),
  },
  messageAttributes: Object.fromEntries(
    Object.entries(message.attributes ?? {}).map(([name, stringValue]) => [name, { dataType: 'String', stringValue }]),
  ),
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: `arn:aws:sqs:local:000000000000:${message.queue}`,
  awsRegion: process.env['AWS_REGION'],
})

const later = (now: Date, seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString()

/** One queue and its consumer: what fails becomes visible again later; what fails too often goes to the dead letters. */
export const openQueue = (name: string, queue: QueueName, batchSize: number, invoke: Invoke, shelf: Shelf, now: () => Date) => {
  const collection = `queue.${queue}`
  const { visibilitySeconds } = service.queues[queue]

  const receive = async () => {
    const all = await shelf.list<Message>(collection)
    const visible = all.filter(({ visibleAt }) => visibleAt <= now().toISOString())
    const batch = visible.toSorted((a, b) => (a.sentAt < b.sentAt ? -1 : 1)).slice(0, batchSize)
    const taken = batch.map((message) => ({
      ...message,
      received: message.received + 1,
      visibleAt: later(now(), visibilitySeconds),
    }))
    for (const message of taken) await shelf.put(collection, message.id, message)
    return taken
  }

  const settle = async (message: Message, failed: boolean) => {
    if (failed && message.received < service.maxReceives) return
    if (failed) await shelf.put(`dead.${queue}`, message.id, message)
    await shelf.remove(collection, message.id)
  }

  /** Handles one batch; returns how many messages it saw. */
  const poll = async (): Promise<number> => {
    const messages = await receive()
    if (messages.length === 0) return 0
    const answer = (await invoke(name, { Records: messages.map(recordOf) }).catch(() => undefined)) as
      | { batchItemFailures: { itemIdentifier: string }[] }
      | undefined
    const failed = new Set(answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) ?? messages.map(({ id }) => id))
    for (const message of messages) await settle(message, failed.has(message.id))
    return messages.length
  }
  return { name, poll }
}

export const openQueues = (invoke: Invoke, shelf: Shelf, now: () => Date) =>
  Object.entries(functions).flatMap(([name, { triggers }]) =>
    triggers.flatMap((trigger) =>
      trigger.kind === 'queue' ? [openQueue(name, trigger.queue, trigger.batchSize, invoke, shelf, now)] : [],
    ),
  )
