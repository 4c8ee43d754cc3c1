import type { Money } from '../core/money.ts'
import type { Offer } from '../offers/offer.ts'
import { worthOf } from '../offers/worth.ts'
import type { AgreementSnapshot } from './agreement.ts'
import type { Books } from './booking.ts'
import type { Owner } from './owned.ts'
import type { Term } from './term.ts'

type Known = Pick<Books, 'term' | 'bought' | 'isUnpriced'>

const hasOnePlan = (offer: Offer) =>
  offer.marketplace !== 'azure' || offer.pricing.model !== 'percentage' || offer.basePlanId !== undefined

/** The price of an offer for every plan of a product is that of the plan which was bought by it; of the others none is known. */
const isPriceOf = (offer: Offer, planId: string | undefined, bought: Books['bought']) =>
  hasOnePlan(offer) || bought?.offerId !== offer.id || bought.planId === planId

const amountOf = (agreement: AgreementSnapshot, { offer }: Owner, before: Known | undefined): Money | undefined => {
  const { value, service, quantity, plan } = agreement
  if (value) return value
  if (!service || !offer || !isPriceOf(offer, plan?.id, before?.bought)) return undefined
  return worthOf(offer, { service, quantity })
}

/** Whether what is read is still of the term that the books hold, and not of a later one. */
export const isSameTerm = (before: Pick<Books, 'term'>, service: { from: string }) => service.from < before.term.service.to

/**
 * The term of an agreement and what it is worth. On Azure a plan that no offer of ours sells is worth nothing, since its price is not
 * known. Undefined: there is no term, or nothing tells what it is worth.
 */
export const termOf = (agreement: AgreementSnapshot, owner: Owner, before: Known | undefined): Term | undefined => {
  const { service, plan } = agreement
  if (!service) return undefined
  const amount = amountOf(agreement, owner, before)
  if (amount?.amount) return { service, amount }
  if (!plan) return undefined
  const { currency } = amount ?? before?.term.amount ?? owner.offer?.price ?? { currency: 'USD' }
  return { service, amount: { amount: 0, currency } }
}

/** Whether the price of a plan that was bought is known only now: its offer was there before the term began. */
export const isKnownLate = (before: Known, { plan }: AgreementSnapshot, { offer }: Owner, { service, amount }: Term) =>
  amount.amount > 0 &&
  before.isUnpriced === true &&
  before.bought?.planId === plan?.id &&
  (offer?.releasedAt ?? '').slice(0, 10) <= service.from
