import type { MetricEvent } from '../../../events/metrics.ts'
import { monthIndex } from '../../../lib/core/period.ts'
import { type Cut, divideBy } from '../../../lib/metrics/cut.ts'
import { type CutDocument, cutDocumentOf } from '../../../lib/metrics/cut-document.ts'
import { addToCut, emptySums } from '../../../lib/metrics/cut-sums.ts'
import { rateTable } from '../../../lib/metrics/rates.ts'
import { emptyRow, ratesIn } from '../../../lib/metrics/row.ts'
import type { Rows } from '../../../lib/metrics/rows.ts'
import type { Listed } from '../../../lib/partners/listed.ts'
import { rowsOf } from '../../support/rows-engine.ts'

const SETTINGS = { currency: 'USD', grossMargin: 8000 }

export type Partners = ReadonlyMap<string, Listed>

export const ratesOf = (rows: Rows) => rateTable(ratesIn(rows.get('RATES') ?? emptyRow()), SETTINGS.currency)

/** A month of a story by a cut. */
export const cutOf = (
  events: MetricEvent[],
  cut: Cut,
  period: string,
  { partners = new Map(), partnerId }: { partners?: Partners; partnerId?: string } = {},
): CutDocument => {
  const [rows, sums] = [rowsOf(events), emptySums()]
  const query = { cut, month: monthIndex(period), partnerId }
  for (const row of rows.values()) addToCut(sums, row, ratesOf(rows), query, divideBy(cut, partners))
  const document = cutDocumentOf(sums, query, SETTINGS)
  if ('error' in document) throw new Error(`missing rates ${document.pairs}`)
  return document
}
