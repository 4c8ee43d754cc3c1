import { salesOf } from '../items.ts'
import type { AzureOffer } from '../offer.ts'
import { resourceNameOf } from './price.ts'
import { planOf, pricingTypeOf, productOf } from './words.ts'

const percentageItem = (sale: AzureOffer, discountPercent: string) => ({
  product: productOf(sale),
  ...(sale.basePlanId && { plan: planOf(sale) }),
  discountType: 'percentage',
  discountPercentage: Number(discountPercent),
})

const absoluteItem = (sale: AzureOffer, at: number, isPublic: boolean) => ({
  product: productOf(sale),
  ...(isPublic ? { plan: planOf(sale) } : { basePlan: planOf(sale) }),
  discountType: 'absolute',
  priceDetails: { resourceName: resourceNameOf(at) },
  ...(sale.planName && { newPlanDetails: { name: sale.planName, description: sale.planDescription } }),
})

/** The pricing items of an offer, in the order of what it sells: absolute ones point to their price in the same request. */
export const pricingItemsOf = (offer: AzureOffer) => {
  const isPublic = pricingTypeOf(offer) === 'editExistingOfferPricingOnly'
  return salesOf(offer).map((sale, at) =>
    sale.pricing.model === 'percentage' ? percentageItem(sale, sale.pricing.discountPercent) : absoluteItem(sale, at, isPublic),
  )
}
