import { readFileSync } from 'node:fs'
import type { MetricEvent } from '../../events/metrics.ts'
import { type Fact, factOf, type PublishedRate } from '../../lib/metrics/fact.ts'
import { rateTable } from '../../lib/metrics/rates.ts'
import { emptyRow, mergeInto, type Row, rowKeyOf } from '../../lib/metrics/row.ts'
import { sumsOf } from '../../lib/metrics/sum.ts'

const BATCH = 500

const copyOf = ({ facts, foreign }: Row): Row => ({ facts: new Map(facts), foreign: new Map(foreign) })

/** Events a second, from facts in memory to what their batches add to the aggregates: no reading, packing or writing. */
export const updatesPerSecond = (file: string): number => {
  const events = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as MetricEvent)
  const known = events.map((event): { key: string; fact: Fact } => ({ key: rowKeyOf(event), fact: factOf(event) }))
  const rates = known.map(({ fact }) => fact).filter((fact): fact is PublishedRate => fact.type === 'rate')
  const versions = new Map([[0, rateTable(rates, 'USD')]])
  const others = known.filter(({ fact }) => fact.type !== 'rate')
  const rows = new Map<string, Row>()
  const stored = (key: string, row: Row) => ({ key, row, version: 0, rates: 0 })
  const started = performance.now()
  for (let at = 0; at < others.length; at += BATCH) {
    const news = Map.groupBy(others.slice(at, at + BATCH), ({ key }) => key)
    const changes = [...news].map(([key, of]) => {
      const row = rows.get(key) ?? emptyRow()
      const before = stored(key, copyOf(row))
      mergeInto(row, { facts: of.map(({ fact }) => fact), foreign: [] })
      rows.set(key, row)
      return { before, after: stored(key, row) }
    })
    sumsOf(changes, versions)
  }
  return others.length / ((performance.now() - started) / 1000)
}

if (import.meta.main) console.log(updatesPerSecond(process.argv[2] ?? ''))
