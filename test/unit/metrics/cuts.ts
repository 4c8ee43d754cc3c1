import type { MetricEvent } from '../../../events/metrics.ts'
import { monthIndex } from '../../../lib/core/period.ts'
import { addEvent, metricsOfRows, type Rows } from '../../../lib/metrics/batch.ts'
import { type Cut, divideBy } from '../../../lib/metrics/cut.ts'
import { addToCut, type CutDocument, cutDocumentOf, emptySums } from '../../../lib/metrics/cut-document.ts'
import type { PublishedRate } from '../../../lib/metrics/fact.ts'
import { rateTable } from '../../../lib/metrics/rates.ts'
import type { Listed } from '../../../lib/partners/listed.ts'

const SETTINGS = { currency: 'USD', grossMargin: 8000 }

export type Partners = ReadonlyMap<string, Listed>

/** The rows of events, with what they know of corrections in each other. */
export const rowsOf = (events: MetricEvent[]): Rows => {
  const rows: Rows = new Map()
  for (const event of events) addEvent(rows, event)
  // Makes corrections across rows known to both.
  metricsOfRows(rows, SETTINGS)
  return rows
}

export const ratesIn = (rows: Rows) =>
  rateTable([...(rows.get('RATES')?.facts.values() ?? [])] as PublishedRate[], SETTINGS.currency)

/** A month of a story by a cut. */
export const cutOf = (
  events: MetricEvent[],
  cut: Cut,
  period: string,
  { partners = new Map(), partnerId }: { partners?: Partners; partnerId?: string } = {},
): CutDocument => {
  const [rows, sums] = [rowsOf(events), emptySums()]
  const query = { cut, month: monthIndex(period), partnerId }
  for (const row of rows.values()) addToCut(sums, row, ratesIn(rows), query, divideBy(cut, partners))
  const document = cutDocumentOf(sums, query, SETTINGS)
  if ('error' in document) throw new Error(`missing rates ${document.pairs}`)
  return document
}
