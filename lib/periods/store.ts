import type { Context } from '../core/context.ts'
import { notFound } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { record } from '../runtime/journal.ts'
import { type Item, insert, type Table } from '../runtime/table.ts'
import { ClosedPeriod, type Decided } from './period.ts'

// access patterns: one closed month · all of them by month (gsi2)
const key = (period: string) => ({ pk: `PERIOD#${period}`, sk: 'PERIOD' })
const index = ({ period }: ClosedPeriod) => ({ gsi2pk: 'PERIOD', gsi2sk: period })
const periodIn = (item: Item) => ClosedPeriod.parse(item)

export const periodStore = (table: Table) => {
  const find = async (period: string): Promise<ClosedPeriod | undefined> => {
    const item = await table.get(key(period))
    return item && periodIn(item)
  }
  return {
    find,

    get: async (period: string): Promise<ClosedPeriod> => {
      const found = await find(period)
      if (!found) throw notFound('closed period', period, `close it with POST /v1/periods/${period}/close`)
      return found
    },

    list: async ({ limit, cursor }: PageQuery): Promise<Page<ClosedPeriod>> => {
      const query = {
        IndexName: 'gsi2',
        KeyConditionExpression: 'gsi2pk = :all',
        ExpressionAttributeValues: { ':all': 'PERIOD' },
        ScanIndexForward: false,
      }
      const { items, ...page } = await table.page(query, { limit, cursor })
      return { ...page, items: items.map(periodIn) }
    },

    /** State and event in one transaction; a month that is closed already is a `conflict`. */
    save: async ({ closed, event }: Decided, context: Context): Promise<ClosedPeriod> => {
      const saved = { ...closed, version: 1 }
      const write = insert({ ...key(closed.period), ...index(closed), ...saved })
      await table.commit([write, record(event)], { context, answer: saved })
      return saved
    },
  }
}
export type PeriodStore = ReturnType<typeof periodStore>
