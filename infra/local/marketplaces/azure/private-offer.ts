import * as z from 'zod'
import { DateText } from '../../../../lib/core/period.ts'
import { GUID, PlanId, PricingType, ProductId, ResourceName, schemaUrl } from './price.ts'

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

const PricingItem = z
  .strictObject({
    product: ProductId,
    plan: PlanId.optional(),
    basePlan: PlanId.optional(),
    discountType: z.enum(['percentage', 'absolute']),
    discountPercentage: z.number().min(0.01).max(100).optional(),
    /** A name in this request on writes, the id of a price on reads. */
    priceDetails: z.union([z.strictObject({ resourceName: ResourceName }), z.string()]).optional(),
    newPlanDetails: z.strictObject({ name: z.string().min(1), description: z.string().min(1) }).optional(),
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

const Beneficiary = z.strictObject({
  id: z.string().min(1),
  description: z.string().optional(),
  beneficiaryRecipients: z.array(z.strictObject({ id: z.string(), recipientType: z.literal('billingGroup') })).optional(),
})

const Fields = z.strictObject({
  $schema: schemaUrl('private-offer'),
  id: OfferId.optional(),
  resourceName: ResourceName.optional(),
  name: Name,
  privateOfferType: z.literal('customerPromotion'),
  offerPricingType: PricingType,
  state: z.enum(['draft', 'live', 'withdrawn', 'deleted']),
  variableStartDate: z.boolean().optional(),
  start: z.optional(DateText),
  end: z.optional(DateText),
  acceptBy: z.optional(DateText),
  preparedBy: z.email().optional(),
  notificationContacts: z.array(z.email()).max(5).optional(),
  termsAndConditionsDocSasUrl: z.url().optional(),
  beneficiaries: z.array(Beneficiary).max(1).optional(),
  pricing: z.array(PricingItem).max(10).optional(),
  upgradedFrom: z.strictObject({ name: z.string(), id: OfferId }).optional(),
  customerContractRenewal: z.boolean().optional(),
  notes: z.string().max(60).optional(),
  ...readOnly,
})
type Fields = z.infer<typeof Fields>

const newPlan = (item: PricingItem) => item.discountType === 'absolute' && item.basePlan && item.newPlanDetails
const lacks = (list: unknown[] | undefined) => !list?.length

/** What a customer offer breaks, by what its fields say together. */
const BROKEN: [message: string, breaks: (offer: Fields) => unknown][] = [
  ['start must be absent when variableStartDate is true', (offer) => offer.variableStartDate && offer.start],
  [
    'start is required when variableStartDate is false',
    (offer) => offer.variableStartDate === false && !offer.start && isWritten(offer),
  ],
  ['end is required when state is live', (offer) => offer.state === 'live' && !offer.end],
  ['acceptBy is required when state is live', (offer) => offer.state === 'live' && !offer.acceptBy],
  ['beneficiaries are required when state is live', (offer) => offer.state === 'live' && lacks(offer.beneficiaries)],
  ['pricing is required when state is live', (offer) => offer.state === 'live' && lacks(offer.pricing)],
  ['id is required to withdraw or delete', (offer) => !isWritten(offer) && !offer.id],
  [
    'saasNewCustomizedPlans needs basePlan, newPlanDetails and an absolute price in each pricing item',
    (offer) => offer.offerPricingType === 'saasNewCustomizedPlans' && offer.pricing?.some((item) => !newPlan(item)),
  ],
]
const isWritten = ({ state }: Fields) => state === 'draft' || state === 'live'

/** A private offer as it is posted; its `state` is a command. */
export const PrivateOffer = Fields.superRefine((offer, context) => {
  for (const [message, breaks] of BROKEN) if (breaks(offer)) context.addIssue({ code: 'custom', message })
})
export type PrivateOffer = z.infer<typeof PrivateOffer>
