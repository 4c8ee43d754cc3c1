import { exact, scale } from '../core/money.ts'
import { monthText } from '../core/period.ts'
import { type Account, accountOf } from './account.ts'
import { type Aggregates, emptyAggregates, PROGRAMME } from './aggregate.ts'
import { creditOn } from './attachment.ts'
import { lastDay } from './calendar.ts'
import type { RateTable } from './rates.ts'
import { flag, type Ratio, ratio } from './ratio.ts'
import { addRevenue, totalRevenueOf } from './revenue.ts'
import { MARGIN_UNITS } from './ropi.ts'
import type { Row } from './row.ts'
import { cellsIn, customerSince } from './sums.ts'

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
const isEngaged = ({ spans }: Account, since: number, partnerId: string | undefined): boolean => {
  const { sourcing, influencing } = creditOn(spans, lastDay(since))
  const partners = sourcing === undefined ? influencing : [sourcing, ...influencing]
  return partnerId === undefined ? partners.length > 0 : partners.includes(partnerId)
}

/** The months in which the row has revenue. */
const monthsIn = ({ monthly }: Aggregates): Set<number> => {
  const series = monthly.revenue.get(PROGRAMME)
  return new Set(series && [...cellsIn(series)].map(({ month }) => month))
}

/** Adds a customer's revenue up to a month to its cohort; what it bought before it became a customer counts at its start. */
export const addLifetime = (cohorts: Cohorts, row: Row, rates: RateTable, month: number, partnerId: string | undefined) => {
  const account = accountOf(row)
  const since = customerSince(account, rates)
  if (since === undefined || !isEngaged(account, since, partnerId)) return
  const own = emptyAggregates()
  addRevenue(own, account, rates)
  const cohort = cohorts.get(since) ?? { customers: 0, revenue: new Map<number, number>(), isExtrapolated: false }
  cohorts.set(since, cohort)
  cohort.customers += 1
  for (const at of monthsIn(own)) {
    if (at > month) continue
    const age = Math.max(0, at - since)
    const { total, rateExtrapolated } = totalRevenueOf(own, at)
    cohort.revenue.set(
      age,
      exact((cohort.revenue.get(age) ?? 0) + Number(total), `revenue of the customers of ${monthText(since)}`),
    )
    cohort.isExtrapolated ||= rateExtrapolated === true
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
