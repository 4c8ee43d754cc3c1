import type { ChangeType } from './details.ts'
import { buyersOf, isPricing, type Offer, termOf } from './offer.ts'
import { PAYMENT_RULES } from './payment-rules.ts'
import { PERIOD_RULES } from './period-rules.ts'
import { PRICING_RULES } from './pricing-rules.ts'
import { SELLER } from './products.ts'
import { RENEWAL_RULES } from './renewal-rules.ts'
import { REPLACEMENT_RULES } from './replacement-rules.ts'
import { RESALE_RULES } from './resale-rules.ts'
import { broken, type ErrorDetail, type Rule, type View } from './rule.ts'

const MOST_BUYERS = 25
// The stand-in knows no accounts; these are the ones that nobody has.
const isNobody = (account: string) => account.startsWith('0000') || account === SELLER.accountId

const isReleased = ({ before }: View) => before?.state === 'Released'
const isPast = (date: string, at: string) => date <= at.slice(0, 10)

const FROZEN: [ChangeType, string][] = [
  ['UpdateTargeting', 'INCOMPATIBLE_TARGETING'],
  ['UpdatePricingTerms', 'INVALID_UPDATE_REQUEST'],
  ['UpdateMarkup', 'INVALID_UPDATE_REQUEST'],
  ['UpdateValidityTerms', 'INCOMPATIBLE_TERMS'],
  ['UpdatePaymentScheduleTerms', 'INCOMPATIBLE_TERMS'],
  ['UpdateNetPaymentTerms', 'INCOMPATIBLE_TERMS'],
  ['UpdateLegalTerms', 'INCOMPATIBLE_TERMS'],
  ['UpdateRenewalTerms', 'INCOMPATIBLE_TERMS'],
  ['ReleaseOffer', 'INVALID_UPDATE_REQUEST'],
]
const frozen = FROZEN.map(
  ([type, code]): Rule => ({
    code,
    on: [type],
    broken: (view) => isReleased(view) && 'the offer is released: withdraw it and create another',
  }),
)

const information: Rule[] = [
  {
    code: 'INCOMPATIBLE_PRODUCT',
    on: ['CreateOffer'],
    broken: ({ offer, offerSet }) => offer.offerSetId && !offerSet && 'OfferSetId names no offer set of yours: create it first',
  },
  {
    code: 'INVALID_UPDATE_REQUEST',
    on: ['UpdateInformation'],
    broken: (view) =>
      isReleased(view) &&
      JSON.stringify(view.before?.preExistingAgreement) !== JSON.stringify(view.offer.preExistingAgreement) &&
      'PreExistingAgreement cannot change after the release',
  },
]

const targeting: Rule[] = [
  {
    code: 'TOO_MANY_BUYER_ACCOUNTS',
    on: ['UpdateTargeting'],
    broken: ({ offer }) => buyersOf(offer).length > MOST_BUYERS && `target up to ${MOST_BUYERS} accounts`,
  },
  {
    code: 'INVALID_BUYER_ACCOUNTS',
    on: ['UpdateTargeting'],
    broken: ({ offer }) =>
      buyersOf(offer).some(isNobody) && `these are no buyers: ${buyersOf(offer).filter(isNobody).join(', ')}`,
  },
  {
    code: 'INVALID_TARGETING',
    on: ['UpdateTargeting'],
    broken: ({ offer: { targeting } }) =>
      targeting?.PositiveTargeting && targeting.NegativeTargeting && 'target positively or negatively, not both',
  },
]

const availability: Rule[] = [
  {
    code: 'MISSING_AVAILABILITY_END_DATE',
    on: ['UpdateAvailability', 'ReleaseOffer'],
    broken: ({ offer }) => !offer.availabilityEndDate && 'set AvailabilityEndDate: a private offer must expire',
  },
  {
    code: 'INVALID_AVAILABILITY_END_DATE',
    on: ['UpdateAvailability', 'ReleaseOffer'],
    broken: (view) =>
      !isReleased(view) &&
      view.offer.availabilityEndDate !== undefined &&
      isPast(view.offer.availabilityEndDate, view.at) &&
      'set AvailabilityEndDate to a day in the future',
  },
]

const EULA = '2022-07-14'
const BUCKET = /^https:\/\/[^/]*\bs3\b[^/]*\.amazonaws\.com\//

const isLegal = (offer: Offer) =>
  termOf(offer, 'LegalTerm')?.Documents.every((each) =>
    each.Type === 'StandardEula' ? each.Version === EULA : BUCKET.test(each.Url),
  )

const legal: Rule = {
  code: 'INVALID_LEGAL_DOCUMENTS',
  on: ['UpdateLegalTerms'],
  broken: ({ offer }) => !isLegal(offer) && `use the StandardEula ${EULA} or a document in S3`,
}

const missing = (code: string, message: string, lacks: (view: View) => boolean): Rule => ({
  code,
  on: ['ReleaseOffer'],
  broken: (view) => lacks(view) && message,
})
const lacksTerm = (term: string, lacks: (offer: Offer) => boolean) =>
  missing('MISSING_MANDATORY_TERMS', `add ${term} before releasing the offer`, ({ offer }) => lacks(offer))

const release: Rule[] = [
  missing('MISSING_NAME', 'set Name before releasing the offer', ({ offer }) => !offer.name),
  missing('MISSING_DESCRIPTION', 'set Description before releasing the offer', ({ offer }) => !offer.description),
  missing('MISSING_BUYER_ACCOUNTS', 'target the buyer accounts of the private offer', ({ offer }) => !buyersOf(offer).length),
  lacksTerm('a pricing term', (offer) => !offer.terms.some(isPricing)),
  lacksTerm('a LegalTerm', (offer) => !termOf(offer, 'LegalTerm')),
  lacksTerm(
    'a FixedUpfrontPricingTerm for the PaymentScheduleTerm',
    (offer) => !!termOf(offer, 'PaymentScheduleTerm') && !termOf(offer, 'FixedUpfrontPricingTerm'),
  ),
  lacksTerm(
    'a PaymentScheduleTerm for the FixedUpfrontPricingTerm',
    (offer) => !!termOf(offer, 'FixedUpfrontPricingTerm') && !termOf(offer, 'PaymentScheduleTerm'),
  ),
  lacksTerm(
    'a ValidityTerm',
    (offer) => !termOf(offer, 'ValidityTerm') && (offer.pricingModel === 'Usage' || !!termOf(offer, 'PaymentScheduleTerm')),
  ),
  missing('INCOMPATIBLE_PRODUCT', 'first create a public offer for the product', ({ product }) => !product?.hasPublicOffer),
]

const RULES = [
  ...information,
  ...targeting,
  ...availability,
  ...PRICING_RULES,
  ...PERIOD_RULES,
  ...PAYMENT_RULES,
  ...RENEWAL_RULES,
  ...REPLACEMENT_RULES,
  ...RESALE_RULES,
  legal,
  ...release,
]

/** The errors of one offer's changes. What a released offer cannot take is not looked at further. */
export const errorsOf = (view: View): { type: ChangeType; error: ErrorDetail }[] => {
  const refused = broken(frozen, view)
  return refused.length ? refused : broken(RULES, view)
}
