import type { AzureOffer, Offer } from './offer.ts'

/**
 * What an offer sells, one by one: each as an offer of nothing but that, with its own product, plan, pricing and price. An offer
 * without items sells what its own fields say.
 */
export const salesOf = ({ items, ...offer }: AzureOffer): AzureOffer[] =>
  items?.map(({ productId = offer.productId, pricing = offer.pricing, ...item }) => ({
    ...offer,
    ...item,
    productId,
    pricing,
  })) ?? [offer]

/** The same of any offer; on AWS an offer is one sale. */
export const everySaleOf = (offer: Offer): Offer[] => (offer.marketplace === 'azure' ? salesOf(offer) : [offer])
