import type { MetricEvent } from '../../events/metrics.ts'
import { monthIndex } from '../../lib/core/period.ts'
import { type Aggregates, emptyAggregates } from '../../lib/metrics/aggregate.ts'
import { monthOf } from '../../lib/metrics/calendar.ts'
import { addRow } from '../../lib/metrics/contribution.ts'
import { documentOf, type MetricsDocument, type MissingRates, type Settings } from '../../lib/metrics/document.ts'
import { sortableInstant } from '../../lib/metrics/fact.ts'
import { rateTable } from '../../lib/metrics/rates.ts'
import { emptyRow, ratesIn } from '../../lib/metrics/row.ts'
import { addEvent, linkCorrections, type Rows } from '../../lib/metrics/rows.ts'

// The metrics computed in the plainest way, from rows in memory: what the engines are compared with.

/** Whether an event was known at an instant. */
const knownAt = (asOf: string | undefined) => {
  if (asOf === undefined) return () => true
  const limit = sortableInstant(asOf)
  return (event: MetricEvent) => sortableInstant(event.recordedat) <= limit
}

/** No later month is listed. */
const lastMonthOf = (rows: Rows, asOf: string | undefined): number => {
  if (asOf !== undefined) return monthIndex(asOf)
  let last = -Infinity
  for (const { facts } of rows.values()) for (const fact of facts.values()) if ('day' in fact) last = Math.max(last, fact.day)
  return Number.isFinite(last) ? monthOf(last) : last
}

/** The sums of all rows. */
export const aggregatesOfRows = (rows: Rows, settings: Settings): Aggregates => {
  const rates = rateTable(ratesIn(rows.get('RATES') ?? emptyRow()), settings.currency)
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
