import { monthIndex, monthText } from '../core/period.ts'
import { type Aggregates, type Contribution, contributionsIn, type Family, PROGRAMME, type Window } from './aggregate.ts'
import { acquisitionCostOf } from './cac.ts'
import type { MetricsDocument } from './document.ts'
import { retentionOf } from './nrr.ts'
import { partnerRevenueOf, totalRevenueOf } from './revenue.ts'
import { returnsOf } from './ropi.ts'
import { timeToValueOf } from './ttv.ts'

export const METRICS = ['ttv', 'cac', 'nrr', 'ropi', 'revenue'] as const
export type Metric = (typeof METRICS)[number]

/** One value: of a metric, a month, and a partner or else the whole programme. `window` matters to retention alone. */
export type ValueName = { metric: Metric; period: string; window: Window; partnerId?: string | undefined }

/** The months whose sums a value is made of; all where it has no month of its own. */
export const monthsOf = ({ metric, period, window }: ValueName) => {
  const last = monthIndex(period)
  switch (metric) {
    case 'nrr':
      return { base: last - window, first: last, last }
    case 'ropi':
      return { base: last - 11, first: last - 11, last }
    default:
      return { base: last, first: last, last }
  }
}

export const familiesOf = ({ metric, window }: ValueName): Family[] => {
  switch (metric) {
    case 'nrr':
      return [`retention-${window}`]
    case 'revenue':
      return ['revenue']
    case 'ropi':
      return ['revenue', 'partner-cost']
    case 'cac':
      return ['customers', 'spend']
    case 'ttv':
      return ['onboarding', 'first-revenue']
  }
}

/** Those of the sums that a value is made of. */
export const contributionsBehind = (aggregates: Aggregates, name: ValueName): Contribution[] => {
  const { first, last } = monthsOf(name)
  const families = new Set(familiesOf(name))
  const isOfMonths = ({ year, cell }: Contribution) => {
    const month = year * 12 + Number(cell.slice(0, 2)) - 1
    return first <= month && month <= last
  }
  const isOfScope = ({ scope }: Contribution) => scope === (name.partnerId ?? PROGRAMME)
  return contributionsIn(aggregates).filter(
    (one) => families.has(one.family) && (name.metric === 'ttv' || (isOfMonths(one) && isOfScope(one))),
  )
}

type Section = Pick<MetricsDocument, 'nrr' | 'revenue' | 'revenueTotals' | 'ttv' | 'cac' | 'ropi'>

/** What the values of a month are by sums: also where nothing is behind them. */
export const sectionOf = (aggregates: Aggregates, name: ValueName, by: { asOfDay: number; grossMargin: number }): Section => {
  const { last } = monthsOf(name)
  return {
    nrr: retentionOf(aggregates, last, name.window),
    revenue: partnerRevenueOf(aggregates, last),
    revenueTotals: [totalRevenueOf(aggregates, last)],
    ttv: timeToValueOf(aggregates, by.asOfDay).filter(({ cohort }) => cohort === 'all' || cohort === monthText(last)),
    cac: [acquisitionCostOf(aggregates, last, last)],
    ropi: returnsOf(aggregates, last, by.grossMargin),
  }
}

type Row = Section[keyof Section][number]
/** A row of the metric's list; of time to value there are two, for all partners and for those that began in the month. */
export type Value = Row | Row[] | null

/** The value among those of its month; null where there is none. */
export const valueIn = (section: Section, { metric, period, window, partnerId }: ValueName): Value => {
  const isAsked = (row: { month: string; partnerId: string }) => row.month === period && row.partnerId === (partnerId ?? 'all')
  switch (metric) {
    case 'nrr':
      return section.nrr.find((row) => isAsked(row) && row.window === window) ?? null
    case 'revenue':
      return (partnerId ? section.revenue.find(isAsked) : section.revenueTotals.find(({ month }) => month === period)) ?? null
    case 'ropi':
      return section.ropi.find(isAsked) ?? null
    case 'cac':
      return section.cac.find(({ from, to }) => from === period && to === period) ?? null
    case 'ttv':
      return section.ttv
  }
}
