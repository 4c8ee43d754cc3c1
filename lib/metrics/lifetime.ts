import { exact, scale } from '../core/money.ts'
import { monthText } from '../core/period.ts'
import { accountOf } from './account.ts'
import { type Aggregates, itemsOf, PROGRAMME, read } from './aggregate.ts'
import { creditOn } from './attachment.ts'
import { lastDay } from './calendar.ts'
import { customerSince } from './cut.ts'
import { flag, type Ratio, ratio } from './ratio.ts'
import { MARGIN_UNITS } from './ropi.ts'
import type { Row } from './row.ts'

/** What customers that started in a month brought, by the months since then. */
type Cohort = { customers: number; revenue: Map<number, number>; isExtrapolated: boolean }

/** Cohorts by their month. */
export type Cohorts = Map<number, Cohort>

export type LifetimeValue = {
  cohort: string
  customers: number
  /** `month` counts from 0, the cohort's own; `customers` are those who can be seen for so long. */
  months: { month: number; customers: number; value: Ratio }[]
  rateExtrapolated?: true
}

/** Whether partners brought the customer: all of them together, or the one that is asked for. */
const isEngaged = (row: Row, since: number, partnerId: string | undefined): boolean => {
  const { sourcing, influencing } = creditOn(accountOf(row).spans, lastDay(since))
  const partners = sourcing === undefined ? influencing : [sourcing, ...influencing]
  return partnerId === undefined ? partners.length > 0 : partners.includes(partnerId)
}

/** Adds a customer's revenue up to a month to its cohort; what it bought before it became a customer counts at its start. */
export const addLifetime = (cohorts: Cohorts, row: Row, own: Aggregates, month: number, partnerId: string | undefined) => {
  const since = customerSince(own)
  if (since === undefined || since > month || !isEngaged(row, since, partnerId)) return
  const cohort = cohorts.get(since) ?? { customers: 0, revenue: new Map<number, number>(), isExtrapolated: false }
  cohorts.set(since, cohort)
  cohort.customers += 1
  for (const item of itemsOf(own, 'revenue')) {
    if (item.scope !== PROGRAMME || item.month > month) continue
    const age = Math.max(0, item.month - since)
    const amount = read(item, 'sourced') + read(item, 'influenced') + read(item, 'direct')
    cohort.revenue.set(age, exact((cohort.revenue.get(age) ?? 0) + amount, `revenue of the customers of ${monthText(since)}`))
    cohort.isExtrapolated ||= read(item, 'credits-extrapolated') > 0
  }
}

const upTo = ({ revenue }: Cohort, age: number) =>
  [...revenue].reduce((total, [month, amount]) => (month <= age ? total + amount : total), 0)

const total = (numbers: number[]) =>
  exact(
    numbers.reduce((sum, each) => sum + each, 0),
    'lifetime value',
  )

const rowOf = (name: string, cohorts: [since: number, cohort: Cohort][], month: number, grossMargin: number): LifetimeValue => {
  const oldest = Math.min(...cohorts.map(([since]) => since))
  const at = (age: number) => {
    const seen = cohorts.filter(([since]) => since + age <= month).map(([, cohort]) => cohort)
    const customers = total(seen.map((cohort) => cohort.customers))
    const revenue = total(seen.map((cohort) => upTo(cohort, age)))
    return {
      month: age,
      customers,
      value: ratio(scale(revenue, { numerator: grossMargin, denominator: MARGIN_UNITS }), customers),
    }
  }
  return {
    cohort: name,
    customers: total(cohorts.map(([, cohort]) => cohort.customers)),
    months: Array.from({ length: month - oldest + 1 }, (_, age) => at(age)),
    ...flag(cohorts.some(([, { isExtrapolated }]) => isExtrapolated)),
  }
}

/**
 * Gross-margin revenue a customer has brought by each month since its start: observed, not predicted. Of all cohorts together, at
 * each age those that are old enough, so that young ones do not make it smaller; and of each cohort.
 */
export const lifetimeValuesOf = (cohorts: Cohorts, month: number, grossMargin: number): LifetimeValue[] => {
  const all = [...cohorts].filter(([since]) => since <= month).sort(([a], [b]) => a - b)
  if (all.length === 0) return []
  const each = all.map((cohort) => rowOf(monthText(cohort[0]), [cohort], month, grossMargin))
  return [rowOf('all', all, month, grossMargin), ...each]
}
