import type { Context } from '../core/context.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { ALL_TERMS, eventIn, eventsOf, record } from '../runtime/journal.ts'
import type { Table } from '../runtime/table.ts'
import { type Evidence, evidenceOf, TermsEvent } from './terms.ts'

// access patterns: the evidence of a subscription, newest first (ids of events sort by time) · all evidence,
// oldest first (gsi1; to know what is missing). Evidence is never changed: its event is its record.
export const termsStore = (table: Table) => ({
  list: async (subscriptionId: string, { limit, cursor }: PageQuery): Promise<Page<Evidence>> => {
    const query = { ...eventsOf(`TERMS#${subscriptionId}`), ScanIndexForward: false }
    const { items, ...page } = await table.page(query, { limit, cursor })
    return { ...page, items: items.map((item) => evidenceOf(TermsEvent.parse(eventIn(item)))) }
  },

  all: async function* (): AsyncIterable<Evidence> {
    const query = { KeyConditionExpression: 'gsi1pk = :all', ExpressionAttributeValues: { ':all': ALL_TERMS } }
    for await (const item of table.query({ IndexName: 'gsi1', ...query })) yield evidenceOf(TermsEvent.parse(eventIn(item)))
  },

  save: async (event: TermsEvent, context: Context): Promise<Evidence> => {
    const evidence = evidenceOf(event)
    await table.commit([record(event)], { context, answer: evidence })
    return evidence
  },
})
export type TermsStore = ReturnType<typeof termsStore>
