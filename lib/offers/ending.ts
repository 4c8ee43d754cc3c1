import type { Offer } from './offer.ts'
import { endsOn } from './request-azure.ts'

/**
 * The offer as it stands on a day. On Azure it has a last day that no state of Microsoft's tells: after it nothing more can be bought
 * through it, whatever was bought runs on.
 */
export const asOf = (offer: Offer, today: string): Offer => {
  if (offer.marketplace !== 'azure') return offer
  const last = endsOn(offer)
  return { ...offer, endsOn: last, ended: last < today }
}
