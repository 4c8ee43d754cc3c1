import { termOf } from './offer.ts'
import type { Rule, View } from './rule.ts'

const days = (text: string | undefined) => Number.parseInt(text?.slice(1) ?? '0', 10)
const hundredths = (percentage: string) => Math.round(Number(percentage) * 100)
const addsUp = (template: { Schedule: { ChargePercentage: string }[] }) =>
  template.Schedule.reduce((sum, row) => sum + hundredths(row.ChargePercentage), 0) === 100_00

const renewalFault = ({ offer }: View) => {
  const { PriceIncrease, AdjustmentDeadline, LockoutPeriod, TermTemplates = [] } = termOf(offer, 'RenewalTerm') ?? {}
  if (!PriceIncrease) return undefined
  if ((PriceIncrease.Type === 'PercentageRange') !== (AdjustmentDeadline !== undefined))
    return 'AdjustmentDeadline goes with a PercentageRange, and only with it'
  if (AdjustmentDeadline && days(AdjustmentDeadline) <= days(LockoutPeriod))
    return 'AdjustmentDeadline must be longer than LockoutPeriod'
  if ((termOf(offer, 'PaymentScheduleTerm') !== undefined) !== TermTemplates.length > 0)
    return 'a PaymentScheduleTerm and its template go together'
  return TermTemplates.every(addsUp) ? undefined : 'the percentages of the template must add up to 100'
}

/** The rules on how an agreement renews by itself. */
export const RENEWAL_RULES: Rule[] = [
  {
    code: 'MISSING_PRICE_INCREASE',
    on: ['UpdateRenewalTerms'],
    broken: ({ offer }) => {
      const term = termOf(offer, 'RenewalTerm')
      return term && !term.PriceIncrease && 'a private offer needs a PriceIncrease to renew'
    },
  },
  {
    code: 'INVALID_UPDATE_REQUEST',
    on: ['UpdateRenewalTerms'],
    broken: renewalFault,
  },
]
