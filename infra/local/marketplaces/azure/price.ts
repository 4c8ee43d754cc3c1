import * as z from 'zod'

export const GUID = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'
export const schemaUrl = (name: string) =>
  z
    .string()
    .regex(
      new RegExp(
        `^https://(?:schema\\.mp\\.microsoft\\.com|product-ingestion\\.azureedge\\.net)/schema/${name}/\\d{4}-\\d{2}-\\d{2}(?:-preview\\d*)?$`,
      ),
    )
export const ProductId = z.string().regex(new RegExp(`^product/${GUID}$`), 'must look like product/{guid}')
export const PlanId = z.string().regex(new RegExp(`^plan/${GUID}/${GUID}$`), 'must look like plan/{product guid}/{guid}')
export const ResourceName = z.string().min(1).max(50)

export const PricingType = z.enum(['editExistingOfferPricingOnly', 'saasNewCustomizedPlans'])

const Term = z.strictObject({ type: z.enum(['day', 'week', 'month', 'year']), value: z.int().positive() })
const Price = z.strictObject({
  billingTerm: Term,
  paymentOption: Term.optional(),
  pricePerPaymentInUsd: z.number().nonnegative(),
})
const Meter = z.strictObject({
  pricePerPaymentInUsd: z.number().nonnegative().optional(),
  includedQuantities: z.array(
    z.strictObject({ billingTerm: Term, quantity: z.number().nonnegative().optional(), isInfinite: z.boolean() }),
  ),
})
const PlanPricing = z.strictObject({
  recurrentPrice: z.strictObject({
    recurrentPriceMode: z.enum(['flatRate', 'perUser']),
    priceInputOption: z.literal('usd'),
    userLimits: z.strictObject({ min: z.int().min(1), max: z.int().min(1) }).optional(),
    prices: z.array(Price).min(1),
  }),
  customMeters: z.strictObject({ priceInputOption: z.literal('usd'), meters: z.record(z.string(), Meter) }).optional(),
})
export type PlanPricing = z.infer<typeof PlanPricing>

export const PriceResource = z.strictObject({
  $schema: schemaUrl('price-and-availability-private-offer-plan'),
  id: z.string().optional(),
  resourceName: ResourceName,
  product: ProductId,
  plan: PlanId,
  offerPricingType: PricingType,
  pricing: PlanPricing,
})
export type PriceResource = z.infer<typeof PriceResource>
