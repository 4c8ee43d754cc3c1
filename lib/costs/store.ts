import type { DomainEvent } from '../../events/index.ts'
import type { Context } from '../core/context.ts'
import { conflict, notFound } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { eventIn, eventsOf, record } from '../runtime/journal.ts'
import { type Item, insert, type Table } from '../runtime/table.ts'
import { Cost } from './cost.ts'

// access patterns: the costs of a month · one cost (gsi1) · is an id taken. A cost is never changed: its event is its record.
const costIn = (item: Item): Cost => Cost.parse(eventIn(item).data)

// The event's own key would let one id stand in two months.
const claim = ({ costId }: Cost) =>
  insert({ pk: `COSTID#${costId}`, sk: 'COSTID' }, () => conflict(`cost ${costId} exists already`, 'costId'))

export const costStore = (table: Table) => ({
  get: async (costId: string): Promise<Cost> => {
    const query = {
      IndexName: 'gsi1',
      KeyConditionExpression: 'gsi1pk = :id',
      ExpressionAttributeValues: { ':id': `COST#${costId}` },
    }
    for await (const item of table.query(query)) return costIn(item)
    throw notFound('cost', costId)
  },

  list: async (period: string, { limit, cursor }: PageQuery): Promise<Page<Cost>> => {
    const { items, ...page } = await table.page(eventsOf(`COST#${period}`), { limit, cursor })
    return { ...page, items: items.map(costIn) }
  },

  save: async (cost: Cost, event: DomainEvent, context: Context): Promise<Cost> => {
    await table.commit([claim(cost), record(event)], { context, answer: cost })
    return cost
  },
})
export type CostStore = ReturnType<typeof costStore>
