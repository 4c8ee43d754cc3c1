import type { DomainEvent } from '../../events/index.ts'
import type { Context } from '../core/context.ts'
import { conflict, notFound } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { eventIn, eventsOf, record } from '../runtime/journal.ts'
import { insert, replace, type Table, type Write } from '../runtime/table.ts'
import { type Decided, Offer, type OfferStatus } from './offer.ts'

// access patterns: one offer · a partner's offers by status (gsi1) · all offers by status (gsi2) · the offer of a marketplace's id · the offers that
// an agreement was said to be of · its events
const key = (id: string) => ({ pk: `OFFER#${id}`, sk: 'OFFER' })
const indexes = ({ id, partnerId, status }: Offer) => ({
  gsi1pk: `PARTNER#${partnerId}`,
  gsi1sk: `OFFER#${status}#${id}`,
  gsi2pk: 'OFFER',
  gsi2sk: `${status}#${id}`,
})
const externalKey = (marketplace: string, externalId: string) => ({ pk: `EXTERNAL#${marketplace}#${externalId}`, sk: 'OFFER' })

const externalWrite = ({ id, marketplace, externalId }: Offer) =>
  externalId
    ? [
        insert({ ...externalKey(marketplace, externalId), offerId: id }, () =>
          conflict(`${externalId} belongs to another offer`, 'externalId'),
        ),
      ]
    : []

const claimKey = ({ marketplace, agreementId, id }: Offer) => ({
  pk: `AGREEMENT#${marketplace}#${agreementId}`,
  sk: `OFFER#${id}`,
})

/** Stays when the offer is no more the agreement's, and may be written again. */
const claim = (offer: Offer): Write[] =>
  offer.agreementId
    ? [
        {
          put: { ...claimKey(offer), offerId: offer.id },
          condition: 'attribute_not_exists(pk) OR offerId = :offerId',
          values: { ':offerId': offer.id },
          refusal: () => conflict(`${offer.agreementId} belongs to another offer`, 'agreementId'),
        },
      ]
    : []

const ofPartner = (partnerId: string, status: OfferStatus | undefined) => ({
  IndexName: 'gsi1',
  KeyConditionExpression: 'gsi1pk = :pk AND begins_with(gsi1sk, :sk)',
  ExpressionAttributeValues: { ':pk': `PARTNER#${partnerId}`, ':sk': status ? `OFFER#${status}#` : 'OFFER#' },
})
const ofAll = (status: OfferStatus | undefined) => ({
  IndexName: 'gsi2',
  KeyConditionExpression: `gsi2pk = :pk${status ? ' AND begins_with(gsi2sk, :sk)' : ''}`,
  ExpressionAttributeValues: { ':pk': 'OFFER', ...(status && { ':sk': `${status}#` }) },
})

export type OfferQuery = PageQuery & { partnerId?: string | undefined; status?: OfferStatus | undefined }

export const offerStore = (table: Table) => ({
  get: async (id: string): Promise<Offer> => {
    const item = await table.get(key(id))
    if (!item) throw notFound('offer', id)
    return Offer.parse(item)
  },

  list: async ({ partnerId, status, limit, cursor }: OfferQuery): Promise<Page<Offer>> => {
    const { items, ...page } = await table.page(partnerId ? ofPartner(partnerId, status) : ofAll(status), { limit, cursor })
    return { ...page, items: items.map((item) => Offer.parse(item)) }
  },

  ofExternalId: async (marketplace: string, externalId: string): Promise<string | undefined> => {
    const item = await table.get(externalKey(marketplace, externalId))
    return item && String(item['offerId'])
  },

  ofAgreement: async (marketplace: string, agreementId: string): Promise<string[]> => {
    const query = {
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
      ExpressionAttributeValues: { ':pk': `AGREEMENT#${marketplace}#${agreementId}`, ':sk': 'OFFER#' },
    }
    const ids: string[] = []
    for await (const item of table.query(query)) ids.push(String(item['offerId']))
    return ids
  },

  idsWithStatus: async function* (status: OfferStatus, marketplace: Offer['marketplace']): AsyncIterable<string> {
    for await (const item of table.query(ofAll(status))) if (item['marketplace'] === marketplace) yield String(item['id'])
  },

  timeline: async (id: string): Promise<DomainEvent[]> => {
    const events: DomainEvent[] = []
    for await (const item of table.query(eventsOf(`OFFER#${id}`))) events.push(eventIn(item))
    return events.sort((a, b) => (a.time === b.time ? (a.id < b.id ? -1 : 1) : a.time < b.time ? -1 : 1))
  },

  /** The offer's new state and its events in one transaction; `before` is the state that was decided on. */
  save: async ({ offer, events }: Decided, before: Offer, context: Context): Promise<Offer> => {
    const saved = { ...offer, version: offer.version + 1 }
    const external = offer.externalId === before.externalId ? [] : externalWrite(offer)
    const claimed = offer.agreementId === before.agreementId ? [] : claim(offer)
    const kept = replace({ ...key(offer.id), ...indexes(offer), ...offer }, offer.version)
    const writes = [kept, ...external, ...claimed, ...events.map(record)]
    await table.commit(writes, { context, answer: saved })
    return saved
  },
})
export type OfferStore = ReturnType<typeof offerStore>
