import type { DomainEvent } from '../../events/index.ts'
import { isCode, notFound } from '../core/errors.ts'
import type { PageQuery } from '../core/page.ts'
import { eventIn, eventKey, record } from '../runtime/journal.ts'
import type { Item, Table } from '../runtime/table.ts'
import { type KeptLetter, letterId, letterKeyOf } from './dead-letter.ts'

const letterPartition = (queue: string) => `DEADLETTER#${queue}`
const letterKey = (id: string) => {
  const { queue, messageId } = letterKeyOf(id)
  return { pk: letterPartition(queue), sk: messageId }
}

const textIn = (value: unknown) => (value === undefined ? undefined : String(value))

const letterIn = ({ pk, sk, ...item }: Item): KeptLetter => {
  const queue = pk.slice(letterPartition('').length)
  const refusals = Number(item['refusals'] ?? 1)
  const [redrivenAt, redrivenBy] = [textIn(item['redrivenAt']), textIn(item['redrivenBy'])]
  return {
    id: letterId(queue, sk),
    queue,
    messageId: sk,
    reason: String(item['reason']),
    refusedAt: String(item['refusedAt']),
    refusals,
    body: String(item['body']),
    isMessage: item['isMessage'] === true,
    state: item['redriven'] === refusals ? 'redriven' : 'open',
    ...(redrivenAt && { redrivenAt }),
    ...(redrivenBy && { redrivenBy }),
  }
}

// access patterns: which events are known · the dead letters of a queue · one dead letter · every event there is (scan; for verification and exports)
export const feedStore = (table: Table) => {
  const recorded = async (events: DomainEvent[]): Promise<DomainEvent[]> =>
    (await table.getAll(events.map(eventKey))).map(eventIn)

  const unknownOf = async (events: DomainEvent[]) => {
    const known = new Set((await recorded(events)).map(({ id }) => id))
    return events.filter(({ id }) => !known.has(id))
  }

  /** Inserts all of them or, where some are known already, the others; returns how many were new. Of an id the first event holds. */
  const add = async (events: DomainEvent[]): Promise<number> => {
    if (events.length === 0) return 0
    try {
      await table.commit(events.map(record))
      return events.length
    } catch (error) {
      if (!isCode(error, 'conflict')) throw error
      return add(await unknownOf(events))
    }
  }

  return {
    add,

    /** What is recorded under the keys of events: they themselves, or others that bear their ids. */
    recorded,

    /** Records those of the events that are not known yet, each for itself and so at half the price of `add`; returns how many. */
    takeOver: async (events: DomainEvent[]): Promise<number> =>
      table.insertAll((await unknownOf(events)).map((event) => record(event).put)),

    deadLetters: async (queue: string, { limit, cursor }: PageQuery) => {
      const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': letterPartition(queue) } }
      const { items, ...page } = await table.page(query, { limit, cursor })
      return { ...page, items: items.map(letterIn) }
    },

    deadLetter: async (id: string): Promise<KeptLetter> => {
      const key = letterKey(id)
      const item = key.sk === '' ? undefined : await table.get(key)
      if (!item) throw notFound('dead letter', id)
      return letterIn(item)
    },

    /** Notes when, by whom and after which refusal a letter was sent again; if it was refused again meanwhile it stays open. */
    noteRedrive: async ({ id, refusals, redrivenAt, redrivenBy }: KeptLetter): Promise<void> => {
      await table.update({
        Key: letterKey(id),
        UpdateExpression: 'SET redriven = :refusals, redrivenAt = :at, redrivenBy = :by',
        ExpressionAttributeValues: { ':refusals': refusals, ':at': redrivenAt, ':by': redrivenBy },
      })
    },

    all: async function* (): AsyncIterable<DomainEvent> {
      const filter = { FilterExpression: 'begins_with(sk, :event)', ExpressionAttributeValues: { ':event': 'EVENT#' } }
      for await (const item of table.scan({ ...filter, ConsistentRead: true })) yield eventIn(item)
    },
  }
}
export type FeedStore = ReturnType<typeof feedStore>
