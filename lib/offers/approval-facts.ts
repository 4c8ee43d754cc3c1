import type { ApprovalFacts } from '../../events/approval.ts'
import type { ApprovalPolicy } from '../approvals/policy.ts'
import { type Money, splitEqually } from '../core/money.ts'
import { addMonths, dayNumber } from '../core/period.ts'
import type { Partner } from '../partners/partner.ts'
import { everySaleOf } from './items.ts'
import { isUnmeasured, statedDiscountPermille, unitsOf } from './measure.ts'
import type { AwsOffer, AzureOffer, Offer } from './offer.ts'

type Payment = { on: string; amount: number }
type ListPrices = ApprovalPolicy['listPrices']

/** What the term costs by the vendor's list, or else by what the vendor's own people state; a partner's statement counts for nothing. */
const listPriceOf = (offer: Offer, listPrices: ListPrices): number | undefined => {
  const perUnit = listPrices[offer.productId]
  const units = unitsOf(offer)
  if (perUnit?.currency === offer.price.currency && units > 0) return perUnit.amount * units * offer.termMonths
  const { amount, currency } = offer.listPrice
  return offer.requestedAs === 'partner' || currency !== offer.price.currency || amount <= 0 ? undefined : amount
}

/** The part of a whole in tenths of a percent, rounded up: a limit is never passed by rounding. */
const permille = (part: number, whole: number): number => Math.max(0, Math.ceil((1000 * part) / whole))

/** The largest discount of the rates that a buyer may choose from; nothing can be said where the list has none of their currency. */
const rateDiscount = (rates: NonNullable<AwsOffer['rates']>, perUnit: Money | undefined): number | undefined => {
  const discounts = rates.flatMap(({ months, rates: units }) =>
    units.map(({ price }) =>
      price.currency === perUnit?.currency
        ? permille(perUnit.amount * months - price.amount, perUnit.amount * months)
        : Number.POSITIVE_INFINITY,
    ),
  )
  const largest = Math.max(...discounts)
  return Number.isFinite(largest) ? largest : undefined
}

/** What is given away of the list price, or said to be, whichever is more; undefined: nothing can be said. */
const discountOf = (offer: Offer, listPrices: ListPrices): number | undefined => {
  if (isUnmeasured(offer)) return undefined
  if (offer.marketplace === 'aws' && offer.rates) return rateDiscount(offer.rates, listPrices[offer.productId])
  const listPrice = listPriceOf(offer, listPrices)
  if (listPrice === undefined) return undefined
  return Math.max(permille(listPrice - offer.price.amount, listPrice), statedDiscountPermille(offer))
}

const MONTHS_BETWEEN = { monthly: 1, yearly: 12, upfront: Number.POSITIVE_INFINITY }

const azurePayments = ({ payments = 'upfront', pricing, price, termMonths }: AzureOffer, today: string): Payment[] => {
  if (pricing.model === 'flexible-schedule')
    return [
      { on: today, amount: pricing.initialCharge.amount.amount },
      ...pricing.installments.map(({ on, amount }) => ({ on, amount: amount.amount })),
    ]
  const months = Math.min(MONTHS_BETWEEN[payments], termMonths)
  const parts = splitEqually(price.amount, Math.ceil(termMonths / months))
  return parts.map((amount, at) => ({ on: addMonths(today, at * months), amount }))
}

/** When how much is due, as if the buyer accepted today. */
const paymentsOf = (offer: Offer, today: string): Payment[] => {
  if (offer.marketplace === 'azure') return azurePayments(offer, offer.startsOn ?? today)
  if (!offer.schedule) return [{ on: offer.startsOn ?? today, amount: offer.price.amount }]
  return offer.schedule.map(({ on, amount }) => ({ on, amount: amount.amount }))
}

const daysUntil = (on: string | undefined, today: string) => Math.max(0, dayNumber(on ?? today) - dayNumber(today))

/** The share that is due in the second half of the term; of an odd number of months the one in the middle belongs to the first. */
const backLoad = (payments: Payment[], today: string, termMonths: number) => {
  const middle = addMonths(today, Math.ceil(termMonths / 2))
  const sum = (some: Payment[]) => some.reduce((total, { amount }) => total + amount, 0)
  const whole = sum(payments)
  return whole > 0 ? permille(sum(payments.filter(({ on }) => on >= middle)), whole) : 0
}

const hasCustomTerms = (offer: Offer) =>
  offer.marketplace === 'aws' ? offer.eula.type === 'custom' : (offer.termsUrl ?? offer.termsDocuments) !== undefined

/** What a policy measures of something that is sold by itself. */
const measuresOf = (sale: Offer, listPrices: ListPrices, today: string) => {
  const payments = paymentsOf(sale, today)
  const days = payments.map(({ on }) => on).sort()
  return {
    discountPermille: discountOf(sale, listPrices) ?? Number.POSITIVE_INFINITY,
    installments: payments.length,
    firstPaymentDays: daysUntil(days[0], today),
    lastPaymentDays: daysUntil(days.at(-1), today),
    backLoadedPermille: backLoad(payments, today, sale.termMonths),
  }
}
type Measures = ReturnType<typeof measuresOf>

/** The buyer may take any one of the items: each fact is that of the item where it is the worst. */
const worstOf = (measures: Measures[], fact: keyof Measures) => Math.max(...measures.map((each) => each[fact]))

/** What a policy judges an offer by, on the day of its submission. */
export const approvalFacts = (
  offer: Offer,
  listPrices: ListPrices,
  partner: Pick<Partner, 'type'>,
  today: string,
): ApprovalFacts => {
  const measures = everySaleOf(offer).map((sale) => measuresOf(sale, listPrices, today))
  const discountPermille = worstOf(measures, 'discountPermille')
  return {
    marketplace: offer.marketplace,
    partnerId: offer.partnerId,
    partnerType: partner.type,
    total: offer.price,
    ...(Number.isFinite(discountPermille) && { discountPermille }),
    termMonths: offer.termMonths,
    installments: worstOf(measures, 'installments'),
    firstPaymentDays: worstOf(measures, 'firstPaymentDays'),
    lastPaymentDays: worstOf(measures, 'lastPaymentDays'),
    backLoadedPermille: worstOf(measures, 'backLoadedPermille'),
    customTerms: hasCustomTerms(offer),
    ...(offer.marketplace === 'aws' && offer.autoRenewal && { renewsItself: true }),
  }
}
