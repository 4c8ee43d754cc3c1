import type { Context } from '../core/context.ts'
import { notFound } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { record } from '../runtime/journal.ts'
import { replace, type Table } from '../runtime/table.ts'
import { type Decided, Export } from './export.ts'

// access patterns: one export · all exports by the time of their request (gsi2)
const key = (id: string) => ({ pk: `EXPORT#${id}`, sk: 'EXPORT' })
const index = ({ id, requestedAt }: Export) => ({ gsi2pk: 'EXPORT', gsi2sk: `${requestedAt}#${id}` })

export const exportStore = (table: Table) => ({
  get: async (id: string): Promise<Export> => {
    const item = await table.get(key(id))
    if (!item) throw notFound('export', id)
    return Export.parse(item)
  },

  list: async ({ limit, cursor }: PageQuery): Promise<Page<Export>> => {
    const query = {
      IndexName: 'gsi2',
      KeyConditionExpression: 'gsi2pk = :all',
      ExpressionAttributeValues: { ':all': 'EXPORT' },
      ScanIndexForward: false,
    }
    const { items, ...page } = await table.page(query, { limit, cursor })
    return { ...page, items: items.map((item) => Export.parse(item)) }
  },

  /** State and event in one transaction. */
  save: async ({ exported, event }: Decided, context: Context): Promise<Export> => {
    const saved = { ...exported, version: exported.version + 1 }
    const write = replace({ ...key(exported.id), ...index(exported), ...exported }, exported.version)
    await table.commit([write, record(event)], { context, answer: saved })
    return saved
  },
})
export type ExportStore = ReturnType<typeof exportStore>
