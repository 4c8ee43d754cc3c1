import { type Authorization, authorizedBuyers, resoldTerms } from './authorization.ts'
import type { AuthorizationDetail } from './authorization-details.ts'
import { newOffer, termOf } from './offer.ts'
import { PAYMENT_RULES } from './payment-rules.ts'
import { PERIOD_RULES } from './period-rules.ts'
import { PRICING_RULES } from './pricing-rules.ts'
import type { Product } from './products.ts'
import { broken, type ErrorDetail, type View } from './rule.ts'

type Type = AuthorizationDetail['type']
type Changed = {
  types: Type[]
  before: Authorization | undefined
  authorization: Authorization
  product: Product | undefined
  at: string
}
type Rule = { code: string; on: Type[]; broken: (changed: Changed) => string | undefined | false }

const MOST_BUYERS = 25

const fixed: Rule = {
  code: 'INVALID_UPDATE_REQUEST',
  on: [
    'UpdateInformation',
    'UpdatePricingTerms',
    'UpdatePaymentScheduleTerms',
    'UpdateAvailability',
    'UpdateBuyerTargetingTerms',
    'UpdateLegalTerms',
    'ReleaseResaleAuthorization',
  ],
  broken: ({ before }) => before && before.state !== 'Draft' && 'the resale authorization is released: restrict it, give another',
}
const restricted: Rule = {
  code: 'INVALID_UPDATE_REQUEST',
  on: ['RestrictResaleAuthorization'],
  broken: ({ before }) => before?.state !== 'Active' && 'only an active resale authorization can be restricted',
}

const offered = ({ authorization, at }: Changed) => ({
  ...newOffer(authorization.id, at),
  terms: resoldTerms(authorization, '0'),
})

const lacks = (term: string, missing: (offer: ReturnType<typeof offered>, authorization: Authorization) => boolean): Rule => ({
  code: 'MISSING_MANDATORY_TERMS',
  on: ['ReleaseResaleAuthorization'],
  broken: (changed) => missing(offered(changed), changed.authorization) && `add ${term} before the release`,
})

const RULES: Rule[] = [
  {
    code: 'TOO_MANY_BUYER_ACCOUNTS',
    on: ['UpdateBuyerTargetingTerms'],
    broken: ({ authorization }) =>
      (authorizedBuyers(authorization)?.length ?? 0) > MOST_BUYERS && `target up to ${MOST_BUYERS} accounts`,
  },
  {
    code: 'INVALID_AVAILABILITY_END_DATE',
    on: ['UpdateAvailability'],
    broken: ({ authorization: { availabilityEndDate }, at }) =>
      availabilityEndDate !== undefined && availabilityEndDate <= at.slice(0, 10) && 'set it to a day in the future',
  },
  lacks('a pricing term', ({ terms }) => !terms.some(({ Type }) => Type.endsWith('PricingTerm'))),
  lacks('a BuyerLegalTerm', (_, { terms }) => !terms.some(({ Type }) => Type === 'BuyerLegalTerm')),
  lacks(
    'a ResalePaymentScheduleTerm for the ResaleFixedUpfrontPricingTerm, or the other way round,',
    (offer) => !!termOf(offer, 'PaymentScheduleTerm') !== !!termOf(offer, 'FixedUpfrontPricingTerm'),
  ),
]

const brokenOf = (rules: Rule[], changed: Changed) =>
  rules.flatMap(({ code, on, broken }) => {
    const type = on.find((each) => changed.types.includes(each))
    const ErrorMessage = type && broken(changed)
    return type && ErrorMessage ? [{ type, error: { ErrorCode: code, ErrorMessage } }] : []
  })

// What is asked of a reseller keeps the rules of what is asked of a buyer.
const asOffered = (changed: Changed) => {
  const { authorization, product, at } = changed
  const types = changed.types.filter((type) => type === 'UpdatePricingTerms' || type === 'UpdatePaymentScheduleTerms')
  const offer = { ...offered(changed), ...(authorization.pricingModel && { pricingModel: authorization.pricingModel }) }
  const view: View = {
    types,
    before: undefined,
    offer,
    product,
    replaced: undefined,
    grounds: undefined,
    offerSet: undefined,
    at,
  }
  const errors = broken([...PRICING_RULES, ...PERIOD_RULES, ...PAYMENT_RULES], view)
  return errors.flatMap(({ type, error }) => types.filter((each) => each === type).map((each) => ({ type: each, error })))
}

/** The errors of one authorisation's changes. What a released one cannot take is not looked at further. */
export const authorizationErrors = (changed: Changed): { type: Type; error: ErrorDetail }[] => {
  const refused = brokenOf([fixed, restricted], changed)
  return refused.length ? refused : [...brokenOf(RULES, changed), ...asOffered(changed)]
}
