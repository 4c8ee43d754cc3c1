import type { AzureOffer } from '../offer.ts'
import type { Rule } from './rule.ts'

// Which fields go with which kind of offer and model of price.

type Kind = AzureOffer['kind']
type Model = AzureOffer['pricing']['model']
type Is = (offer: AzureOffer) => boolean

const kindIn =
  (...kinds: Kind[]): Is =>
  ({ kind }) =>
    kinds.includes(kind)
const modelIn =
  (...models: Model[]): Is =>
  ({ pricing }) =>
    models.includes(pricing.model)
const never: Is = () => false

const WORDS: Record<Kind, string> = {
  customer: 'an offer to a customer',
  csp: 'an offer to resellers (CSP)',
  'multiparty-originator': 'a multiparty offer of its originator',
  'multiparty-selling-partner': 'a received multiparty offer',
}

const MODELS: Record<Kind, Model[]> = {
  customer: ['percentage', 'flat-rate', 'per-user', 'vm-reservation', 'flexible-schedule'],
  csp: ['percentage', 'flat-rate', 'per-user'],
  'multiparty-originator': ['percentage', 'flat-rate', 'per-user', 'vm-reservation', 'flexible-schedule'],
  'multiparty-selling-partner': ['markup'],
}

const toCustomer = kindIn('customer', 'multiparty-originator')
const selling = kindIn('multiparty-selling-partner')
const multiparty = kindIn('multiparty-originator', 'multiparty-selling-partner')
const absolute = modelIn('flat-rate', 'per-user', 'vm-reservation', 'flexible-schedule')
const inEqualPayments = modelIn('flat-rate', 'per-user', 'vm-reservation')
const newPlan: Is = (offer) => toCustomer(offer) && modelIn('flat-rate', 'per-user', 'flexible-schedule')(offer)
const isSchedule = modelIn('flexible-schedule')

type Field = { target: keyof AzureOffer; needed: Is; taken: Is; hint: string }

const FIELDS: Field[] = [
  {
    target: 'billingAccountId',
    needed: toCustomer,
    taken: toCustomer,
    hint: 'the billing account of the customer who shall accept, who finds its id in the Azure portal',
  },
  {
    target: 'cspTenants',
    needed: kindIn('csp'),
    taken: kindIn('csp'),
    hint: 'the tenant ids of the resellers who shall have it',
  },
  {
    target: 'sellingPartner',
    needed: kindIn('multiparty-originator'),
    taken: kindIn('multiparty-originator'),
    hint: 'the sellerId, name and location of the one who sells it to the customer',
  },
  { target: 'receivedOfferId', needed: selling, taken: selling, hint: 'the id of the offer that its originator sent you' },
  {
    target: 'basePlanId',
    needed: absolute,
    taken: (offer) => !selling(offer),
    hint: 'the guid of the public plan that the price is for',
  },
  {
    target: 'planName',
    needed: (offer) => isSchedule(offer) || (newPlan(offer) && offer.planDescription !== undefined),
    taken: newPlan,
    hint: 'a name of the private plan, which the customer sees',
  },
  {
    target: 'planDescription',
    needed: (offer) => isSchedule(offer) || (newPlan(offer) && offer.planName !== undefined),
    taken: newPlan,
    hint: 'a description of the private plan, which the customer sees',
  },
  { target: 'payments', needed: inEqualPayments, taken: inEqualPayments, hint: 'how it is paid: monthly, yearly or upfront' },
  { target: 'startsOn', needed: never, taken: (offer) => !selling(offer), hint: '' },
  {
    target: 'preparedBy',
    needed: (offer) => !kindIn('multiparty-originator')(offer),
    taken: () => true,
    hint: 'the e-mail address of whom the customer can ask',
  },
  { target: 'termsUrl', needed: never, taken: kindIn('customer'), hint: '' },
  { target: 'termsDocuments', needed: never, taken: multiparty, hint: '' },
  { target: 'customerContractRenewal', needed: never, taken: toCustomer, hint: '' },
  { target: 'notes', needed: never, taken: (offer) => !kindIn('csp')(offer), hint: '' },
  { target: 'upgradedFrom', needed: never, taken: kindIn('customer', 'csp'), hint: '' },
]

const whatOf = ({ kind, pricing }: AzureOffer) => `${WORDS[kind]} at the model ${pricing.model}`

const missing = ({ target, needed, hint }: Field): Rule => ({
  code: 'field_missing',
  target,
  message: (offer) => `is missing: ${whatOf(offer)} needs ${hint}`,
  broken: (offer) => offer[target] === undefined && needed(offer),
})

const superfluous = ({ target, taken }: Field): Rule => ({
  code: 'field_not_taken',
  target,
  message: (offer) => `${whatOf(offer)} takes no ${target}: leave it out`,
  broken: (offer) => offer[target] !== undefined && !taken(offer),
})

const fits: Is = ({ kind, pricing }) => MODELS[kind].includes(pricing.model)

/** The model first: where it does not fit the kind, nothing can be said of the other fields. */
export const FIELD_RULES: Rule[] = [
  {
    code: 'model_not_for_kind',
    target: 'pricing.model',
    message: ({ kind }) => `${WORDS[kind]} takes another model: ${MODELS[kind].join(', ')}`,
    broken: (offer) => !fits(offer),
  },
  ...FIELDS.flatMap((field) => [missing(field), superfluous(field)]).map((rule) => ({
    ...rule,
    broken: (offer: AzureOffer, given: Parameters<Rule['broken']>[1]) => fits(offer) && rule.broken(offer, given),
  })),
]
