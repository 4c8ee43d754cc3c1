import { randomUUID } from 'node:crypto'
import { service } from '../service.ts'
import type { Exchange, Shelf, StandIn } from './marketplaces/stand-in.ts'
import { matches } from './pattern.ts'

export type Message = {
  id: string
  queue: string
  body: string
  sentAt: string
  visibleAt: string
  received: number
  attributes?: Record<string, string>
}

export const putMessage = async (
  shelf: Shelf,
  now: () => Date,
  queue: string,
  body: string,
  attributes: Message['attributes'] = {},
) => {
  const at = now().toISOString()
  const message: Message = { id: randomUUID(), queue, body, sentAt: at, visibleAt: at, received: 0, attributes }
  await shelf.put(`queue.${queue}`, message.id, message)
  return message.id
}

/** Puts a bus event into the queues whose rules it matches. */
export const deliverToQueues = async (shelf: Shelf, now: () => Date, event: Record<string, unknown>) => {
  for (const { queue, pattern } of service.rules) {
    if (matches(pattern, event)) await putMessage(shelf, now, queue, JSON.stringify(event))
  }
}

type Entry = { Source: string; DetailType: string; Detail: string; Time?: number }

const envelope = ({ Source, DetailType, Detail }: Entry, now: Date) => ({
  version: '0',
  id: randomUUID(),
  source: Source,
  'detail-type': DetailType,
  account: '000000000000',
  time: now.toISOString(),
  region: process.env['AWS_REGION'],
  resources: [],
  detail: JSON.parse(Detail) as unknown,
})

/** EventBridge's PutEvents, as the real client speaks it. */
export const busStandIn = (shelf: Shelf, now: () => Date): StandIn => ({
  tick: async () => {},
  answer: async ({ headers, body }: Exchange) => {
    if (headers['x-amz-target'] !== 'AWSEvents.PutEvents') return undefined
    const { Entries } = JSON.parse(body) as { Entries: Entry[] }
    for (const entry of Entries) await deliverToQueues(shelf, now, envelope(entry, now()))
    return {
      status: 200,
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: randomUUID() })) },
    }
  },
})
