import type { Offer, Situation } from './offer-state.ts'
import type { PricingItem, PrivateOffer } from './private-offer.ts'

export const planOf = (item: PricingItem) => item.plan ?? item.basePlan

const isOpen = ({ state, acceptedAt, fields }: Offer, today: string) =>
  state === 'live' && (acceptedAt !== undefined || today <= (fields.acceptBy ?? ''))

const periodOf = ({ start, end = '' }: PrivateOffer, today: string) => ({ from: start ?? today, to: end })

const sharesPlan = (a: PrivateOffer, b: PrivateOffer) =>
  (a.pricing ?? []).some((one) =>
    (b.pricing ?? []).some((other) => {
      const [plan, otherPlan] = [planOf(one), planOf(other)]
      return one.product === other.product && (!plan || !otherPlan || plan === otherPlan)
    }),
  )

/** A multiparty offer may not meet another one, or a customer's own, over the same plan and time. Customers' own may meet each other. */
export const overlaps = (offer: PrivateOffer, { offers, now }: Situation) => {
  const today = now.slice(0, 10)
  const mine = periodOf(offer, today)
  const meets = (other: Offer) => {
    const theirs = periodOf(other.fields, other.created.slice(0, 10))
    return (
      isOpen(other, today) &&
      `private-offer/${other.guid}` !== offer.id &&
      other.fields.beneficiaries?.[0]?.id === offer.beneficiaries?.[0]?.id &&
      sharesPlan(offer, other.fields) &&
      mine.from <= theirs.to &&
      theirs.from <= mine.to
    )
  }
  return offer.privateOfferType === 'multipartyPromotionOriginator' && offers.some(meets)
}
