import { type Catalogue, type Plan, planIn } from './catalogue.ts'
import type { Offer } from './offer-state.ts'
import { type PlanPricing, type Price, termOf } from './price.ts'

/** The unit of a term as ISO 8601 writes it: P1M, P3Y. */
const termUnitOf = ({ type, value }: { type: string; value: number }) => `P${value}${type.charAt(0).toUpperCase()}`

const TERM = { day: 'day', week: 'week', month: 'month', year: 'year' }
const described = ({ type, value }: { type: keyof typeof TERM; value: number }) => `${value} ${TERM[type]}${value > 1 ? 's' : ''}`

type Named = { planId: string; displayName: string; description: string; isPrivate: boolean }

const includedIn = (pricing: PlanPricing, termUnit: string) =>
  Object.entries(pricing.customMeters?.meters ?? {}).flatMap(([dimensionId, meter]) =>
    meter.includedQuantities
      .filter(({ billingTerm }) => termUnitOf(billingTerm) === termUnit)
      .map(({ quantity, isInfinite }) => ({ dimensionId, units: isInfinite ? 'unlimited' : String(quantity ?? 0) })),
  )

const amountOf = (price: Price) => ('billingTerm' in price ? price.pricePerPaymentInUsd : price.flexibleSchedule.price)

const billingTerms = (pricing: PlanPricing) =>
  pricing.recurrentPrice.prices.map((price) => ({
    currency: 'USD',
    price: amountOf(price),
    termUnit: termUnitOf(termOf(price)),
    termDescription: described(termOf(price)),
    meteredQuantityIncluded: includedIn(pricing, termUnitOf(termOf(price))),
  }))

const dimensions = (pricing: PlanPricing) =>
  Object.entries(pricing.customMeters?.meters ?? {}).map(([id, { pricePerPaymentInUsd = 0 }]) => ({
    id,
    currency: 'USD',
    pricePerUnit: pricePerPaymentInUsd,
    unitOfMeasure: id,
    displayName: id,
  }))

const view = (named: Named, pricing: PlanPricing) => {
  const { recurrentPriceMode, userLimits } = pricing.recurrentPrice
  return {
    ...named,
    minQuantity: userLimits?.min ?? 1,
    maxQuantity: userLimits?.max ?? 1,
    hasFreeTrials: false,
    isPricePerSeat: recurrentPriceMode === 'perUser',
    isStopSell: false,
    market: 'US',
    planComponents: { recurrentBillingTerms: billingTerms(pricing), meteringDimensions: dimensions(pricing) },
  }
}

/** A plan as a subscriber sees it. */
export type PlanView = ReturnType<typeof view>

export const publicPlanView = ({ externalId, alias, description, pricing }: Plan): PlanView[] =>
  pricing ? [view({ planId: externalId, displayName: alias, description, isPrivate: false }, pricing)] : []

const discounted = (pricing: PlanPricing, percentage: number): PlanPricing => {
  const prices = pricing.recurrentPrice.prices.map((price) => {
    const cents = Math.round(amountOf(price) * (100 - percentage))
    return 'billingTerm' in price ? { ...price, pricePerPaymentInUsd: cents / 100 } : price
  })
  return { ...pricing, recurrentPrice: { ...pricing.recurrentPrice, prices } }
}

type Item = NonNullable<Offer['fields']['pricing']>[number]

/** New plans of one offer that are made from the same one have ids of their own. */
const newPlanId = (base: Plan, guid: string, at: number) => `${base.externalId}_${guid.slice(0, 8)}${at > 0 ? `_${at + 1}` : ''}`

const planSoldBy = ({ guid, prices }: Offer, catalogue: Catalogue, item: Item, at: number): PlanView | undefined => {
  const plan = planIn(catalogue, item.plan ?? item.basePlan) ?? catalogue.plans.find(({ product }) => product === item.product)
  if (!plan?.pricing) return undefined
  const own = typeof item.priceDetails === 'string' ? prices[item.priceDetails]?.pricing : undefined
  const pricing = own ?? discounted(plan.pricing, item.discountPercentage ?? 0)
  const { name: displayName, description } = item.newPlanDetails ?? { name: plan.alias, description: plan.description }
  const isPrivate = item.newPlanDetails !== undefined
  return view({ planId: isPrivate ? newPlanId(plan, guid, at) : plan.externalId, displayName, description, isPrivate }, pricing)
}

/** The plans that a private offer sells with their products, at its prices: one of each pricing item. */
export const soldBy = (offer: Offer, catalogue: Catalogue): { product: string; plan: PlanView }[] =>
  (offer.fields.pricing ?? []).flatMap((item, at) => {
    const plan = planSoldBy(offer, catalogue, item, at)
    return plan ? [{ product: item.product, plan }] : []
  })
