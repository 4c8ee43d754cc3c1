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

/** Which kind of plan the price is for: a new private one, a reservation, or the public one that exists. */
export const pricingTypeOf = ({ pricing, planName }: AzureOffer) => {
  if (pricing.model === 'vm-reservation') return 'vmSoftwareReservations'
  if (pricing.model === 'flexible-schedule') return 'newCustomizedPlans'
  if (!planName) return 'editExistingOfferPricingOnly'
  const isService = pricing.model === 'flat-rate' && pricing.productType === 'professional-services'
  return isService ? 'newCustomizedPlans' : 'saasNewCustomizedPlans'
}

export const productOf = ({ productId }: AzureOffer) => `product/${productId}`
export const planOf = ({ productId, basePlanId }: AzureOffer) => `plan/${productId}/${basePlanId}`
export const offerIdOf = (guid: string) => `private-offer/${guid}`
