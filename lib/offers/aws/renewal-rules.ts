import { dayNumber } from '../../core/period.ts'
import type { AutoRenewal } from '../auto-renewal.ts'
import type { AwsOffer, Problem } from '../offer.ts'
import { isUsageOnly } from './pricing.ts'
import { problem, type Rule } from './rule.ts'
import { endOf, startOf } from './schedule-rules.ts'
import { templateProblems } from './template-rules.ts'

type RenewalRule = (renewal: AutoRenewal, offer: AwsOffer, today: string) => Problem[]

const DEADLINE = 'autoRenewal.adjustmentDeadlineDays'

/** AWS refuses it of usage alone; for what goes through a reseller it documents no such terms. */
const renewable: RenewalRule = (_, offer) => [
  ...problem(
    isUsageOnly(offer),
    'INCOMPATIBLE_TERMS',
    'autoRenewal',
    'only a contract renews itself, usage goes on until its end: add grants or rates, or leave it out',
  ),
  ...problem(
    !!offer.resale || !!offer.authorises,
    'INCOMPATIBLE_TERMS',
    'autoRenewal',
    'what is sold through a reseller does not renew itself: leave it out, and offer the renewal when it is due',
  ),
]

const increasing: RenewalRule = ({ priceIncrease }) => {
  const TARGET = 'autoRenewal.priceIncrease'
  if (!priceIncrease)
    return problem(
      true,
      'MISSING_PRICE_INCREASE',
      TARGET,
      'say by how much the price increases: {"type": "fixed", "percent": "0"} for not at all',
    )
  if (priceIncrease.type === 'fixed') return []
  const from = Number(priceIncrease.fromPercent)
  const to = Number(priceIncrease.toPercent)
  const otherwise = Number(priceIncrease.defaultPercent)
  return [
    ...problem(from === to, 'INVALID_PERCENTAGE_RANGE', TARGET, 'is one percentage: give it as type fixed'),
    ...problem(
      from > to,
      'INVALID_PERCENTAGE_RANGE',
      `${TARGET}.fromPercent`,
      `must be less than toPercent (${to}): exchange the two`,
    ),
    ...problem(
      from < to && (otherwise < from || otherwise > to),
      'INVALID_PERCENTAGE_RANGE',
      `${TARGET}.defaultPercent`,
      `must lie in the range: choose one from ${from} to ${to}`,
    ),
  ]
}

const settled: RenewalRule = ({ priceIncrease, adjustmentDeadlineDays, lockoutDays }) => [
  ...problem(
    priceIncrease?.type === 'range' && !adjustmentDeadlineDays,
    'MISSING_ADJUSTMENT_DEADLINE',
    DEADLINE,
    'say how many days before the end you will have settled on a percentage of the range',
  ),
  ...problem(
    priceIncrease?.type === 'fixed' && !!adjustmentDeadlineDays,
    'INVALID_ADJUSTMENT_DEADLINE',
    DEADLINE,
    'a fixed percentage leaves nothing to settle: leave it out, or give a range',
  ),
  ...problem(
    !!adjustmentDeadlineDays && !!lockoutDays && adjustmentDeadlineDays <= lockoutDays,
    'INVALID_ADJUSTMENT_DEADLINE',
    DEADLINE,
    `must be more than lockoutDays (${lockoutDays}), since the buyer decides on a settled price: take more days, or fewer lockoutDays`,
  ),
]

const shortestTerm = (offer: AwsOffer): AwsOffer => {
  const months = offer.rates?.map((card) => card.months) ?? []
  return { ...offer, termMonths: Math.min(offer.termMonths, ...months) }
}

/** Both days must lie within the agreement, whichever duration the buyer chooses. */
const inTerm: RenewalRule = ({ lockoutDays = 0, adjustmentDeadlineDays = 0 }, offer, today) => {
  const length = dayNumber(endOf(shortestTerm(offer), today)) - dayNumber(startOf(offer, today))
  const message = `must be less than the ${length} days of the agreement: take fewer`
  return [
    ...problem(lockoutDays >= length, 'INVALID_LOCKOUT_PERIOD', 'autoRenewal.lockoutDays', message),
    ...problem(adjustmentDeadlineDays >= length, 'INVALID_ADJUSTMENT_DEADLINE', DEADLINE, message),
  ]
}

const paid: RenewalRule = ({ installments }, { schedule, resale }) => [
  ...problem(
    !!schedule && !installments,
    'MISSING_PAYMENT_SCHEDULE_TERM_TEMPLATE',
    'autoRenewal.installments',
    'say how the price of a renewed term is paid, since this one is paid by a schedule',
  ),
  ...problem(
    !!installments && !schedule && !resale,
    'INCOMPATIBLE_TERMS',
    'autoRenewal.installments',
    'the price is paid at once, and so is that of a renewed term: leave them out, or give a schedule',
  ),
]

const templated: RenewalRule = ({ installments }, offer, today) =>
  installments ? templateProblems(installments, offer, today) : []

const RULES = [renewable, increasing, settled, inTerm, paid, templated]

/** How an agreement renews itself (AWS's reference: "Modify renewal options"). */
export const RENEWAL_RULES: Rule[] = RULES.map(
  (rule) => (offer, today) => (offer.autoRenewal ? rule(offer.autoRenewal, offer, today) : []),
)
