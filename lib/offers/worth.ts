import { type Money, scale } from '../core/money.ts'
import { wholeMonths } from '../core/period.ts'
import type { AzureOffer, Offer } from './offer.ts'

/** Whether one customer accepts the offer; resellers buy through theirs as often as they like. */
export const isAcceptedOnce = (offer: Offer) => offer.marketplace !== 'azure' || offer.kind !== 'csp'

type Bought = { service: { from: string; to: string }; quantity?: number | undefined }

/** Whether a purchase through the offer is worth what its price says; of other sellers' shares and resellers' sales only files tell. */
export const isPriced = ({ kind }: AzureOffer) => kind === 'customer' || kind === 'multiparty-originator'

/** The share of the price that was bought: of the expected users, and of the term that the offer names. */
const shareOf = ({ pricing, termMonths }: AzureOffer, { service, quantity }: Bought) => {
  const users = pricing.model === 'per-user' ? pricing.users : 1
  const bought = pricing.model === 'per-user' ? (quantity ?? users) : 1
  const months = wholeMonths(service.from, service.to) ?? termMonths
  return { numerator: bought * months, denominator: users * termMonths }
}

/** What a purchase through an offer is worth for its term, where the marketplace does not tell; undefined: the offer cannot tell either. */
export const worthOf = (offer: Offer, bought: Bought): Money | undefined => {
  if (offer.marketplace !== 'azure') return offer.price
  if (!isPriced(offer)) return undefined
  return { ...offer.price, amount: scale(offer.price.amount, shareOf(offer, bought)) }
}
