import { planIn, productIn } from './catalogue.ts'
import type { Failure, Offer, Situation } from './offer-state.ts'
import { overlaps, planOf } from './overlap.ts'
import type { PriceResource } from './price.ts'
import type { PricingItem, PrivateOffer } from './private-offer.ts'

// What a job finds wrong with an offer that its schema let pass.

export const conflict = (message: string): Failure => ({ code: 'Conflict', message })
export const notFound = (message: string): Failure => ({ code: 'NotFound', message })

const failuresIn = (...found: (Failure | false | undefined | '')[]) => found.filter((each) => typeof each === 'object')

export const priceOf = (
  { priceDetails }: PricingItem,
  current: Offer | undefined,
  { named }: Situation,
): PriceResource | undefined =>
  typeof priceDetails === 'object' ? named[priceDetails.resourceName] : current?.prices[priceDetails ?? '']

const SOLD_AS = {
  editExistingOfferPricingOnly: ['softwareAsAService', 'azureVirtualMachine', 'professionalService'],
  saasNewCustomizedPlans: ['softwareAsAService'],
  newCustomizedPlans: ['softwareAsAService', 'professionalService'],
  vmSoftwareReservations: ['azureVirtualMachine'],
}

const planFailures = (item: PricingItem, offer: PrivateOffer, { catalogue }: Situation): Failure[] => {
  const product = productIn(catalogue, item.product)
  const planId = planOf(item)
  const plan = planIn(catalogue, planId)
  if (!product) return [notFound(`There is no ${item.product}.`)]
  if (planId && plan?.product !== product.id) return [notFound(`There is no ${planId} in ${product.id}.`)]
  const { offerPricingType: type, privateOfferType } = offer
  const isAbsolute = item.discountType === 'absolute'
  const isVm = product.type === 'azureVirtualMachine'
  return failuresIn(
    !SOLD_AS[type].includes(product.type) && conflict(`${type} does not fit the product type ${product.type}.`),
    isAbsolute && plan?.hasTrial && conflict('A plan with a trial cannot have an absolute price.'),
    isAbsolute && isVm && type !== 'vmSoftwareReservations' && conflict('A virtual machine plan cannot have an absolute price.'),
    privateOfferType === 'multipartyPromotionOriginator' &&
      product.type === 'professionalService' &&
      conflict('Professional services cannot be in a multiparty product offer.'),
  )
}

const priceFailures = (item: PricingItem, current: Offer | undefined, situation: Situation): Failure[] => {
  if (item.discountType === 'percentage') return []
  const price = priceOf(item, current, situation)
  if (!price) return [notFound('The price of the offer is neither named before it nor one that it has.')]
  return price.plan === planOf(item) ? [] : [conflict('The price belongs to another plan.')]
}

const dateFailures = (offer: PrivateOffer, today: string): Failure[] =>
  failuresIn(
    offer.variableStartDate === undefined && !offer.start && conflict('The start date should be defined'),
    offer.acceptBy && offer.acceptBy < today && conflict('The acceptBy date is past.'),
    offer.end && offer.end <= (offer.start ?? today) && conflict('The end date must be after the start date.'),
  )

const upgradeFailures = ({ upgradedFrom, start, end }: PrivateOffer, { offers, now }: Situation): Failure[] => {
  if (!upgradedFrom) return []
  const earlier = offers.find(({ guid }) => upgradedFrom.id === `private-offer/${guid}`)
  if (!earlier) return [notFound('The offer to upgrade from does not exist.')]
  const begins = start ?? now.slice(0, 10)
  const meets = begins <= (earlier.fields.end ?? '') && (earlier.fields.start ?? '') <= (end ?? begins)
  return failuresIn(meets && conflict('The dates overlap those of the offer to upgrade from.'))
}

const partOf = ({ originatorPricing = [] }: PrivateOffer) =>
  originatorPricing.map((item) => `${item.product} ${planOf(item)} ${item.discountPercentage}`).join()

/** A plan that exists has one price in an offer; new plans may be made of the same one. */
const soldTwice = ({ pricing = [] }: PrivateOffer) => {
  const plans = pricing.filter(({ newPlanDetails }) => !newPlanDetails).map((item) => `${item.product} ${planOf(item)}`)
  return new Set(plans).size < plans.length
}

const FIXED = ['acceptBy', 'start', 'end', 'variableStartDate', 'beneficiaries', 'partners'] as const

/** What the originator of a received offer has fixed. */
const receivedFailures = (offer: PrivateOffer, current: Offer | undefined): Failure[] => {
  if (offer.privateOfferType !== 'multipartyPromotionChannelPartner' || !current) return []
  const { fields } = current
  const changed = FIXED.filter((field) => JSON.stringify(offer[field] ?? fields[field]) !== JSON.stringify(fields[field]))
  return failuresIn(
    ...changed.map((field) => conflict(`${field} is read-only for the selling partner.`)),
    partOf(offer) !== partOf(fields) && conflict('originatorPricing must keep the items of the originator.'),
  )
}

/** Everything that keeps an offer from being written as wanted. */
export const writeFailures = (offer: PrivateOffer, current: Offer | undefined, situation: Situation): Failure[] => [
  ...failuresIn(current && current.state !== 'draft' && conflict('Only a draft can be changed: withdraw the offer first.')),
  ...upgradeFailures(offer, situation),
  ...receivedFailures(offer, current),
  ...(offer.pricing ?? []).flatMap((item) => [
    ...planFailures(item, offer, situation),
    ...priceFailures(item, current, situation),
  ]),
  ...failuresIn(soldTwice(offer) && conflict('A plan may be in the pricing of an offer once.')),
  ...(offer.state === 'live' ? dateFailures(offer, situation.now.slice(0, 10)) : []),
  ...failuresIn(
    offer.state === 'live' &&
      overlaps(offer, situation) &&
      conflict('The offer overlaps another private offer of this customer for the same plan.'),
  ),
]

/** Why an offer cannot be taken back; undefined: it can. */
export const withdrawalFailure = ({ state, acceptedAt, published, sold, fields }: Offer): Failure | undefined => {
  if (state !== 'live' || acceptedAt) return conflict('Only a live offer that is not accepted can be withdrawn.')
  if (published) return conflict('The selling partner has published the offer: it must withdraw first.')
  if (sold && fields.privateOfferType === 'cspPromotion') return conflict('The offer was sold already and cannot be withdrawn.')
  return undefined
}

/** Why an offer cannot be removed; undefined: it can. */
export const deletionFailure = ({ state, fields }: Offer): Failure | undefined => {
  if (state !== 'draft') return conflict('Only drafts can be deleted.')
  return fields.privateOfferType === 'multipartyPromotionChannelPartner'
    ? conflict('Only its originator can delete the offer.')
    : undefined
}
