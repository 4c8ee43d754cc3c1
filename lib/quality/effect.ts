import { monthText } from '../core/period.ts'
import { accountOf } from '../metrics/account.ts'
import { type Contribution, difference, PROGRAMME } from '../metrics/aggregate.ts'
import { lastDay } from '../metrics/calendar.ts'
import { contributionsOf } from '../metrics/contribution.ts'
import { boundsOf, recurringOf } from '../metrics/mrr.ts'
import { hasRate, type RateTable } from '../metrics/rates.ts'
import type { Row } from '../metrics/row.ts'
import { type Effect, unknown } from './finding.ts'
import type { Known } from './known.ts'

const RETENTION = 'retention-'

type KnownEffect = Extract<Effect, { isKnown: true }>

const recurringBy = (row: Row, rates: RateTable): Map<number, number> => {
  const { recurring } = accountOf(row)
  const { first, last } = boundsOf(recurring)
  const months = new Map<number, number>()
  for (let month = first; month <= last; month++) months.set(month, recurringOf(recurring, month, rates, lastDay(month)).amount)
  return months
}

/** The months in which the recurring revenue of the account would be another. */
const recurringOfBoth = (row: Row, corrected: Row, rates: RateTable): KnownEffect['mrr'] => {
  const [before, after] = [recurringBy(row, rates), recurringBy(corrected, rates)]
  return [...new Set([...before.keys(), ...after.keys()])]
    .toSorted((a, b) => a - b)
    .map((month) => ({ month: monthText(month), booked: before.get(month) ?? 0, corrected: after.get(month) ?? 0 }))
    .filter((month) => month.booked !== month.corrected)
}

const retentionIn = (contributions: Contribution[]): KnownEffect['nrr'] => {
  const ofProgramme = contributions.filter(({ family, scope }) => family.startsWith(RETENTION) && scope === PROGRAMME)
  const groups = Map.groupBy(
    ofProgramme,
    ({ family, year, cell }) => `${year}-${cell.slice(0, 2)} ${family.slice(RETENTION.length)}`,
  )
  const changes = [...groups].map(([key, cells]) => {
    const [month = '', window = ''] = key.split(' ')
    const of = (measure: string) => cells.find(({ cell }) => cell.slice(3) === measure)?.value ?? 0
    return { month, window: Number(window), start: of('base'), end: of('now') }
  })
  return changes
    .filter(({ start, end }) => start !== 0 || end !== 0)
    .toSorted((a, b) => (a.month < b.month ? -1 : a.month > b.month ? 1 : a.window - b.window))
}

/**
 * What the recurring revenue of the account, and the programme's NRR over 1, 3 and 12 months, would be with another row in the place of
 * this one: the very formulas of the metrics, applied to both. Unknown where a currency of the row has no rate.
 */
export const effectOf = ({ row, rates }: Known, corrected: Row, remedy: string): Effect => {
  const lacks = [...row.facts.values()].some((fact) => 'currency' in fact && !hasRate(rates, fact.currency))
  if (lacks) return unknown('a currency of the account has no rate')
  const nrr = retentionIn(difference(contributionsOf(corrected, rates), contributionsOf(row, rates)))
  return { isKnown: true, remedy, mrr: recurringOfBoth(row, corrected, rates), nrr }
}

/** The months that an effect names. */
export const monthsOf = (effect: Effect): string[] =>
  effect.isKnown ? [...effect.mrr, ...effect.nrr].map(({ month }) => month) : []
