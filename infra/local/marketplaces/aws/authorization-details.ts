import * as z from 'zod'
import { DateText } from '../../../../lib/core/period.ts'
import { Accounts, atMostOne, ShortName } from './details.ts'
import { ResalePaymentSchedule, ResalePricingTerm } from './term-fields.ts'

const Description = z.string().min(1).max(255)
const Version = z.string().min(1).optional()

const documents = <D extends z.ZodType>(document: D) => z.array(document).length(1)
const BuyerLegal = z.strictObject({
  Type: z.literal('BuyerLegalTerm'),
  Documents: documents(
    z.discriminatedUnion('Type', [
      z.strictObject({ Type: z.literal('StandardEula'), Version }),
      z.strictObject({ Type: z.literal('CustomEula'), Url: z.url() }),
    ]),
  ),
})
const ResaleLegal = z.strictObject({
  Type: z.literal('ResaleLegalTerm'),
  Documents: documents(
    z.discriminatedUnion('Type', [
      z.strictObject({ Type: z.literal('StandardResellerContract'), Version }),
      z.strictObject({ Type: z.literal('CustomResellerContract'), Url: z.url() }),
    ]),
  ),
})
const LegalTerm = z.discriminatedUnion('Type', [BuyerLegal, ResaleLegal])

const BuyerTargeting = z.strictObject({
  Type: z.literal('BuyerTargetingTerm'),
  PositiveTargeting: z.strictObject({ BuyerAccounts: Accounts }),
})

/** The fields of DetailsDocument for each change of a `ResaleAuthorization@1.0`. */
export const AUTHORIZATION_DETAILS = {
  CreateResaleAuthorization: z.strictObject({
    ProductId: z.string().min(1).max(50),
    Name: ShortName,
    Description: Description.optional(),
    ResellerAccountId: z.string().regex(/^\d{12}$/, 'must be an account id of 12 digits'),
  }),
  UpdateInformation: z
    .strictObject({ Name: ShortName.optional(), Description: Description.optional() })
    .refine((fields) => Object.keys(fields).length > 0, 'must name at least one field'),
  UpdatePricingTerms: z.strictObject({
    PricingModel: z.enum(['Free', 'Usage', 'Contract']),
    Terms: z.array(ResalePricingTerm).min(1),
  }),
  UpdatePaymentScheduleTerms: atMostOne(ResalePaymentSchedule),
  UpdateAvailability: z.strictObject({
    AvailabilityEndDate: z.optional(DateText),
    OffersMaxQuantity: z.literal(1, 'must be 1 (one-time) or absent').optional(),
  }),
  UpdateBuyerTargetingTerms: atMostOne(BuyerTargeting),
  UpdateLegalTerms: z.strictObject({ Terms: z.array(LegalTerm).min(1).max(2) }),
  ReleaseResaleAuthorization: z.strictObject({}),
  RestrictResaleAuthorization: z.strictObject({}),
}

type AuthorizationChangeType = keyof typeof AUTHORIZATION_DETAILS
export type AuthorizationDetail = {
  [T in AuthorizationChangeType]: { type: T; fields: z.infer<(typeof AUTHORIZATION_DETAILS)[T]> }
}[AuthorizationChangeType]

type Terms = 'UpdatePricingTerms' | 'UpdatePaymentScheduleTerms' | 'UpdateBuyerTargetingTerms' | 'UpdateLegalTerms'
export type AuthorizationTerm = Extract<AuthorizationDetail, { type: Terms }>['fields']['Terms'][number]
