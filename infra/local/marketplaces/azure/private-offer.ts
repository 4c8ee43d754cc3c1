import * as z from 'zod'
import { DateText } from '../../../../lib/core/period.ts'
import { GUID, PlanId, PricingType, ProductId, ResourceName, schemaUrl } from './price.ts'
import { offerProblems } from './private-offer-rules.ts'

const OfferId = z.string().regex(new RegExp(`^private-offer/${GUID}$`), 'must look like private-offer/{guid}')

const allowedInName = (character: string) => {
  const code = character.charCodeAt(0)
  return !'!<>^[]@#%/'.includes(character) && code >= 0x20 && !(code >= 0x7e && code <= 0xff)
}
const Name = z
  .string()
  .min(1)
  .max(128)
  .refine((name) => [...name].every(allowedInName), 'has a character that names may not have')

// What is sent back as it was read may be cased otherwise.
const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.preprocess(
    (text) => words.find((word) => typeof text === 'string' && word.toLowerCase() === text.toLowerCase()) ?? text,
    z.enum(words),
  )

const PricingItem = z
  .strictObject({
    product: ProductId,
    plan: PlanId.optional(),
    basePlan: PlanId.optional(),
    discountType: oneOf(['percentage', 'absolute']),
    discountPercentage: z.number().min(0.01).max(100).optional(),
    /** A name in this request on writes, the id of a price on reads. */
    priceDetails: z.union([z.strictObject({ resourceName: ResourceName }), z.string()]).optional(),
    newPlanDetails: z.strictObject({ name: z.string().min(1), description: z.string().min(1) }).optional(),
    markupPercentage: z.number().nonnegative().optional(),
    productName: z.string().optional(),
    planName: z.string().optional(),
  })
  .refine(
    (item) => item.discountType !== 'percentage' || item.discountPercentage !== undefined,
    'a percentage needs discountPercentage',
  )
  .refine((item) => item.discountType !== 'absolute' || item.priceDetails !== undefined, 'an absolute price needs priceDetails')
export type PricingItem = z.infer<typeof PricingItem>

const readOnly = {
  subState: z.unknown().optional(),
  lastModified: z.unknown().optional(),
  acceptanceLinks: z.unknown().optional(),
  eTag: z.unknown().optional(),
  validations: z.unknown().optional(),
}

const Recipient = z.strictObject({ id: z.string().min(1), recipientType: z.enum(['billingGroup', 'cspCustomer']) })
const Beneficiary = z.strictObject({
  id: z.string().min(1),
  description: z.string().optional(),
  beneficiaryRecipients: z.array(Recipient).max(25).optional(),
})
const Partner = z.strictObject({ id: z.string().min(1), partnerName: z.string().optional(), location: z.string().optional() })
const Terms = z.strictObject({ sasUrl: z.url(), fileName: z.string(), customerFacingDocumentName: z.string() })

const Fields = z.strictObject({
  $schema: schemaUrl('private-offer'),
  id: OfferId.optional(),
  resourceName: ResourceName.optional(),
  name: Name,
  privateOfferType: oneOf([
    'customerPromotion',
    'cspPromotion',
    'multipartyPromotionOriginator',
    'multipartyPromotionChannelPartner',
  ]),
  offerPricingType: PricingType,
  state: oneOf(['draft', 'live', 'withdrawn', 'deleted']),
  variableStartDate: z.boolean().optional(),
  start: z.optional(DateText),
  end: z.optional(DateText),
  acceptBy: z.optional(DateText),
  preparedBy: z.email().optional(),
  notificationContacts: z.array(z.email()).max(5).optional(),
  termsAndConditionsDocSasUrl: z.url().optional(),
  termsAndConditionsDocs: z.array(Terms).max(5).optional(),
  originatorTermsAndConditionsDocs: z.array(Terms).max(5).optional(),
  beneficiaries: z.array(Beneficiary).max(150).optional(),
  partners: z.array(Partner).optional(),
  pricing: z.array(PricingItem).max(10).optional(),
  originatorPricing: z.array(PricingItem).max(10).optional(),
  upgradedFrom: z.strictObject({ name: z.string(), id: OfferId }).optional(),
  customerContractRenewal: z.boolean().optional(),
  notes: z.string().max(60).optional(),
  ...readOnly,
})

/** A private offer as it is posted; its `state` is a command. */
export const PrivateOffer = Fields.superRefine((offer, context) => {
  for (const message of offerProblems(offer)) context.addIssue({ code: 'custom', message })
})
export type PrivateOffer = z.infer<typeof PrivateOffer>
