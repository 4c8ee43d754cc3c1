import { after } from './duration.ts'
import { fixedOf, has, hasTwice, pricingTerms, type Rule, type View } from './rule.ts'
import type { PricingTerm } from './term-fields.ts'

type Configurable = Extract<PricingTerm, { Type: 'ConfigurableUpfrontPricingTerm' }>
const cards = (view: View): Configurable['RateCards'] =>
  pricingTerms(view).flatMap((term) => (term.Type === 'ConfigurableUpfrontPricingTerm' ? term.RateCards : []))
const keysOf = (card: { RateCard: { DimensionKey: string }[] }) => card.RateCard.map((rate) => rate.DimensionKey)

const unknownDimensions = ({ product }: View, keys: string[]) => {
  const unknown = keys.filter((key) => !product?.dimensions.some((dimension) => dimension.key === key))
  return unknown.length > 0 && `the product has no dimension ${unknown.join(', ')}`
}

// A contract buys entitlements ahead; usage alone is billed afterwards.
const isContract = (view: View) => has(view, 'FixedUpfrontPricingTerm') || has(view, 'ConfigurableUpfrontPricingTerm')

const onPricing = (code: string, broken: Rule['broken']): Rule => ({ code, on: ['UpdatePricingTerms'], broken })
/** The rules of UpdatePricingTerms. */
export const PRICING_RULES: Rule[] = [
  onPricing(
    'DUPLICATE_TERM_TYPES',
    (view) => hasTwice(pricingTerms(view).map((term) => term.Type)) && 'give each type of term once',
  ),
  onPricing(
    'INCOMPATIBLE_TERMS',
    (view) =>
      has(view, 'FixedUpfrontPricingTerm') &&
      has(view, 'ConfigurableUpfrontPricingTerm') &&
      'choose FixedUpfrontPricingTerm or ConfigurableUpfrontPricingTerm',
  ),
  onPricing(
    'INCOMPATIBLE_PRICING_MODEL',
    (view) => isContract(view) !== (view.offer.pricingModel === 'Contract') && 'the terms do not fit the PricingModel',
  ),
  onPricing('INVALID_GRANTS', (view) => unknownDimensions(view, fixedOf(view)?.Grants.map((grant) => grant.DimensionKey) ?? [])),
  onPricing('INVALID_RATE_CARD', (view) =>
    unknownDimensions(
      view,
      pricingTerms(view).flatMap((term) => ('RateCards' in term ? term.RateCards.flatMap(keysOf) : [])),
    ),
  ),
  onPricing(
    'DUPLICATE_SELECTORS',
    (view) => hasTwice(cards(view).map((card) => after(view.at, card.Selector.Value))) && 'give each duration one rate card',
  ),
  onPricing(
    'DUPLICATE_DIMENSION_KEYS',
    (view) => cards(view).some((card) => hasTwice(keysOf(card))) && 'price each dimension once in a rate card',
  ),
  onPricing(
    'INCOMPATIBLE_RATES',
    (view) =>
      new Set(cards(view).map((card) => keysOf(card).toSorted().join())).size > 1 &&
      'price the same dimensions for every duration',
  ),
  onPricing('INCOMPATIBLE_RATE_CARD_CONSTRAINTS', (view) => {
    const choices = cards(view).flatMap(({ Constraints: { MultipleDimensionSelection, QuantityConfiguration } }) => [
      MultipleDimensionSelection,
      QuantityConfiguration,
    ])
    return new Set(choices).size > 1 && 'make all constraints Allowed or all Disallowed'
  }),
  {
    code: 'INCOMPATIBLE_CURRENCY_CODE',
    on: ['UpdatePaymentScheduleTerms', 'UpdatePricingTerms'],
    broken: (view) => {
      const codes = view.offer.terms.flatMap((term) => ('CurrencyCode' in term ? [term.CurrencyCode] : []))
      if (new Set(codes).size > 1) return 'use one CurrencyCode in all terms'
      return has(view, 'UsageBasedPricingTerm') && !codes.includes('USD') && 'price usage in USD'
    },
  },
]
