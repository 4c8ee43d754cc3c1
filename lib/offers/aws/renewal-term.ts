import type { AutoRenewal } from '../auto-renewal.ts'

type PriceIncrease = NonNullable<AutoRenewal['priceIncrease']>
type Installment = NonNullable<AutoRenewal['installments']>[number]

const percentage = (percent: string) => Number(percent).toFixed(2)
const days = (count: number) => `P${count}D`

const increase = (priceIncrease: PriceIncrease) => {
  if (priceIncrease.type === 'fixed') return { Type: 'FixedPercentage', Value: percentage(priceIncrease.percent) }
  const { fromPercent, toPercent, defaultPercent } = priceIncrease
  const values = { MinValue: percentage(fromPercent), MaxValue: percentage(toPercent), DefaultValue: percentage(defaultPercent) }
  return { Type: 'PercentageRange', Range: values }
}

const charge = ({ afterMonths, afterDays = 0, percent, dayOfMonth }: Installment) => ({
  ChargeDateOffset: afterMonths === undefined ? days(afterDays) : `P${afterMonths}M`,
  ChargePercentage: percentage(percent),
  ...(dayOfMonth && { DayOfMonth: dayOfMonth }),
})

/** How the agreement of an offer renews itself, in the words of the Catalog API. */
export const renewalTerm = (renewal: AutoRenewal) => {
  const { priceIncrease, lockoutDays, adjustmentDeadlineDays, maxRenewals, installments } = renewal
  return {
    Type: 'RenewalTerm',
    ...(lockoutDays && { LockoutPeriod: days(lockoutDays) }),
    ...(adjustmentDeadlineDays && { AdjustmentDeadline: days(adjustmentDeadlineDays) }),
    ...(maxRenewals && { MaxRenewals: maxRenewals }),
    ...(priceIncrease && { PriceIncrease: increase(priceIncrease) }),
    ...(installments && { TermTemplates: [{ Type: 'PaymentScheduleTermTemplate', Schedule: installments.map(charge) }] }),
  }
}
