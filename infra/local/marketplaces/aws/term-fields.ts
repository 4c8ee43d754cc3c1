import * as z from 'zod'
import { DateText } from '../../../../lib/core/period.ts'
import { DURATION } from './duration.ts'
import { Days, type Renewal } from './renewal-fields.ts'

// Prices are texts; the number of decimals differs from field to field.
const amount = (decimals: number) =>
  z
    .string()
    .regex(
      new RegExp(`^((100000000(\\.0{0,${decimals}})?)|(\\d{1,8}(\\.\\d{0,${decimals}})?))$`),
      `must be a decimal text from 0 to 100000000 with at most ${decimals} decimals`,
    )
const Duration = z.string().regex(DURATION, 'must be a duration like P12M')
const CurrencyCode = z.enum(['USD', 'EUR', 'GBP', 'AUD', 'JPY', 'CAD'])
const DimensionKey = z.string().min(1).max(100)
const Choice = z.enum(['Allowed', 'Disallowed'])

const rates = (decimals: number) =>
  z
    .array(z.strictObject({ DimensionKey, Price: amount(decimals) }))
    .min(1)
    .max(800)

const RateCard = z.strictObject({
  Selector: z.strictObject({ Type: z.literal('Duration'), Value: Duration }),
  RateCard: rates(3),
  Constraints: z.strictObject({ MultipleDimensionSelection: Choice, QuantityConfiguration: Choice }),
})
const ConfigurableUpfront = z.strictObject({
  Type: z.literal('ConfigurableUpfrontPricingTerm'),
  CurrencyCode,
  RateCards: z.array(RateCard).min(1).max(5),
})
const FixedUpfront = z.strictObject({
  Type: z.literal('FixedUpfrontPricingTerm'),
  CurrencyCode,
  Price: amount(3),
  Duration: Duration.optional(),
  Grants: z.array(z.strictObject({ DimensionKey, MaxQuantity: z.int().min(1) })).min(1),
})
const UsageBased = z.strictObject({
  Type: z.literal('UsageBasedPricingTerm'),
  CurrencyCode,
  RateCards: z.array(z.strictObject({ RateCard: rates(8) })).length(1),
})
export const PricingTerm = z.discriminatedUnion('Type', [ConfigurableUpfront, FixedUpfront, UsageBased])

export const Validity = z.strictObject({
  Type: z.literal('ValidityTerm'),
  AgreementDuration: Duration.optional(),
  AgreementStartDate: z.optional(DateText),
  AgreementEndDate: z.optional(DateText),
})
export const PaymentSchedule = z.strictObject({
  Type: z.literal('PaymentScheduleTerm'),
  CurrencyCode,
  Schedule: z
    .array(z.strictObject({ ChargeDate: DateText, ChargeAmount: amount(2) }))
    .min(1)
    .max(60),
})
export const NetPayment = z.strictObject({ Type: z.literal('NetPaymentTerm'), PaymentDuePeriod: Days })

const Document = z.discriminatedUnion('Type', [
  z.strictObject({ Type: z.literal('CustomEula'), Url: z.url() }),
  z.strictObject({ Type: z.literal('StandardEula'), Version: z.iso.date() }),
])
export const Legal = z.strictObject({ Type: z.literal('LegalTerm'), Documents: z.array(Document).length(1) })

// What a seller asks of a reseller has the fields of what a buyer is asked for.
export const ResalePricingTerm = z.discriminatedUnion('Type', [
  ConfigurableUpfront.extend({ Type: z.literal('ResaleConfigurableUpfrontPricingTerm') }),
  FixedUpfront.extend({ Type: z.literal('ResaleFixedUpfrontPricingTerm') }),
  UsageBased.extend({ Type: z.literal('ResaleUsageBasedPricingTerm') }),
])
export const ResalePaymentSchedule = PaymentSchedule.extend({ Type: z.literal('ResalePaymentScheduleTerm') })

export type PricingTerm = z.infer<typeof PricingTerm>
export type Term =
  | PricingTerm
  | z.infer<typeof Validity>
  | z.infer<typeof PaymentSchedule>
  | z.infer<typeof NetPayment>
  | z.infer<typeof Legal>
  | Renewal
