import type { AzureOffer, Offer } from './offer.ts'

// What an offer sells, as far as a list price of one unit and month can be compared with it.

const azureUnits = ({ pricing }: AzureOffer): number => {
  if (pricing.model === 'per-user') return pricing.users
  if (pricing.model === 'vm-reservation') return pricing.sizes.reduce((sum, { quantity }) => sum + quantity, 0)
  return 1
}

export const unitsOf = (offer: Offer): number =>
  offer.marketplace === 'aws' ? (offer.grants ?? []).reduce((sum, { quantity }) => sum + quantity, 0) : azureUnits(offer)

/** A discount that the offer itself states, in tenths of a percent rounded up: what is given away whatever the price says. */
export const statedDiscountPermille = (offer: Offer): number =>
  offer.marketplace === 'azure' && offer.pricing.model === 'percentage'
    ? Math.ceil(Math.round(Number(offer.pricing.discountPercent) * 100) / 10)
    : 0

/** That no list price can tell what is given away: metered units have none here, and a resale is another seller's price. */
export const isUnmeasured = (offer: Offer): boolean => {
  if (offer.marketplace === 'aws') return offer.usage !== undefined || offer.resale !== undefined
  return offer.pricing.model === 'markup' || ('meters' in offer.pricing && offer.pricing.meters !== undefined)
}
