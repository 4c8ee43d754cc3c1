import type { AzureOffer } from '../offer.ts'
import type { Pricing } from '../pricing-azure.ts'
import { partsOf, paymentCount } from './price.ts'
import { forModel, hasTwice, type Rule } from './rule.ts'

const YEARS = [12, 24, 36, 48, 60]
// Percentages and markups run for any time; the others as long as plans of their type do.
const TERMS: Partial<Record<Pricing['model'], number[]>> = {
  'flat-rate': [1, ...YEARS],
  'per-user': [1, ...YEARS],
  'vm-reservation': [12, 36],
  'flexible-schedule': [12, 24, 36],
}

const termFits = ({ pricing, termMonths }: AzureOffer) => TERMS[pricing.model]?.includes(termMonths) ?? true
const paymentsFit = (offer: AzureOffer) => Number.isInteger(paymentCount(offer))

const usersOf = ({ pricing }: AzureOffer) => (pricing.model === 'per-user' ? pricing.users : 1)

/** The prices next to the offer's that divide into so many equal parts. */
const divided = ({ price: { amount } }: AzureOffer, parts: number) => {
  const below = amount - (amount % parts)
  return below > 0 ? `${below} or ${below + parts}` : String(parts)
}

const COMMON: Rule[] = [
  {
    code: 'currency_unsupported',
    target: 'price.currency',
    message: 'Microsoft takes private prices in US dollars and converts them for the customer: give the price in USD',
    broken: ({ price }) => price.currency !== 'USD',
  },
  {
    code: 'price_not_positive',
    target: 'price.amount',
    message: 'a private plan needs a price above zero',
    broken: ({ pricing, price }) => price.amount < 0 || (price.amount === 0 && pricing.model !== 'percentage'),
  },
  {
    code: 'list_price_unsupported',
    target: 'listPrice',
    message: 'the list price is what a discount is measured by: give it in USD, above zero',
    broken: ({ listPrice }) => listPrice.currency !== 'USD' || listPrice.amount <= 0,
  },
  {
    code: 'amount_unsupported',
    target: 'pricing',
    message: 'every amount of the pricing must be in USD and not below zero',
    broken: ({ pricing }) => partsOf(pricing).some(({ amount, currency }) => currency !== 'USD' || amount < 0),
  },
  {
    code: 'term_unsupported',
    target: 'termMonths',
    message: ({ pricing }) =>
      `plans at the model ${pricing.model} run for ${TERMS[pricing.model]?.join(', ')} months: take one of these`,
    broken: (offer) => !termFits(offer),
  },
  {
    code: 'payments_unsupported',
    target: 'payments',
    message: 'yearly payments need a term of whole years: take monthly or upfront',
    broken: (offer) => termFits(offer) && !paymentsFit(offer),
  },
]

const EQUAL_PAYMENTS: Rule[] = [
  {
    code: 'price_not_divisible',
    target: 'price.amount',
    message: (offer) => `all ${paymentCount(offer)} payments are equal to the cent: take ${divided(offer, paymentCount(offer))}`,
    broken: forModel(
      'flat-rate',
      (_, offer) => termFits(offer) && paymentsFit(offer) && offer.price.amount % paymentCount(offer) !== 0,
    ),
  },
  {
    code: 'price_not_divisible',
    target: 'price.amount',
    message: (offer) =>
      `all users cost the same in all ${paymentCount(offer)} payments, to the cent: take ${divided(offer, usersOf(offer) * paymentCount(offer))}`,
    broken: forModel(
      'per-user',
      ({ users }, offer) => termFits(offer) && paymentsFit(offer) && offer.price.amount % (users * paymentCount(offer)) !== 0,
    ),
  },
  {
    code: 'users_out_of_limits',
    target: 'pricing.users',
    message: 'the users that you expect must lie between minUsers and maxUsers: correct one of the three',
    broken: forModel('per-user', ({ users, minUsers, maxUsers }) => users < minUsers || users > maxUsers),
  },
  {
    code: 'price_not_sum',
    target: 'price.amount',
    message: 'the price must be the sum of quantity × unitPrice over all sizes and payments: correct it, or a size',
    broken: forModel('vm-reservation', ({ sizes }, offer) => {
      const payment = sizes.reduce((total, { quantity, unitPrice }) => total + quantity * unitPrice.amount, 0)
      return termFits(offer) && offer.price.amount !== payment * paymentCount(offer)
    }),
  },
  {
    code: 'size_twice',
    target: 'pricing.sizes',
    message: 'each size has one price: name it once',
    broken: forModel('vm-reservation', ({ sizes }) => hasTwice(sizes.map(({ size }) => size))),
  },
]

export const PRICE_RULES: Rule[] = [...COMMON, ...EQUAL_PAYMENTS]
