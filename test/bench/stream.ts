import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GENERATOR, generated } from './generated.ts'
import { runNode } from './measure.ts'
import type { StreamRun } from './stream-run.ts'

const root = join(import.meta.dirname, '../..')

const ORDERS = { 'random arrival': ['--shuffle'], 'account by account': [] }

/**
 * What a million units cost, in US dollars: DynamoDB on demand in us-east-1 since 2024-11-01, as the announcement of that day's price
 * cut and articles about it give it; other regions cost more. Check it against the pricing page before you rely on it.
 */
const DOLLARS = { write: 0.625, read: 0.125 }

const printedBy = (args: string[]): string => {
  const told = join(tmpdir(), `cosell-bench-${process.pid}.told`)
  const out = openSync(told, 'w')
  const { status, stderr } = runNode(args, root, out)
  closeSync(out)
  const printed = readFileSync(told, 'utf8')
  rmSync(told)
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
  return printed
}

const streamed = (file: string, mode: 'count' | 'time') =>
  JSON.parse(printedBy(['test/bench/stream-run.ts', file, mode])) as StreamRun

const measured = (order: string, file: string) => {
  const [counted, timed] = [streamed(file, 'count'), streamed(file, 'time')]
  const { events, used } = counted
  const each = (units: number, digits = 3) => Number((units / events).toFixed(digits))
  const writes = (kind: string) => used[kind]?.writeUnits ?? 0
  const sumOf = (unit: 'writeUnits' | 'readUnits') => Object.values(used).reduce((sum, of) => sum + of[unit], 0)
  const { ingest, project, sum } = timed.seconds
  const perSecond = events / (ingest + project + sum)
  const dollars = (sumOf('writeUnits') * DOLLARS.write + sumOf('readUnits') * DOLLARS.read) / events
  return {
    order,
    events,
    sameAsBatch: counted.sameAsBatch && timed.sameAsBatch,
    writeUnits: each(sumOf('writeUnits')),
    ofEvents: each(writes('events')),
    ofRows: each(writes('rows')),
    ofMarks: each(writes('marks')),
    ofLog: each(writes('log')),
    ofAggregates: each(writes('aggregates')),
    readUnits: each(sumOf('readUnits')),
    dollarsPerMillionEvents: Number(dollars.toFixed(2)),
    perSecond: Math.round(perSecond),
    putsPerSecond: Math.round(timed.putsPerSecond),
    ratio: Number((perSecond / timed.putsPerSecond).toFixed(2)),
    pureUpdatesPerSecond: Number(printedBy(['test/bench/pure-update.ts', file])),
  }
}

/** Events through the real functions on the embedded engine, stage after stage: what they cost, and how many it takes in a second. */
export const stream = async (events = 20_000) => {
  if (!existsSync(GENERATOR)) {
    console.log(`skipped: there is no ${GENERATOR}`)
    return []
  }
  const rows = Object.entries(ORDERS).map(([order, options]) => measured(order, generated(events, options)))
  console.table(Object.fromEntries(rows.map(({ order, ...row }) => [order, row])))
  return rows
}
