import { guidOf } from './api.ts'
import { type Catalogue, guidIn, planIn, productIn } from './catalogue.ts'
import type { PriceResource } from './price.ts'
import type { PricingItem, PrivateOffer } from './private-offer.ts'

/** A private offer at rest. Expired and ended are no states: readers derive them from `acceptBy` and `end`. */
export type Offer = {
  guid: string
  created: string
  lastModified: string
  revision: number
  state: 'draft' | 'live'
  acceptedAt?: string
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

const conflict = (message: string): Failure => ({ code: 'Conflict', message })
const notFound = (message: string): Failure => ({ code: 'NotFound', message })

const priceOf = ({ priceDetails }: PricingItem, current: Offer | undefined, { named }: Situation) =>
  typeof priceDetails === 'object' ? named[priceDetails.resourceName] : current?.prices[priceDetails ?? '']

const planFailures = (item: PricingItem, offer: PrivateOffer, { catalogue }: Situation): Failure[] => {
  const product = productIn(catalogue, item.product)
  const planId = item.plan ?? item.basePlan
  if (!product) return [notFound(`There is no ${item.product}.`)]
  if (planId && planIn(catalogue, planId)?.product !== product.id) return [notFound(`There is no ${planId} in ${product.id}.`)]
  const isCustomised = offer.offerPricingType === 'saasNewCustomizedPlans'
  return isCustomised && product.type !== 'softwareAsAService' ? [conflict('Customised plans are for SaaS products.')] : []
}

const priceFailures = (item: PricingItem, current: Offer | undefined, situation: Situation): Failure[] => {
  if (item.discountType === 'percentage') return []
  const price = priceOf(item, current, situation)
  if (!price) return [notFound('The price of the offer is neither named before it nor one that it has.')]
  return price.plan === (item.plan ?? item.basePlan) ? [] : [conflict('The price belongs to another plan.')]
}

const publishFailures = (offer: PrivateOffer, today: string): Failure[] =>
  [
    offer.variableStartDate === undefined && !offer.start && conflict('The start date should be defined'),
    offer.acceptBy && offer.acceptBy < today && conflict('The acceptBy date is past.'),
    offer.end && offer.end <= (offer.start ?? today) && conflict('The end date must be after the start date.'),
  ].filter((failure) => typeof failure === 'object')

const writeFailures = (offer: PrivateOffer, current: Offer | undefined, situation: Situation): Failure[] => [
  ...(current && current.state !== 'draft' ? [conflict('Only a draft can be changed: withdraw the offer first.')] : []),
  ...(offer.upgradedFrom && !situation.offers.some(({ guid }) => offer.upgradedFrom?.id === `private-offer/${guid}`)
    ? [notFound('The offer to upgrade from does not exist.')]
    : []),
  ...(offer.pricing ?? []).flatMap((item) => [
    ...planFailures(item, offer, situation),
    ...priceFailures(item, current, situation),
  ]),
  ...(offer.state === 'live' ? publishFailures(offer, situation.now.slice(0, 10)) : []),
]

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

const touched = (offer: Offer, now: string): Offer => ({ ...offer, lastModified: now.slice(0, 10), revision: offer.revision + 1 })

const written = (wanted: PrivateOffer, current: Offer | undefined, situation: Situation): Offer => {
  const { now, newGuid } = situation
  const { guid, created, revision } = current ?? { guid: newGuid(), created: now, revision: 0 }
  const state = wanted.state === 'live' ? 'live' : 'draft'
  return touched({ guid, created, revision, lastModified: now, state, ...withPrices(wanted, current, guid, situation) }, now)
}

/** What a command makes of an offer: nothing at all when it deletes it. */
export const changed = (
  wanted: PrivateOffer,
  current: Offer | undefined,
  situation: Situation,
): { offer: Offer | undefined } | { failures: Failure[] } => {
  if (wanted.id && !current) return { failures: [notFound(`There is no ${wanted.id}.`)] }
  if (current && wanted.state === 'deleted')
    return current.state === 'draft' ? { offer: undefined } : { failures: [conflict('Only drafts can be deleted.')] }
  if (current && wanted.state === 'withdrawn')
    return current.state === 'live' && !current.acceptedAt
      ? { offer: touched({ ...current, state: 'draft' }, situation.now) }
      : { failures: [conflict('Only a live offer that is not accepted can be withdrawn.')] }
  const failures = writeFailures(wanted, current, situation)
  return failures.length > 0 ? { failures } : { offer: written(wanted, current, situation) }
}

/** The customer accepts; undefined when that is no longer, or not yet, possible. */
export const accepted = (offer: Offer, now: string): Offer | undefined => {
  const open = offer.state === 'live' && !offer.acceptedAt && now.slice(0, 10) <= (offer.fields.acceptBy ?? '')
  return open ? { ...touched(offer, now), acceptedAt: now } : undefined
}
