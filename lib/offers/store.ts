import type { DomainEvent } from '../../events/index.ts'
import { openStep } from '../approvals/approval.ts'
import type { Context } from '../core/context.ts'
import { conflict, notFound } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { eventIn, eventsOf, record } from '../runtime/journal.ts'
import { insert, replace, type Table, type Write } from '../runtime/table.ts'
import { type Decided, Offer, type OfferStatus } from './offer.ts'

// access patterns: one offer · a partner's offers by status (gsi1) · all offers by status (gsi2) · what waits for approval, the most
// urgent first, and what of it is overdue (gsi2) · the offer of a marketplace's id · the offers that an agreement was said to be of ·
// its events
const key = (id: string) => ({ pk: `OFFER#${id}`, sk: 'OFFER' })

/** Among offers that wait for approval those that were escalated come first, then by due time. */
const urgency = ({ status, approval }: Offer) => {
  const { dueAt = '', escalatedAt } = (status === 'pending-approval' && approval && openStep(approval)) || {}
  return dueAt && `${escalatedAt ? 'escalated' : 'open'}#${dueAt}#`
}
const indexes = (offer: Offer) => ({
  gsi1pk: `PARTNER#${offer.partnerId}`,
  gsi1sk: `OFFER#${offer.status}#${offer.id}`,
  gsi2pk: 'OFFER',
  gsi2sk: `${offer.status}#${urgency(offer)}${offer.id}`,
})
const externalKey = (marketplace: string, externalId: string) => ({ pk: `EXTERNAL#${marketplace}#${externalId}`, sk: 'OFFER' })

const isReceived = (offer: Offer) => offer.marketplace === 'azure' && offer.kind === 'multiparty-selling-partner'

/** A received offer can be published anew by another offer of ours, once the one before was withdrawn: the last one has its id. */
const externalWrite = (offer: Offer): Write[] => {
  const { id, marketplace, externalId } = offer
  if (!externalId) return []
  const key = externalKey(marketplace, externalId)
  const write = insert({ ...key, offerId: id }, () => conflict(`${externalId} belongs to another offer`, 'externalId'))
  if (!isReceived(offer)) return [write]
  const condition = `${write.condition} OR received = :yes`
  return [{ ...write, put: { ...write.put, received: true }, condition, values: { ':yes': true } }]
}

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

const overdueAt = (now: string) => ({
  IndexName: 'gsi2',
  KeyConditionExpression: 'gsi2pk = :pk AND gsi2sk BETWEEN :first AND :last',
  // '~' sorts after the '#' that follows a due time.
  ExpressionAttributeValues: { ':pk': 'OFFER', ':first': 'pending-approval#open#', ':last': `pending-approval#open#${now}~` },
})

/** What stores an offer's new state and its events; `before` is the state that was decided on. */
export const offerWrites = ({ offer, events }: Decided, before: Offer): Write[] => {
  const external = offer.externalId === before.externalId ? [] : externalWrite(offer)
  const claimed = offer.agreementId === before.agreementId ? [] : claim(offer)
  const kept = replace({ ...key(offer.id), ...indexes(offer), ...offer }, offer.version)
  return [kept, ...external, ...claimed, ...events.map(record)]
}

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

  /** The offers whose open step is past its due time and not yet escalated. */
  overdue: async function* (now: string): AsyncIterable<string> {
    for await (const item of table.query(overdueAt(now))) yield String(item['id'])
  },

  timeline: async (id: string): Promise<DomainEvent[]> => {
    const events: DomainEvent[] = []
    for await (const item of table.query(eventsOf(`OFFER#${id}`))) events.push(eventIn(item))
    return events.sort((a, b) => (a.time === b.time ? (a.id < b.id ? -1 : 1) : a.time < b.time ? -1 : 1))
  },

  /** The offer's new state and its events in one transaction; `before` is the state that was decided on. */
  save: async ({ offer, events }: Decided, before: Offer, context: Context): Promise<Offer> => {
    const saved = { ...offer, version: offer.version + 1 }
    await table.commit(offerWrites({ offer, events }, before), { context, answer: saved })
    return saved
  },
})
export type OfferStore = ReturnType<typeof offerStore>
