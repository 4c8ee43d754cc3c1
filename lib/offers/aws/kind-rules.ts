import type { AwsOffer } from '../offer.ts'
import { isUsageOnly } from './pricing.ts'
import { RESALE_RULES } from './resale-rules.ts'
import { problem, type Rule, repeated } from './rule.ts'
import { starting } from './start-rules.ts'

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

const inSet: Rule = ({ offerSetId, replaces }) =>
  problem(
    !!offerSetId && !!replaces,
    'INCOMPATIBLE_OFFER_SET_REFERENCE',
    'offerSetId',
    'a replacement is accepted alone: leave the set out',
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

const isForAnyone = ({ authorises, buyerAccountIds }: AwsOffer) => authorises !== undefined && buyerAccountIds === undefined

const targeted: Rule = (offer) => {
  const { buyerAccountIds, replaces } = offer
  const isMissing = !buyerAccountIds?.length && !replaces && !isForAnyone(offer)
  return [
    ...problem(
      isMissing,
      'MISSING_BUYER_ACCOUNTS',
      'buyerAccountIds',
      'name the AWS account that shall accept, by its id of 12 digits',
    ),
    ...problem(
      !!buyerAccountIds && !!replaces,
      'INCOMPATIBLE_TARGETING',
      'buyerAccountIds',
      'the buyer of the replaced agreement accepts, nobody else: leave the accounts out',
    ),
  ]
}

const replacing: Rule = (offer) => {
  const { replaces, endsOn, startsOn, expiresOn } = offer
  if (!replaces)
    return problem(
      !!endsOn,
      'INCOMPATIBLE_TERMS',
      'endsOn',
      'only what replaces an agreement ends on a day: give termMonths alone',
    )
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
  ]
}

const added: Rule = ({ newDimensions = [] }: AwsOffer) =>
  repeated(
    newDimensions.map(({ key }) => key),
    'DUPLICATE_DIMENSION_KEYS',
    (index) => `newDimensions.${index}.key`,
  )

/** Which parts of an offer go together. */
export const KIND_RULES: Rule[] = [sold, scheduled, ...RESALE_RULES, inSet, chosen, metered, targeted, replacing, starting, added]
