import type { DomainEvent } from '../../events/index.ts'
import { isCode } from '../core/errors.ts'
import type { PageQuery } from '../core/page.ts'
import { eventIn, eventKey, record } from '../runtime/journal.ts'
import type { Item, Table } from '../runtime/table.ts'

// access patterns: is an event known · the dead letters of a queue · every event there is (scan; for verification and exports)
export const feedStore = (table: Table) => {
  const unknownOf = async (events: DomainEvent[]) => {
    const known = new Set((await table.getAll(events.map(eventKey))).map((item) => eventIn(item).id))
    return events.filter(({ id }) => !known.has(id))
  }

  /** Inserts all of them or, where some are known already, the others; returns how many were new. */
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

    deadLetters: async (queue: string, { limit, cursor }: PageQuery) => {
      const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': `DEADLETTER#${queue}` } }
      const { items, ...page } = await table.page(query, { limit, cursor })
      const letterIn = (item: Item) => ({
        messageId: item.sk,
        reason: String(item['reason']),
        refusedAt: String(item['refusedAt']),
        body: String(item['body']),
      })
      return { ...page, items: items.map(letterIn) }
    },

    all: async function* (): AsyncIterable<DomainEvent> {
      const filter = { FilterExpression: 'begins_with(sk, :event)', ExpressionAttributeValues: { ':event': 'EVENT#' } }
      for await (const item of table.scan({ ...filter, ConsistentRead: true })) yield eventIn(item)
    },
  }
}
export type FeedStore = ReturnType<typeof feedStore>
