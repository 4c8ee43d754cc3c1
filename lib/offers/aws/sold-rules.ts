import type { AwsOffer } from '../offer.ts'
import { problem, type Rule, repeated } from './rule.ts'

const sold: Rule = ({ grants, rates, usage, resale }) => [
  ...problem(
    !grants && !rates && !usage && !resale,
    'MISSING_MANDATORY_TERMS',
    'grants',
    'say what is sold: grants (a fixed contract), rates (the buyer chooses), usage (metered) or resale',
  ),
  ...problem(grants?.length === 0, 'INVALID_GRANTS', 'grants', 'grant at least one dimension of the product'),
  ...problem(
    !!grants && !!rates,
    'INCOMPATIBLE_TERMS',
    'rates',
    'an offer is fixed or chosen by the buyer: keep grants or rates',
  ),
]

const scheduled: Rule = ({ schedule, grants, resale }) =>
  problem(
    !!schedule && !grants && !resale,
    'INCOMPATIBLE_TERMS',
    'schedule',
    'only a fixed contract is paid by a schedule: give grants, or leave the schedule out',
  )

const keysOf = ({ rates }: { rates: { dimension: string }[] }) => rates.map(({ dimension }) => dimension)

const chosen: Rule = ({ rates, termMonths }) => {
  if (!rates) return []
  const [first] = rates
  return [
    ...repeated(
      rates.map(({ months }) => String(months)),
      'DUPLICATE_SELECTORS',
      (index) => `rates.${index}.months`,
    ),
    ...rates.flatMap((card, index) => [
      ...repeated(keysOf(card), 'DUPLICATE_DIMENSION_KEYS', (at) => `rates.${index}.rates.${at}.dimension`),
      ...problem(
        first !== undefined && keysOf(card).toSorted().join() !== keysOf(first).toSorted().join(),
        'INCOMPATIBLE_RATES',
        `rates.${index}.rates`,
        'price the same dimensions for every duration',
      ),
    ]),
    ...problem(
      !rates.some(({ months }) => months === termMonths),
      'INVALID_SELECTOR_DURATION_VALUE',
      'termMonths',
      'name the duration that you expect the buyer to choose: one of rates.months',
    ),
  ]
}

const metered: Rule = ({ usage, price }) => [
  ...repeated(
    (usage ?? []).map(({ dimension }) => dimension),
    'DUPLICATE_DIMENSION_KEYS',
    (index) => `usage.${index}.dimension`,
  ),
  ...problem(
    !!usage && price.currency !== 'USD',
    'INCOMPATIBLE_CURRENCY_CODE',
    'price.currency',
    'AWS meters in USD only, and an offer has one currency: price it in USD, or leave usage out',
  ),
]

const added: Rule = ({ newDimensions = [] }: AwsOffer) =>
  repeated(
    newDimensions.map(({ key }) => key),
    'DUPLICATE_DIMENSION_KEYS',
    (index) => `newDimensions.${index}.key`,
  )

/** What is sold: fixed, chosen by the buyer or metered, of which dimensions. */
export const SOLD_RULES: Rule[] = [sold, scheduled, chosen, metered, added]
