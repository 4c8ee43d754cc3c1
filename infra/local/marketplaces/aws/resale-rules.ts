import { authorizedBuyers, isOver, resoldTerms } from './authorization.ts'
import { buyersOf, isPricing } from './offer.ts'
import { pricingTerms, type Rule, type View } from './rule.ts'

const forResale = (code: string, on: Rule['on'], broken: (view: View) => string | undefined | false): Rule => ({
  code,
  on,
  broken: (view) => view.grounds !== undefined && broken(view),
})

const unusable = ({ grounds, at }: View) => {
  if (!grounds) return undefined
  if (grounds.authorization.state !== 'Active') return `the resale authorization is ${grounds.authorization.state}, not Active`
  if (isOver(grounds.authorization, at.slice(0, 10))) return 'the resale authorization has expired'
  return grounds.isUsedUp ? 'the resale authorization is for one offer, which exists' : undefined
}

const strangers = ({ grounds, offer }: View) => {
  const allowed = grounds && authorizedBuyers(grounds.authorization)
  return allowed ? buyersOf(offer).filter((account) => !allowed.includes(account)) : []
}

const hasOtherTypes = (view: View) => {
  const allowed = view.grounds ? resoldTerms(view.grounds.authorization, '0').filter(isPricing) : []
  return pricingTerms(view).some(({ Type }) => !allowed.some((term) => term.Type === Type))
}

const ownPrices = ['UpdatePricingTerms', 'UpdatePaymentScheduleTerms'] as const

/** The rules on an offer that a channel partner makes from a resale authorisation. */
export const RESALE_RULES: Rule[] = [
  forResale(
    'INCOMPATIBLE_RESALE_AUTHORIZATION',
    ['CreateOfferUsingResaleAuthorization', 'CreateReplacementOfferUsingResaleAuthorization'],
    unusable,
  ),
  forResale(
    'INCOMPATIBLE_RESALE_AUTHORIZATION',
    ['CreateReplacementOfferUsingResaleAuthorization'],
    ({ grounds, replaced }) =>
      grounds?.authorization.productId !== replaced?.productId && 'the authorization must be for the product of the agreement',
  ),
  forResale(
    'INCOMPATIBLE_RESALE_AUTHORIZATION',
    ['CreateReplacementOfferUsingResaleAuthorization'],
    (view) => strangers(view).length > 0 && 'use a resale authorization that is for the acceptor of the agreement',
  ),
  forResale(
    'INCOMPATIBLE_RESALE_AUTHORIZATION',
    ['UpdateTargeting'],
    (view) => strangers(view).length > 0 && `the resale authorization is not for ${strangers(view).join(', ')}`,
  ),
  forResale(
    'INCOMPATIBLE_TERMS',
    ['UpdateMarkup'],
    ({ types }) => ownPrices.some((type) => types.includes(type)) && 'a markup has no prices beside it: leave one out',
  ),
  forResale(
    'INCOMPATIBLE_RESALE_AUTHORIZATION',
    ['UpdatePricingTerms'],
    (view) => hasOtherTypes(view) && 'keep to the types of pricing terms of the resale authorization',
  ),
  {
    code: 'INCOMPATIBLE_MARKUP',
    on: ['UpdateMarkup'],
    broken: ({ grounds }) => !grounds && 'only an offer that is made from a resale authorization has a markup',
  },
]
