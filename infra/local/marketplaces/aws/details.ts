import * as z from 'zod'
import { DateText } from '../../../../lib/core/period.ts'
import { Renewal } from './renewal-fields.ts'
import { Legal, NetPayment, PaymentSchedule, PricingTerm, Validity } from './term-fields.ts'

const nameOf = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\\<> ][^\\<>]*$/, 'must not contain \\ < > nor start with a space')
export const ShortName = nameOf(100)
const Name = nameOf(150)
export const Accounts = z.array(z.string().regex(/^\d{12}$/, 'must be an account id of 12 digits')).min(1)
const Countries = z
  .array(z.string().regex(/^[A-Z]{2}$/, 'must be a country of ISO 3166, two letters'))
  .min(1)
  .max(244)

const Information = z
  .strictObject({
    Name: Name.optional(),
    Description: z.string().min(1).max(255).optional(),
    PreExistingAgreement: z
      .strictObject({
        AcquisitionChannel: z.enum(['External', 'AwsMarketplace']),
        PricingModel: z.enum(['Contract', 'Usage', 'Byol', 'Free']),
      })
      .nullable()
      .optional(),
  })
  .refine((fields) => Object.keys(fields).length > 0, 'must name at least one field')

export const atMostOne = <T extends z.ZodType>(term: T) => z.strictObject({ Terms: z.array(term).max(1) })

/** The fields of DetailsDocument for each change of an `Offer@1.0`. What depends on the offer's other terms is checked later. */
export const DETAILS = {
  CreateOffer: z.strictObject({ ProductId: z.string().min(1).max(50), Name: Name.optional(), OfferSetId: z.string().optional() }),
  CreateReplacementOffer: z.strictObject({ AgreementId: z.string().min(1).max(64), Name: Name.optional() }),
  CreateReplacementOfferUsingResaleAuthorization: z.strictObject({
    ResaleAuthorizationId: z.string().min(1).max(50),
    AgreementId: z.string().min(1).max(64),
    Name: Name.optional(),
  }),
  CreateOfferUsingResaleAuthorization: z.strictObject({
    ResaleAuthorizationId: z.string().min(1).max(255),
    Name,
    Description: z.string().min(1).max(255),
  }),
  UpdateMarkup: z.strictObject({
    Percentage: z.string().regex(/^(\d*\.)?\d{1,9}$/, 'must be a decimal text like 5.0'),
  }),
  UpdateInformation: Information,
  UpdateTargeting: z.strictObject({
    PositiveTargeting: z
      .strictObject({
        BuyerAccounts: Accounts.optional(),
        CountryCodes: Countries.optional(),
      })
      .optional(),
    NegativeTargeting: z.strictObject({ CountryCodes: Countries.optional() }).optional(),
  }),
  UpdatePricingTerms: z.strictObject({
    PricingModel: z.enum(['Contract', 'Usage', 'Free', 'Byol']),
    Terms: z.array(PricingTerm).min(1),
  }),
  UpdateValidityTerms: atMostOne(Validity),
  UpdatePaymentScheduleTerms: atMostOne(PaymentSchedule),
  UpdateNetPaymentTerms: atMostOne(NetPayment),
  UpdateLegalTerms: z.strictObject({ Terms: z.array(Legal).length(1) }),
  UpdateRenewalTerms: atMostOne(Renewal),
  UpdateAvailability: z.strictObject({ AvailabilityEndDate: z.optional(DateText) }),
  ReleaseOffer: z.strictObject({}),
}

const Dimension = z.strictObject({
  Key: z.string().regex(/^[\w.-]{1,60}$/, 'must be 1 to 60 letters, digits, _ . or -'),
  Name: z.string().min(1).max(60),
  Description: z.string().min(1).max(200),
  Unit: z.string().min(1),
  Types: z.array(z.enum(['Entitled', 'ExternallyMetered'])).min(1),
})

/** The same for each change of a `SaaSProduct@1.0`. */
export const PRODUCT_DETAILS = { AddDimensions: z.array(Dimension).min(1) }
export type ProductDetail = { type: 'AddDimensions'; fields: z.infer<typeof PRODUCT_DETAILS.AddDimensions> }

export type ChangeType = keyof typeof DETAILS
/** One kind of change together with its fields. */
export type Detail = { [T in ChangeType]: { type: T; fields: z.infer<(typeof DETAILS)[T]> } }[ChangeType]

/** The changes that make an entity; all others change one. */
export const isCreation = (type: string) => type.startsWith('Create')
