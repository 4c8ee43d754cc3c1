import type { DomainEvent } from '../../events/index.ts'
import type { Context } from '../core/context.ts'
import { conflict, notFound } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { record } from '../runtime/journal.ts'
import { insert, replace, type Table } from '../runtime/table.ts'
import { Partner } from './partner.ts'

// access patterns: one partner · all partners by id (gsi2) · the events of a partner
const key = (id: string) => ({ pk: `PARTNER#${id}`, sk: 'PARTNER' })
const index = ({ id }: Partner) => ({ gsi2pk: 'PARTNER', gsi2sk: id })

export const partnerStore = (table: Table) => ({
  get: async (id: string): Promise<Partner> => {
    const item = await table.get(key(id))
    if (!item) throw notFound('partner', id)
    return Partner.parse(item)
  },

  list: async ({ limit, cursor }: PageQuery): Promise<Page<Partner>> => {
    const query = { IndexName: 'gsi2', KeyConditionExpression: 'gsi2pk = :all', ExpressionAttributeValues: { ':all': 'PARTNER' } }
    const { items, ...page } = await table.page(query, { limit, cursor })
    return { ...page, items: items.map((item) => Partner.parse(item)) }
  },

  /** State and events in one transaction. */
  save: async (partner: Partner, events: DomainEvent[], context: Context): Promise<Partner> => {
    const item = { ...key(partner.id), ...index(partner), ...partner }
    const write =
      partner.version === 0
        ? insert({ ...item, version: 1 }, () => conflict(`partner ${partner.id} exists already`, 'id'))
        : replace(item, partner.version)
    const saved = { ...partner, version: partner.version + 1 }
    await table.commit([write, ...events.map(record)], { context, answer: saved })
    return saved
  },
})
export type PartnerStore = ReturnType<typeof partnerStore>
