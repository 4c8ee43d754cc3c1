import { isUsageOnly } from './pricing.ts'
import { problem, type Rule } from './rule.ts'

const ending: Rule = ({ replaces, endsOn }) =>
  problem(
    !!endsOn && !replaces,
    'INCOMPATIBLE_TERMS',
    'endsOn',
    'only what replaces an agreement ends on a day: give termMonths alone',
  )

const replacing: Rule = (offer) => {
  const { replaces, endsOn, startsOn, expiresOn } = offer
  if (!replaces) return []
  return [
    ...problem(!endsOn, 'MISSING_AGREEMENT_END_DATE', 'endsOn', 'give the last day of the agreement'),
    ...problem(
      !!endsOn && endsOn <= expiresOn,
      'INVALID_AGREEMENT_END_DATE',
      'endsOn',
      `must be after expiresOn (${expiresOn}): the buyer may accept until then`,
    ),
    ...problem(!!startsOn, 'INCOMPATIBLE_TERMS', 'startsOn', 'a replacement starts when it is accepted: leave it out'),
    ...problem(
      isUsageOnly(offer),
      'INCOMPATIBLE_PRICING_MODEL',
      'usage',
      'only a contract replaces a contract: add grants or rates',
    ),
    ...problem(
      offer.resale?.pricing === 'usage',
      'INCOMPATIBLE_PRICING_MODEL',
      'resale.pricing',
      'only a contract replaces a contract: name an authorisation with a fixed price or rates',
    ),
  ]
}

/** What takes the place of an agreement. */
export const REPLACEMENT_RULES: Rule[] = [ending, replacing]
