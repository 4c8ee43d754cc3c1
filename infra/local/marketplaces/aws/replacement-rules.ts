import { isPricing, type Offer, termOf } from './offer.ts'
import type { Rule, View } from './rule.ts'

const pricingOf = ({ terms }: Pick<Offer, 'terms'>) =>
  terms
    .filter(isPricing)
    .map(({ Type }) => Type)
    .toSorted()
    .join()

const forReplacement = (code: string, on: Rule['on'], broken: (view: View) => string | undefined | false): Rule => ({
  code,
  on,
  broken: (view) => view.offer.replaces !== undefined && broken(view),
})

/** The rules on an offer that takes the place of an agreement. */
export const REPLACEMENT_RULES: Rule[] = [
  forReplacement(
    'INCOMPATIBLE_AGREEMENT',
    ['CreateReplacementOffer', 'CreateReplacementOfferUsingResaleAuthorization'],
    ({ replaced }) => replaced?.status !== 'ACTIVE' && 'only an active agreement can be replaced',
  ),
  forReplacement(
    'INCOMPATIBLE_AGREEMENT',
    ['CreateReplacementOffer'],
    ({ replaced }) => replaced?.resaleAuthorizationId && 'use CreateReplacementOfferUsingResaleAuthorization for what was resold',
  ),
  forReplacement('INCOMPATIBLE_TARGETING', ['UpdateTargeting'], () => "the buyer is the agreement's: leave the targeting out"),
  forReplacement(
    'INCOMPATIBLE_PRICING_MODEL',
    ['UpdatePricingTerms'],
    ({ offer }) => offer.pricingModel !== 'Contract' && 'only a contract can replace a contract',
  ),
  forReplacement(
    'INCOMPATIBLE_AGREEMENT',
    ['UpdatePricingTerms', 'UpdateMarkup'],
    ({ offer, replaced }) =>
      replaced && pricingOf(offer) !== pricingOf(replaced) && 'keep the types of pricing terms of the agreement',
  ),
  forReplacement(
    'INCOMPATIBLE_TERMS',
    ['UpdateValidityTerms'],
    ({ offer }) =>
      (termOf(offer, 'ValidityTerm')?.AgreementDuration || termOf(offer, 'ValidityTerm')?.AgreementStartDate) &&
      'a replacement starts when it is accepted: give AgreementEndDate alone',
  ),
  forReplacement(
    'MISSING_AGREEMENT_END_DATE',
    ['ReleaseOffer'],
    ({ offer }) => !termOf(offer, 'ValidityTerm')?.AgreementEndDate && 'set AgreementEndDate before releasing the offer',
  ),
]
