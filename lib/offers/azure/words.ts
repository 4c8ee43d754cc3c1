import { salesOf } from '../items.ts'
import type { AzureOffer } from '../offer.ts'

// How Microsoft calls what our requests say.

const SCHEMA = 'https://schema.mp.microsoft.com/schema'
export const CONFIGURE = `${SCHEMA}/configure/2022-07-01`
export const PRICE = `${SCHEMA}/price-and-availability-private-offer-plan/2023-07-15`
export const PRIVATE_OFFER = `${SCHEMA}/private-offer/2023-07-15`

export const OFFER_TYPES = {
  customer: 'customerPromotion',
  csp: 'cspPromotion',
  'multiparty-originator': 'multipartyPromotionOriginator',
  'multiparty-selling-partner': 'multipartyPromotionChannelPartner',
} as const

/** Which kind of plan a price is for: a new private one, a reservation, or the public one that exists. */
const typeOfSale = ({ pricing, planName }: AzureOffer) => {
  if (pricing.model === 'vm-reservation') return 'vmSoftwareReservations'
  if (pricing.model === 'flexible-schedule') return 'newCustomizedPlans'
  if (!planName) return 'editExistingOfferPricingOnly'
  const isService = pricing.model === 'flat-rate' && pricing.productType === 'professional-services'
  return isService ? 'newCustomizedPlans' : 'saasNewCustomizedPlans'
}

// What takes private plans of services and flexible schedules takes those of SaaS as well.
const MIXED = ['saasNewCustomizedPlans', 'newCustomizedPlans'] as const

/** The kinds of plans of an offer, in the order of what it sells; Microsoft takes offers of one kind only. */
export const pricingTypesOf = (offer: AzureOffer) => {
  const types = salesOf(offer).map(typeOfSale)
  return MIXED.every((type) => types.includes(type)) ? types.map((type) => (type === MIXED[0] ? MIXED[1] : type)) : types
}

export const pricingTypeOf = (offer: AzureOffer) => pricingTypesOf(offer)[0] ?? typeOfSale(offer)

export const productOf = ({ productId }: AzureOffer) => `product/${productId}`
export const planOf = ({ productId, basePlanId }: AzureOffer) => `plan/${productId}/${basePlanId}`
export const offerIdOf = (guid: string) => `private-offer/${guid}`
