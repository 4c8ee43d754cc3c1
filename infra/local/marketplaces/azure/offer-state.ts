import { guidOf } from './api.ts'
import { type Catalogue, guidIn } from './catalogue.ts'
import { conflict, deletionFailure, notFound, priceOf, withdrawalFailure, writeFailures } from './offer-checks.ts'
import type { PriceResource } from './price.ts'
import type { PrivateOffer } from './private-offer.ts'

/** A private offer at rest. Expired and ended are no states: readers derive them from `acceptBy` and `end`. */
export type Offer = {
  guid: string
  created: string
  lastModified: string
  revision: number
  state: 'draft' | 'live' | 'withdrawn'
  acceptedAt?: string
  /** Of a multiparty offer that we originated: its selling partner has passed it on to the customer. */
  published?: boolean
  /** Somebody has bought through it. */
  sold?: boolean
  fields: PrivateOffer
  /** The absolute prices, by the id that the pricing items name. */
  prices: Record<string, PriceResource>
}

export type Failure = { code: string; message: string }

/** What a command is judged by; `named` are the prices that came before it in the request. */
export type Situation = {
  now: string
  catalogue: Catalogue
  named: Record<string, PriceResource>
  offers: Offer[]
  newGuid: () => string
}

const priceId = ({ product, resourceName }: PriceResource, guid: string) =>
  `price-and-availability-private-offer-plan/${guidIn(product)}/${guidOf(guid + resourceName)}`

/** Gives the prices that the offer names ids of their own, as they have on reads. */
const withPrices = (offer: PrivateOffer, current: Offer | undefined, guid: string, situation: Situation) => {
  const prices: Offer['prices'] = {}
  const pricing = offer.pricing?.map((item) => {
    const price = priceOf(item, current, situation)
    if (!price) return item
    const id = priceId(price, guid)
    prices[id] = { ...price, id }
    return { ...item, priceDetails: id }
  })
  return { fields: { ...offer, ...(pricing && { pricing }) }, prices }
}

/** An upgrade without pricing has that of the offer before; a received offer keeps what its originator fixed. */
const carriedOver = (
  wanted: PrivateOffer,
  current: Offer | undefined,
  { offers }: Situation,
): Pick<Offer, 'fields' | 'prices'> => {
  const isReceived = wanted.privateOfferType === 'multipartyPromotionChannelPartner'
  if (isReceived && current) return { fields: { ...current.fields, ...wanted }, prices: current.prices }
  const earlier = offers.find(({ guid }) => wanted.upgradedFrom?.id === `private-offer/${guid}`)
  const { pricing } = wanted.pricing ? {} : { ...earlier?.fields }
  return { fields: { ...wanted, ...(pricing && { pricing }) }, prices: (pricing && earlier?.prices) ?? {} }
}

export const touched = (offer: Offer, now: string): Offer => ({
  ...offer,
  lastModified: now.slice(0, 10),
  revision: offer.revision + 1,
})

const written = (wanted: PrivateOffer, current: Offer | undefined, situation: Situation): Offer => {
  const { now, newGuid } = situation
  const { guid, created, revision } = current ?? { guid: newGuid(), created: now, revision: 0 }
  const state = wanted.state === 'live' ? 'live' : 'draft'
  const carried = carriedOver(wanted, current, situation)
  const priced = wanted.pricing ? withPrices(wanted, current, guid, situation) : carried
  return touched({ guid, created, revision, lastModified: now, state, ...priced }, now)
}

type Outcome = { offer: Offer | undefined } | { failures: Failure[] }

const removed = (current: Offer): Outcome => {
  const failure = deletionFailure(current)
  return failure ? { failures: [failure] } : { offer: undefined }
}

const takenBack = (current: Offer, now: string): Outcome => {
  const failure = withdrawalFailure(current)
  const state = current.fields.privateOfferType === 'cspPromotion' ? 'withdrawn' : 'draft'
  return failure ? { failures: [failure] } : { offer: touched({ ...current, state }, now) }
}

/** What a command makes of an offer: nothing at all when it deletes it. */
export const changed = (wanted: PrivateOffer, current: Offer | undefined, situation: Situation): Outcome => {
  if (wanted.id && !current) return { failures: [notFound(`There is no ${wanted.id}.`)] }
  if (current && current.fields.privateOfferType !== wanted.privateOfferType)
    return { failures: [conflict(`The offer is of the type ${current.fields.privateOfferType}.`)] }
  if (current && wanted.state === 'deleted') return removed(current)
  if (current && wanted.state === 'withdrawn') return takenBack(current, situation.now)
  const failures = writeFailures(wanted, current, situation)
  return failures.length > 0 ? { failures } : { offer: written(wanted, current, situation) }
}

/** What the customer, a partner or the originator sees of where a live offer stands; resellers' offers stand nowhere. */
export const subStateOf = ({ state, acceptedAt, published, fields }: Offer) => {
  if (state !== 'live' || fields.privateOfferType === 'cspPromotion') return null
  if (acceptedAt) return 'accepted'
  const waits = fields.privateOfferType === 'multipartyPromotionOriginator' && !published
  return waits ? 'pendingPartnerAction' : 'pendingAcceptance'
}

/** The customer accepts; undefined when that is no longer, or not yet, possible. */
export const accepted = (offer: Offer, now: string): Offer | undefined => {
  const open = subStateOf(offer) === 'pendingAcceptance' && now.slice(0, 10) <= (offer.fields.acceptBy ?? '')
  return open ? { ...touched(offer, now), acceptedAt: now } : undefined
}
