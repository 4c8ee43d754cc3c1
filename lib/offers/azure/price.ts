import { decimalText, type Money } from '../../core/money.ts'
import { salesOf } from '../items.ts'
import type { AzureOffer } from '../offer.ts'
import type { Pricing } from '../pricing-azure.ts'
import { PRICE, planOf, pricingTypeOf, productOf } from './words.ts'

/** Ties a price to its item, counted from 0, within one request; it is not stored. */
export const resourceNameOf = (at: number) => (at === 0 ? 'price' : `price-${at + 1}`)

type Of<Model extends Pricing['model']> = Extract<Pricing, { model: Model }>
type Plans = Of<'flat-rate'> | Of<'flexible-schedule'>

const duration = (months: number) => (months % 12 === 0 ? { type: 'year', value: months / 12 } : { type: 'month', value: months })

const monthsPerPayment = ({ termMonths, payments = 'upfront' }: AzureOffer) =>
  ({ monthly: 1, yearly: 12, upfront: termMonths })[payments]

/** How many equal payments the term has; no whole number where the combination makes no sense. */
export const paymentCount = (offer: AzureOffer) => offer.termMonths / monthsPerPayment(offer)

const inUsd = (money: Money) => Number(decimalText(money))

const recurrent = (offer: AzureOffer, users = 1) => ({
  priceInputOption: 'usd',
  prices: [
    {
      billingTerm: duration(offer.termMonths),
      paymentOption: duration(monthsPerPayment(offer)),
      pricePerPaymentInUsd: inUsd({ ...offer.price, amount: Math.floor(offer.price.amount / paymentCount(offer) / users) }),
    },
  ],
})

const meter = (included: number | 'unlimited', price: string, term: ReturnType<typeof duration>) => ({
  pricePerPaymentInUsd: Number(price),
  includedQuantities: [
    { billingTerm: term, ...(included === 'unlimited' ? { isInfinite: true } : { quantity: included, isInfinite: false }) },
  ],
})

const metersOf = ({ termMonths }: AzureOffer, { meters }: Plans) => {
  if (!meters) return {}
  const priced = meters.map(({ meterId, included, pricePerUnit }) => [
    meterId,
    meter(included, pricePerUnit, duration(termMonths)),
  ])
  return { customMeters: { priceInputOption: 'usd', meters: Object.fromEntries(priced) } }
}

const charge = ({ amount, note }: { amount: Money; note?: string | undefined }) => ({
  pricePerPaymentInUsd: inUsd(amount),
  ...(note && { note }),
})

/** Microsoft documents what a flexible schedule may hold, but not its JSON: these names are another vendor's SDK's, unverified. */
const flexible = ({ termMonths, price }: AzureOffer, { initialCharge, installments }: Of<'flexible-schedule'>) => ({
  priceInputOption: 'usd',
  prices: [
    {
      contractDuration: duration(termMonths),
      flexibleSchedule: {
        price: inUsd(price),
        initialCharge: charge(initialCharge),
        billingSchedule: installments.map(({ on, ...each }) => ({ chargeDate: on, ...charge(each) })),
      },
    },
  ],
})

const reservation = (offer: AzureOffer, { sizes }: Of<'vm-reservation'>) => ({
  reservationDuration: duration(offer.termMonths),
  paymentSchedule: duration(monthsPerPayment(offer)),
  vmPrices: Object.fromEntries(
    sizes.map(({ size, quantity, unitPrice }) => [size, { quantity, unitPricePerPaymentPeriodInUsd: inUsd(unitPrice) }]),
  ),
})

/** Every amount inside the pricing. */
export const partsOf = (pricing: Pricing): Money[] => {
  if (pricing.model === 'vm-reservation') return pricing.sizes.map(({ unitPrice }) => unitPrice)
  return pricing.model === 'flexible-schedule' ? [pricing.initialCharge, ...pricing.installments].map(({ amount }) => amount) : []
}

const pricingOf = (offer: AzureOffer) => {
  const { pricing } = offer
  if (pricing.model === 'vm-reservation') return { softwareReservation: reservation(offer, pricing) }
  if (pricing.model === 'flat-rate')
    return { pricing: { recurrentPrice: { recurrentPriceMode: 'flatRate', ...recurrent(offer) }, ...metersOf(offer, pricing) } }
  if (pricing.model === 'flexible-schedule') {
    const recurrentPrice = { recurrentPriceMode: 'flatRate', ...flexible(offer, pricing) }
    return { pricing: { recurrentPrice, ...metersOf(offer, pricing) } }
  }
  if (pricing.model !== 'per-user') return undefined
  const userLimits = { min: pricing.minUsers, max: pricing.maxUsers }
  return { pricing: { recurrentPrice: { recurrentPriceMode: 'perUser', userLimits, ...recurrent(offer, pricing.users) } } }
}

/** The absolute prices of an offer, as resources of their own; none of what only takes or adds a percentage. */
export const pricesOf = (offer: AzureOffer) =>
  salesOf(offer).flatMap((sale, at) => {
    const pricing = pricingOf(sale)
    const named = { resourceName: resourceNameOf(at), product: productOf(sale), plan: planOf(sale) }
    return pricing ? [{ $schema: PRICE, ...named, offerPricingType: pricingTypeOf(offer), ...pricing }] : []
  })
