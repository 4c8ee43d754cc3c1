import type { PricingItem, PrivateOffer } from './private-offer.ts'

// What the fields of a private offer must say together, by its type.

type Type = PrivateOffer['privateOfferType']
type Field = keyof PrivateOffer

const RECEIVED: Field[] = ['originatorPricing', 'originatorTermsAndConditionsDocs']

const FORBIDDEN: Record<Type, Field[]> = {
  customerPromotion: ['partners', 'termsAndConditionsDocs', ...RECEIVED],
  cspPromotion: [
    'acceptBy',
    'termsAndConditionsDocSasUrl',
    'termsAndConditionsDocs',
    'partners',
    'customerContractRenewal',
    ...RECEIVED,
  ],
  multipartyPromotionOriginator: ['termsAndConditionsDocSasUrl', ...RECEIVED],
  multipartyPromotionChannelPartner: ['pricing', 'termsAndConditionsDocSasUrl', 'customerContractRenewal', 'upgradedFrom'],
}

const NEEDED: Record<Type, Field[]> = {
  customerPromotion: ['end', 'acceptBy', 'beneficiaries', 'pricing'],
  cspPromotion: ['end', 'beneficiaries', 'pricing'],
  multipartyPromotionOriginator: ['end', 'acceptBy', 'beneficiaries', 'pricing', 'partners'],
  multipartyPromotionChannelPartner: ['id', 'preparedBy', 'originatorPricing'],
}

const lacks = (value: unknown) => value === undefined || (Array.isArray(value) && value.length === 0)

const forbidden = (offer: PrivateOffer) =>
  FORBIDDEN[offer.privateOfferType]
    .filter((field) => offer[field] !== undefined)
    .map((field) => `${field} must be absent in ${offer.privateOfferType}`)

/** The pricing of an upgrade is carried over where it is left out. */
const needed = (offer: PrivateOffer) =>
  offer.state === 'live'
    ? NEEDED[offer.privateOfferType]
        .filter((field) => lacks(offer[field]) && !(field === 'pricing' && offer.upgradedFrom))
        .map((field) => `${field} is required when state is live`)
    : []

const newPlan = (item: PricingItem) => item.discountType === 'absolute' && item.basePlan && item.newPlanDetails
const existing = (item: PricingItem) => !item.basePlan && !item.newPlanDetails
const reservation = (item: PricingItem) => item.discountType === 'absolute' && item.basePlan && !item.newPlanDetails

const FITS: Record<PrivateOffer['offerPricingType'], [message: string, fits: (item: PricingItem) => unknown]> = {
  editExistingOfferPricingOnly: ['takes a plan that exists, without newPlanDetails', existing],
  saasNewCustomizedPlans: ['needs basePlan, newPlanDetails and an absolute price in each pricing item', newPlan],
  newCustomizedPlans: ['needs basePlan, newPlanDetails and an absolute price in each pricing item', newPlan],
  vmSoftwareReservations: ['needs basePlan and an absolute price in each pricing item, and no newPlanDetails', reservation],
}

const misfits = ({ offerPricingType, pricing = [] }: PrivateOffer) => {
  const [message, fits] = FITS[offerPricingType]
  return pricing.every(fits) ? [] : [`${offerPricingType} ${message}`]
}

const isWritten = ({ state }: PrivateOffer) => state === 'draft' || state === 'live'
const isCsp = ({ privateOfferType }: PrivateOffer) => privateOfferType === 'cspPromotion'
const isReceived = ({ privateOfferType }: PrivateOffer) => privateOfferType === 'multipartyPromotionChannelPartner'

const recipientsOf = ({ beneficiaries = [] }: PrivateOffer) =>
  beneficiaries.flatMap(({ beneficiaryRecipients = [] }) => beneficiaryRecipients)

const BROKEN: [message: string, breaks: (offer: PrivateOffer) => unknown][] = [
  ['start must be absent when variableStartDate is true', (offer) => offer.variableStartDate && offer.start],
  [
    'start is required when variableStartDate is false',
    (offer) => offer.variableStartDate === false && !offer.start && isWritten(offer),
  ],
  ['id is required to withdraw or delete', (offer) => !isWritten(offer) && !offer.id],
  ['beneficiaries must be exactly one', (offer) => !isCsp(offer) && (offer.beneficiaries ?? []).length > 1],
  ['partners must be exactly one', (offer) => (offer.partners ?? []).length > 1],
  [
    'beneficiaryRecipients must be of recipientType cspCustomer for resellers, billingGroup for customers',
    (offer) => recipientsOf(offer).some(({ recipientType }) => recipientType !== (isCsp(offer) ? 'cspCustomer' : 'billingGroup')),
  ],
  [
    'markupPercentage must be absent in pricing',
    (offer) => offer.pricing?.some(({ markupPercentage }) => markupPercentage !== undefined),
  ],
  [
    'markupPercentage is required in each item of originatorPricing when state is live',
    (offer) =>
      isReceived(offer) &&
      offer.state === 'live' &&
      offer.originatorPricing?.some(({ markupPercentage }) => markupPercentage === undefined),
  ],
  [
    'originatorTermsAndConditionsDocs and termsAndConditionsDocs must be at most five together',
    ({ originatorTermsAndConditionsDocs: theirs = [], termsAndConditionsDocs: ours = [] }) => theirs.length + ours.length > 5,
  ],
]

/** Everything that the schema refuses of an offer as a whole. */
export const offerProblems = (offer: PrivateOffer): string[] => [
  ...BROKEN.filter(([, breaks]) => breaks(offer)).map(([message]) => message),
  ...forbidden(offer),
  ...needed(offer),
  ...misfits(offer),
]
