import { dayNumber } from '../../../../lib/core/period.ts'
import { after } from './duration.ts'
import { periodOf, termOf } from './offer.ts'
import type { Renewal } from './renewal-fields.ts'
import { hasTwice, pricingTerms, type Rule, type View } from './rule.ts'

const daysOf = (duration = 'P0D') => Number.parseInt(duration.slice(1), 10)
const hundredths = (percentage: string) => Math.round(Number(percentage) * 100)
const scheduleOf = ({ TermTemplates = [] }: Renewal) => TermTemplates.flatMap(({ Schedule }) => Schedule)

type Term = { start: string; end: string }

/** As if the buyer accepted now, and chose the shortest duration. */
const termIn = ({ offer, at }: View): Term => {
  const durations = offer.terms.flatMap((term) =>
    term.Type === 'ConfigurableUpfrontPricingTerm' ? term.RateCards.map(({ Selector }) => after(at, Selector.Value)) : [],
  )
  const { start, end = durations.toSorted()[0] ?? '9999-01-01' } = periodOf(offer, at)
  return { start, end }
}

const lengthOf = ({ start, end }: Term) => dayNumber(end.slice(0, 10)) - dayNumber(start.slice(0, 10))

/** A first day of the offset's month (or its day) that lies on or after the end. */
const isBeyond = ({ ChargeDateOffset }: { ChargeDateOffset: string }, { start, end }: Term) =>
  after(start, ChargeDateOffset) >= end
const isInLastMonth = ({ ChargeDateOffset }: { ChargeDateOffset: string }, term: Term) =>
  ChargeDateOffset.endsWith('M') && isBeyond({ ChargeDateOffset: `P${daysOf(ChargeDateOffset) + 1}M` }, term)

const forRenewal = (code: string, broken: (renewal: Renewal, view: View) => string | undefined | false): Rule => ({
  code,
  on: ['UpdateRenewalTerms'],
  broken: (view) => {
    const renewal = termOf(view.offer, 'RenewalTerm')
    return renewal && broken(renewal, view)
  },
})

const DEADLINE_RULES: Rule[] = [
  forRenewal(
    'MISSING_ADJUSTMENT_DEADLINE',
    ({ PriceIncrease, AdjustmentDeadline }) =>
      PriceIncrease?.Type === 'PercentageRange' && !AdjustmentDeadline && 'add an AdjustmentDeadline for the PercentageRange',
  ),
  forRenewal('INVALID_ADJUSTMENT_DEADLINE', ({ PriceIncrease, AdjustmentDeadline, LockoutPeriod }, view) => {
    if (!AdjustmentDeadline) return undefined
    if (PriceIncrease?.Type === 'FixedPercentage') return 'a FixedPercentage has no AdjustmentDeadline'
    if (daysOf(AdjustmentDeadline) <= daysOf(LockoutPeriod)) return 'make AdjustmentDeadline a day longer than LockoutPeriod'
    return daysOf(AdjustmentDeadline) >= lengthOf(termIn(view)) && 'make AdjustmentDeadline shorter than the agreement'
  }),
  forRenewal(
    'INVALID_LOCKOUT_PERIOD',
    ({ LockoutPeriod }, view) =>
      daysOf(LockoutPeriod) >= lengthOf(termIn(view)) && 'make LockoutPeriod shorter than the agreement',
  ),
]

const TEMPLATE_RULES: Rule[] = [
  forRenewal(
    'MISSING_PAYMENT_SCHEDULE_TERM_TEMPLATE',
    (renewal, { offer }) =>
      termOf(offer, 'PaymentScheduleTerm') && scheduleOf(renewal).length === 0 && 'add a template for the PaymentScheduleTerm',
  ),
  forRenewal(
    'INCOMPATIBLE_TERMS',
    (renewal, { offer }) =>
      !termOf(offer, 'PaymentScheduleTerm') &&
      scheduleOf(renewal).length > 0 &&
      'a template goes with a PaymentScheduleTerm only',
  ),
  forRenewal(
    'DUPLICATE_CHARGE_DATE_OFFSETS',
    (renewal) =>
      hasTwice(scheduleOf(renewal).map((row) => `${row.ChargeDateOffset} ${row.DayOfMonth}`)) &&
      'charge once on each offset and day',
  ),
  forRenewal(
    'INVALID_CHARGE_DATE_OFFSETS',
    (renewal, view) => scheduleOf(renewal).some((row) => isBeyond(row, termIn(view))) && 'charge before the end of the agreement',
  ),
  forRenewal('INVALID_DAY_OF_MONTH', (renewal, view) => {
    const rows = scheduleOf(renewal).filter(({ DayOfMonth }) => DayOfMonth)
    if (rows.filter(({ ChargeDateOffset }) => /^P0+M$/.test(ChargeDateOffset)).length > 1)
      return 'give P0M one DayOfMonth at most'
    const isLast = rows.some((row) => !isBeyond(row, termIn(view)) && isInLastMonth(row, termIn(view)))
    return isLast && 'leave DayOfMonth out in the final month of the agreement'
  }),
  forRenewal('INVALID_CHARGE_PERCENTAGES', (renewal) => {
    const rows = scheduleOf(renewal)
    const sum = rows.reduce((total, { ChargePercentage }) => total + hundredths(ChargePercentage), 0)
    return rows.length > 0 && sum !== 100_00 && 'the percentages of the template must add up to 100'
  }),
]

/** The rules on how an agreement renews by itself. */
export const RENEWAL_RULES: Rule[] = [
  forRenewal('MISSING_PRICE_INCREASE', ({ PriceIncrease }) => !PriceIncrease && 'a private offer needs a PriceIncrease to renew'),
  forRenewal(
    'INCOMPATIBLE_TERMS',
    (_, view) =>
      pricingTerms(view).every(({ Type }) => Type === 'UsageBasedPricingTerm') &&
      'usage alone does not renew: leave RenewalTerm out',
  ),
  ...DEADLINE_RULES,
  ...TEMPLATE_RULES,
]
