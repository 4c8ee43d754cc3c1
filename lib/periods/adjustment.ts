import { dayNumber, MonthText, monthIndex } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { type Contribution, contributionsIn, difference, emptyAggregates, WINDOWS } from '../metrics/aggregate.ts'
import { narrowed } from '../metrics/as-of.ts'
import { behind } from '../metrics/behind.ts'
import { firstDay } from '../metrics/calendar.ts'
import { addRow } from '../metrics/contribution.ts'
import { Evidence, evidenceOf } from '../metrics/evidence.ts'
import type { Fact, PublishedRate } from '../metrics/fact.ts'
import { Part, partsIn, Subject, subjectOf } from '../metrics/lineage.ts'
import { type RateTable, rateTable } from '../metrics/rates.ts'
import type { Row } from '../metrics/row.ts'
import { familiesOf, type ValueName } from '../metrics/value.ts'
import { Change } from './restatement.ts'

/** What has changed in one row since a month was closed, and why. */
export const Adjustment = z.named(
  z.object({
    row: Subject,
    parts: z.described(
      z.array(Part),
      'what the row adds to the reported sums; over all rows they add up to restated less reported',
    ),
    events: z.described(z.array(Evidence), 'the facts that came to be known since'),
  }),
  'Adjustment',
)
export type Adjustment = z.infer<typeof Adjustment>

export const Adjustments = z.named(
  z.object({
    period: MonthText,
    closedAt: z.string(),
    values: z.described(z.optional(z.array(Change)), 'on the first page: each value that is another one now'),
    items: z.array(Adjustment),
    cursor: z.optional(z.string()),
  }),
  'Adjustments',
)
export type Adjustments = z.infer<typeof Adjustments>

/** The reach of a closed month: its own sums, those of the 12 months up to it, and days up to that of the close. */
export type Reach = { period: string; closedAt: string }

/**
 * Whether a sum belongs to what a closed month reports. Onboardings and first revenue after the day of the close are history that
 * goes on, not another view of what was.
 */
export const isReported = ({ period, closedAt }: Reach) => {
  const [last, closingDay] = [monthIndex(period), dayNumber(closedAt.slice(0, 10))]
  return ({ family, year, cell }: Contribution): boolean => {
    const month = year * 12 + Number(cell.slice(0, 2)) - 1
    switch (family) {
      case 'revenue':
      case 'partner-cost':
        return last - 12 < month && month <= last
      case 'onboarding':
      case 'first-revenue':
        return firstDay(month) + Number(cell.slice(3)) - 1 <= closingDay
      case 'events':
      case 'first-month':
      case 'last-day':
        return false
      case 'missing-rates':
        return true
      default:
        return month === last
    }
  }
}

/** Rates as they were known at the close, and as they are now; `isKnown` tells what was known anywhere. */
export type Rates = { before: RateTable; now: RateTable; published: PublishedRate[]; isKnown: (fact: Fact) => boolean }

export const ratesOf = (published: PublishedRate[], isKnown: (fact: Fact) => boolean, currency: string): Rates => ({
  before: rateTable(published.filter(isKnown), currency),
  now: rateTable(published, currency),
  ...{ published, isKnown },
})

const contributionsUpTo = (row: Row, rates: RateTable, month: number): Contribution[] => {
  const aggregates = emptyAggregates()
  addRow(aggregates, row, rates, month)
  return contributionsIn(aggregates)
}

/** The values of a month that a row can be behind. */
const namesOf = (row: Row, period: string): ValueName[] => {
  const partnerId = [...row.facts.values()].flatMap((fact) => (fact.type === 'cost' && fact.partnerId) || [])[0]
  const other = { period, window: 12 as const }
  return [
    ...WINDOWS.map((window): ValueName => ({ metric: 'nrr', period, window })),
    { metric: 'ropi', ...other, partnerId },
    { metric: 'revenue', ...other },
    { metric: 'cac', ...other },
    { metric: 'ttv', ...other },
  ]
}

/**
 * What came to be known since and has a part in the sums that changed. A fact that another row knew already is named only where
 * nothing else explains the change: the two were linked late.
 */
const causesOf = (row: Row, isKnown: (fact: Fact) => boolean, changes: Contribution[], rates: Rates, reach: Reach): Fact[] => {
  const families = new Set(changes.map(({ family }) => family))
  const names = namesOf(row, reach.period).filter((name) => familiesOf(name).some((family) => families.has(family)))
  const [closingDay, earlier] = [dayNumber(reach.closedAt.slice(0, 10)), narrowed(row, isKnown)]
  const evidence = names.map((name) => behind(row, name, closingDay, rates.now, earlier))
  const ids = new Set(evidence.flatMap(({ factIds, rateIds }) => [...factIds, ...rateIds]))
  const news = [...row.facts.values(), ...row.foreign.values()].filter((fact) => !isKnown(fact))
  const causes = [...news, ...rates.published].filter(({ id }) => ids.has(id))
  const unknown = causes.filter((fact) => !rates.isKnown(fact))
  return unknown.length > 0 ? unknown : causes.filter((fact) => fact.type !== 'rate')
}

/**
 * What a row added when the month was closed, what it adds now, and the changes of what is reported. The line has these with their
 * causes; there is none where nothing changed. With a month that had no sums before, the first month is another one.
 */
export type Restated = { before: Contribution[]; now: Contribution[]; changes: Contribution[]; adjustment?: Adjustment }

/** A row as it is now against what was known of it at the close. */
export const restate = (key: string, row: Row, isKnown: (fact: Fact) => boolean, rates: Rates, reach: Reach): Restated => {
  const month = monthIndex(reach.period)
  const before = contributionsUpTo(narrowed(row, isKnown), rates.before, month)
  const now = contributionsUpTo(row, rates.now, month)
  const all = difference(now, before)
  const [reported, bounds] = [all.filter(isReported(reach)), all.filter(({ family }) => family === 'first-month')]
  const restated = { before, now, changes: [...reported, ...bounds] }
  if (reported.length === 0) return restated
  const parts = partsIn(reported)
  const events = causesOf(row, isKnown, reported, rates, reach).map(evidenceOf)
  return { ...restated, adjustment: { row: subjectOf(key), parts, events } }
}
