import type { DomainEvent } from '../../events/index.ts'
import type { Context } from '../core/context.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { eventIn, eventsOf, record } from '../runtime/journal.ts'
import type { Table } from '../runtime/table.ts'
import { Rate } from './rate.ts'

// access pattern: the rates of a pair of currencies. A rate is never changed: its event is its record.
export const rateStore = (table: Table) => ({
  list: async (base: string, quote: string, { limit, cursor }: PageQuery): Promise<Page<Rate>> => {
    const { items, ...page } = await table.page(eventsOf(`RATE#${base}-${quote}`), { limit, cursor })
    return { ...page, items: items.map((item) => Rate.parse(eventIn(item).data)) }
  },

  save: async (rate: Rate, event: DomainEvent, context: Context): Promise<Rate> => {
    await table.commit([record(event)], { context, answer: rate })
    return rate
  },
})
export type RateStore = ReturnType<typeof rateStore>
