import type { MetricEvent } from '../../events/metrics.ts'
import { factOf, type Transaction } from './fact.ts'
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
