import type { DomainEvent } from '../../events/index.ts'
import type { Context } from '../core/context.ts'
import { notFound } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import type { Offer, Decided as OfferDecided } from '../offers/offer.ts'
import { eventIn, eventsOf, record } from '../runtime/journal.ts'
import { replace, type Table, type Write } from '../runtime/table.ts'
import type { Moved } from './members.ts'
import { type Decided, OfferSet, type OfferSetStatus } from './offer-set.ts'

// access patterns: one set · a partner's sets by status (gsi1) · all sets by status (gsi2) · its events
const key = (id: string) => ({ pk: `OFFER-SET#${id}`, sk: 'OFFER-SET' })
const indexes = ({ id, partnerId, status }: OfferSet) => ({
  gsi1pk: `PARTNER#${partnerId}`,
  gsi1sk: `OFFER-SET#${status}#${id}`,
  gsi2pk: 'OFFER-SET',
  gsi2sk: `${status}#${id}`,
})

const ofPartner = (partnerId: string, status: OfferSetStatus | undefined) => ({
  IndexName: 'gsi1',
  KeyConditionExpression: 'gsi1pk = :pk AND begins_with(gsi1sk, :sk)',
  ExpressionAttributeValues: { ':pk': `PARTNER#${partnerId}`, ':sk': status ? `OFFER-SET#${status}#` : 'OFFER-SET#' },
})
const ofAll = (status: OfferSetStatus | undefined) => ({
  IndexName: 'gsi2',
  KeyConditionExpression: `gsi2pk = :pk${status ? ' AND begins_with(gsi2sk, :sk)' : ''}`,
  ExpressionAttributeValues: { ':pk': 'OFFER-SET', ...(status && { ':sk': `${status}#` }) },
})

export type OfferSetQuery = PageQuery & { partnerId?: string | undefined; status?: OfferSetStatus | undefined }

type Dependencies = {
  /** What stores an offer's next state. */
  offerWrites: (decided: OfferDecided, before: Offer) => Write[]
}

export const offerSetStore = (table: Table, { offerWrites }: Dependencies) => ({
  get: async (id: string): Promise<OfferSet> => {
    const item = await table.get(key(id))
    if (!item) throw notFound('offer set', id)
    return OfferSet.parse(item)
  },

  list: async ({ partnerId, status, limit, cursor }: OfferSetQuery): Promise<Page<OfferSet>> => {
    const { items, ...page } = await table.page(partnerId ? ofPartner(partnerId, status) : ofAll(status), { limit, cursor })
    return { ...page, items: items.map((item) => OfferSet.parse(item)) }
  },

  idsWithStatus: async function* (status: OfferSetStatus): AsyncIterable<string> {
    for await (const item of table.query(ofAll(status))) yield String(item['id'])
  },

  timeline: async (id: string): Promise<DomainEvent[]> => {
    const events: DomainEvent[] = []
    for await (const item of table.query(eventsOf(key(id).pk))) events.push(eventIn(item))
    return events
  },

  /** The set's new state, its events and the offers that it moved, in one transaction. */
  save: async ({ set, events }: Decided, context: Context, moved: readonly Moved[] = []): Promise<OfferSet> => {
    const saved = { ...set, version: set.version + 1 }
    const kept = replace({ ...key(set.id), ...indexes(set), ...set }, set.version)
    const offers = moved.flatMap(({ offer, before }) => offerWrites({ offer, events: [] }, before))
    await table.commit([kept, ...offers, ...events.map(record)], { context, answer: saved })
    return saved
  },
})
export type OfferSetStore = ReturnType<typeof offerSetStore>
