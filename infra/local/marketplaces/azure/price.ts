import * as z from 'zod'
import { DateText } from '../../../../lib/core/period.ts'

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

export const PricingType = z.enum([
  'editExistingOfferPricingOnly',
  'saasNewCustomizedPlans',
  'newCustomizedPlans',
  'vmSoftwareReservations',
])

const Term = z.strictObject({ type: z.enum(['day', 'week', 'month', 'year']), value: z.int().positive() })
type Term = z.infer<typeof Term>
const Usd = z.number().nonnegative()
const RegularPrice = z.strictObject({ billingTerm: Term, paymentOption: Term.optional(), pricePerPaymentInUsd: Usd })

const Charge = z.strictObject({ pricePerPaymentInUsd: Usd, note: z.string().optional() })
// The limits are documented; the names are those of another vendor's SDK, since Microsoft shows none.
const FlexiblePrice = z.strictObject({
  contractDuration: z.strictObject({ type: z.literal('year'), value: z.int().min(1).max(3) }),
  billingFrequency: Term.optional(),
  flexibleSchedule: z.strictObject({
    price: Usd,
    initialCharge: Charge,
    billingSchedule: z
      .array(Charge.extend({ chargeDate: DateText }))
      .min(1)
      .max(70),
  }),
})
const Price = z.union([RegularPrice, FlexiblePrice])
export type Price = z.infer<typeof Price>

/** For how long a price is agreed. */
export const termOf = (price: Price): Term => ('billingTerm' in price ? price.billingTerm : price.contractDuration)
const Meter = z.strictObject({
  pricePerPaymentInUsd: Usd.optional(),
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

const Reservation = z.strictObject({
  reservationDuration: z
    .strictObject({ type: z.literal('year'), value: z.int() })
    .refine(({ value }) => value === 1 || value === 3, 'reservations run for 1 or 3 years'),
  paymentSchedule: Term,
  vmPrices: z
    .record(z.string(), z.strictObject({ quantity: z.int().positive(), unitPricePerPaymentPeriodInUsd: Usd }))
    .refine((prices) => Object.keys(prices).length > 0, 'vmPrices must have a size'),
})

const isFlexible = ({ recurrentPrice }: PlanPricing) => recurrentPrice.prices.some((price) => 'flexibleSchedule' in price)

export const PriceResource = z
  .strictObject({
    $schema: schemaUrl('price-and-availability-private-offer-plan'),
    id: z.string().optional(),
    resourceName: ResourceName,
    product: ProductId,
    plan: PlanId,
    offerPricingType: PricingType,
    pricing: PlanPricing.optional(),
    softwareReservation: Reservation.optional(),
  })
  .refine(
    ({ offerPricingType, pricing, softwareReservation }) =>
      offerPricingType === 'vmSoftwareReservations' ? softwareReservation && !pricing : pricing && !softwareReservation,
    'softwareReservation goes with vmSoftwareReservations, pricing with the others',
  )
  .refine(
    ({ offerPricingType, pricing }) => !pricing || !isFlexible(pricing) || offerPricingType === 'newCustomizedPlans',
    'a flexible schedule needs newCustomizedPlans',
  )
  .refine(
    ({ pricing }) => !pricing || !isFlexible(pricing) || pricing.recurrentPrice.recurrentPriceMode === 'flatRate',
    'a flexible schedule needs flatRate',
  )
export type PriceResource = z.infer<typeof PriceResource>
