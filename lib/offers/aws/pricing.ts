import { decimalText } from '../../core/money.ts'
import type { AwsOffer } from '../offer.ts'

// Amounts are texts: AWS refuses JSON numbers.

type Rates = NonNullable<AwsOffer['rates']>
type Card = { months: number; rates: Rates[number]['rates'] }

export const duration = (months: number) => `P${months}M`

/** Paid at once, for a duration; whether the buyer may choose quantities and combine dimensions must be the same in all cards. */
const configurable = (currency: string, cards: Card[], choice: 'Allowed' | 'Disallowed') => ({
  Type: 'ConfigurableUpfrontPricingTerm',
  CurrencyCode: currency,
  RateCards: cards.map(({ months, rates }) => ({
    Selector: { Type: 'Duration', Value: duration(months) },
    RateCard: rates.map(({ dimension, price }) => ({ DimensionKey: dimension, Price: decimalText(price) })),
    Constraints: { MultipleDimensionSelection: choice, QuantityConfiguration: choice },
  })),
})

/** One rate card at the whole price, which the buyer can neither combine nor multiply. */
const whole = ({ grants = [], termMonths, price }: AwsOffer) =>
  configurable(
    price.currency,
    [{ months: termMonths, rates: grants.map(({ dimension }) => ({ dimension, price })) }],
    'Disallowed',
  )

/** Paid by a schedule: the fixed price must then be zero, the installments carry the money. A replacement has an end, not a duration. */
const fixed = ({ grants = [], termMonths, price, replaces }: AwsOffer) => ({
  Type: 'FixedUpfrontPricingTerm',
  CurrencyCode: price.currency,
  Price: decimalText({ amount: 0, currency: price.currency }),
  ...(!replaces && { Duration: duration(termMonths) }),
  Grants: grants.map(({ dimension, quantity }) => ({ DimensionKey: dimension, MaxQuantity: quantity })),
})

const metered = (usage: NonNullable<AwsOffer['usage']>) => ({
  Type: 'UsageBasedPricingTerm',
  CurrencyCode: 'USD',
  RateCards: [{ RateCard: usage.map(({ dimension, price }) => ({ DimensionKey: dimension, Price: price })) }],
})

const contract = (offer: AwsOffer) => {
  if (offer.rates) return [configurable(offer.price.currency, offer.rates, 'Allowed')]
  if (!offer.grants) return []
  return [offer.schedule ? fixed(offer) : whole(offer)]
}

/** When how much is due. */
export const paymentSchedule = ({ price, schedule = [] }: AwsOffer) => ({
  Type: 'PaymentScheduleTerm',
  CurrencyCode: price.currency,
  Schedule: schedule.map(({ on, amount }) => ({ ChargeDate: on, ChargeAmount: decimalText(amount) })),
})

/** Nothing is bought ahead: all is billed after use. */
export const isUsageOnly = ({ usage, grants, rates }: AwsOffer) => usage !== undefined && !grants && !rates

/** The pricing of an offer: a contract, metered units, or both. */
export const pricingOf = (offer: AwsOffer) => ({
  PricingModel: isUsageOnly(offer) ? 'Usage' : 'Contract',
  Terms: [...contract(offer), ...(offer.usage ? [metered(offer.usage)] : [])],
})
