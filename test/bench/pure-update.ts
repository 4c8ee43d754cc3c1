import { readFileSync } from 'node:fs'
import type { MetricEvent } from '../../events/metrics.ts'
import { type Fact, factOf, type PublishedRate } from '../../lib/metrics/fact.ts'
import { rateTable } from '../../lib/metrics/rates.ts'
import { emptyRow, mergeInto, type Row, rowKeyOf } from '../../lib/metrics/row.ts'
import { sumsOf } from '../../lib/metrics/sum.ts'
import { medianOf } from './measure.ts'

const BATCH = 500

const copyOf = ({ facts, foreign }: Row): Row => ({ facts: new Map(facts), foreign: new Map(foreign) })

/** Events a second, from facts in memory to what their batches add to the aggregates: no reading, packing or writing. */
const updatesPerSecond = (file: string): number => {
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
  let seconds = 0
  for (let at = 0; at < others.length; at += BATCH) {
    const batch = others.slice(at, at + BATCH)
    // An update begins with a row that nobody else holds: what is stored stays as it is.
    const owned = new Map([...new Set(batch.map(({ key }) => key))].map((key) => [key, copyOf(rows.get(key) ?? emptyRow())]))
    const started = performance.now()
    const changes = [...Map.groupBy(batch, ({ key }) => key)].map(([key, of]) => {
      const [before, after] = [rows.get(key) ?? emptyRow(), owned.get(key) ?? emptyRow()]
      mergeInto(after, { facts: of.map(({ fact }) => fact), foreign: [] })
      return { before: stored(key, before), after: stored(key, after) }
    })
    sumsOf(changes, versions)
    seconds += (performance.now() - started) / 1000
    for (const { after } of changes) rows.set(after.key, after.row)
  }
  return others.length / seconds
}

/** A function that runs has been compiled for long: of these runs the first half warms up. */
const RUNS = 20

if (import.meta.main) {
  const runs = Array.from({ length: RUNS }, () => updatesPerSecond(process.argv[2] ?? ''))
  console.log(medianOf(runs.slice(RUNS / 2)))
}
