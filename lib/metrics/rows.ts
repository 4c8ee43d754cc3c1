import type { MetricEvent } from '../../events/metrics.ts'
import { monthIndex } from '../core/period.ts'
import { type Aggregates, emptyAggregates } from './aggregate.ts'
import { monthOf } from './calendar.ts'
import { addRow } from './contribution.ts'
import { documentOf, type MetricsDocument, type MissingRates, type Settings } from './document.ts'
import { factOf, type PublishedRate, sortableInstant, type Transaction } from './fact.ts'
import { rateTable } from './rates.ts'
import { emptyRow, type Row, rowKeyOf } from './row.ts'
import { correctedBy } from './transaction.ts'

export type Rows = Map<string, Row>

/** Adds the fact of an event to its row. */
export const addEvent = (rows: Rows, event: MetricEvent) => {
  const key = rowKeyOf(event)
  const row = rows.get(key) ?? emptyRow()
  row.facts.set(event.id, factOf(event))
  rows.set(key, row)
}

/** Whether an event was known at an instant. */
const knownAt = (asOf: string | undefined) => {
  if (asOf === undefined) return () => true
  const limit = sortableInstant(asOf)
  return (event: MetricEvent) => sortableInstant(event.recordedat) <= limit
}

const forEachTransaction = (rows: Rows, visit: (fact: Transaction, row: Row) => void) => {
  for (const row of rows.values()) for (const fact of row.facts.values()) if (fact.type === 'transaction') visit(fact, row)
}

/** Makes transactions of different rows that correct each other known to both. */
export const linkCorrections = (rows: Rows) => {
  const corrections = new Map<string, { fact: Transaction; row: Row }[]>()
  forEachTransaction(rows, (fact, row) => {
    const corrected = correctedBy(fact)
    if (corrected !== undefined) corrections.set(corrected, [...(corrections.get(corrected) ?? []), { fact, row }])
  })
  forEachTransaction(rows, (original, row) => {
    for (const correction of corrections.get(original.transactionId) ?? []) {
      if (correction.row === row) continue
      correction.row.foreign.set(original.id, original)
      row.foreign.set(correction.fact.id, correction.fact)
    }
  })
}

export const ratesIn = (rows: Rows) =>
  [...(rows.get('RATES')?.facts.values() ?? [])].filter((fact): fact is PublishedRate => fact.type === 'rate')

/** No later month is listed. */
const lastMonthOf = (rows: Rows, asOf: string | undefined): number => {
  if (asOf !== undefined) return monthIndex(asOf)
  let last = -Infinity
  for (const { facts } of rows.values()) for (const fact of facts.values()) if ('day' in fact) last = Math.max(last, fact.day)
  return Number.isFinite(last) ? monthOf(last) : last
}

/** The sums of all rows. */
export const aggregatesOfRows = (rows: Rows, settings: Settings): Aggregates => {
  const rates = rateTable(ratesIn(rows), settings.currency)
  const aggregates = emptyAggregates()
  const until = lastMonthOf(rows, settings.asOf)
  for (const row of rows.values()) addRow(aggregates, row, rates, until)
  return aggregates
}

/** The metrics of all rows. */
export const metricsOfRows = (rows: Rows, settings: Settings): MetricsDocument | MissingRates =>
  documentOf(aggregatesOfRows(rows, settings), settings)

/** The rows of events in any order, repeated or not, as far as they were known at an instant. */
export const rowsOf = (events: Iterable<MetricEvent>, asOf?: string): Rows => {
  const rows: Rows = new Map()
  const known = knownAt(asOf)
  for (const event of events) if (known(event)) addEvent(rows, event)
  linkCorrections(rows)
  return rows
}

/** The metrics of events in any order, repeated or not. */
export const metricsOf = (events: Iterable<MetricEvent>, settings: Settings): MetricsDocument | MissingRates =>
  metricsOfRows(rowsOf(events, settings.asOf), settings)
