import { decimalText, type Money } from '../../core/money.ts'
import type { AwsOffer } from '../offer.ts'
import { isUsageOnly } from './pricing.ts'
import { problem, type Rule, repeated } from './rule.ts'

const CURRENCIES = ['USD', 'EUR', 'GBP', 'AUD', 'JPY', 'CAD']
const MAX_GRANTS = 200
/** In the currency's main unit. */
const MAX_CHARGE = 100_000_000

type Charge = { target: string; money: Money }

const inCards = ({ rates = [] }: AwsOffer): Charge[] =>
  rates.flatMap((card, at) =>
    card.rates.map(({ price }, index) => ({ target: `rates.${at}.rates.${index}.price`, money: price })),
  )

/** All amounts that the buyer may be charged with, where they are fixed. */
const chargesOf = (offer: AwsOffer): Charge[] => [
  ...(offer.schedule ?? []).map(({ amount }, index) => ({ target: `schedule.${index}.amount`, money: amount })),
  ...inCards(offer),
  ...(offer.schedule || isUsageOnly(offer) ? [] : [{ target: 'price', money: offer.price }]),
]

const inOneCurrency: Rule = (offer) => [
  ...problem(
    !CURRENCIES.includes(offer.price.currency),
    'INVALID_CURRENCY_CODE',
    'price.currency',
    `AWS sells in ${CURRENCIES.join(', ')} only: use one of them`,
  ),
  ...[{ target: 'listPrice', money: offer.listPrice }, ...chargesOf(offer)].flatMap(({ target, money }) =>
    problem(
      money.currency !== offer.price.currency,
      'INCOMPATIBLE_CURRENCY_CODE',
      `${target}.currency`,
      `must be ${offer.price.currency} like the price: an offer has one currency`,
    ),
  ),
]

const positive = (target: string, { amount }: Money) =>
  problem(
    amount <= 0,
    'INVALID_AMOUNT',
    `${target}.amount`,
    'must be more than zero, since AWS takes no free charge and no refund here: give what is charged, in minor units (cents)',
  )

const priced: Rule = (offer) => [
  ...(isUsageOnly(offer) ? [] : [...positive('listPrice', offer.listPrice), ...positive('price', offer.price)]),
  ...chargesOf(offer).flatMap(({ target, money }) => [
    ...(target === 'price' ? [] : positive(target, money)),
    ...problem(
      Number(decimalText(money)) > MAX_CHARGE,
      'INVALID_AMOUNT',
      `${target}.amount`,
      `AWS charges ${MAX_CHARGE} ${money.currency} at most at once: split it`,
    ),
  ]),
]

const granted: Rule = ({ grants = [] }) => [
  ...problem(grants.length > MAX_GRANTS, 'TOO_MANY_GRANTS', 'grants', `grant ${MAX_GRANTS} dimensions at most`),
  ...repeated(
    grants.map(({ dimension }) => dimension),
    'DUPLICATE_DIMENSION_KEYS',
    (index) => `grants.${index}.dimension`,
  ),
]

const WITHOUT_SCHEDULE = 'without a schedule the whole price stands on'

/** An upfront price is one rate of one dimension; only the fixed price of a schedule carries several, and their quantities. */
const grantedUpfront: Rule = ({ grants = [], schedule }) =>
  schedule
    ? []
    : [
        ...problem(
          grants.length > 1,
          'INVALID_GRANTS',
          'grants',
          `${WITHOUT_SCHEDULE} one dimension: leave one grant, or give a schedule of one installment`,
        ),
        ...grants.flatMap(({ quantity }, index) =>
          problem(
            quantity !== 1,
            'INVALID_GRANTS',
            `grants.${index}.quantity`,
            `${WITHOUT_SCHEDULE} one unit: use quantity 1, or give a schedule of one installment`,
          ),
        ),
      ]

/** What an offer costs and what is granted for it. */
export const PRICE_RULES: Rule[] = [inOneCurrency, priced, granted, grantedUpfront]
