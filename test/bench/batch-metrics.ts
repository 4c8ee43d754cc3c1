import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { inTurns, median, type Run, ratioOf, runNode } from './measure.ts'

// A generator of events and an independent implementation of the metrics in DuckDB; they live beside the repository.
const root = new URL('../..', import.meta.url).pathname
const [GENERATOR, ORACLE] = ['generate.mjs', 'oracle.mjs'].map((name) => join(root, '../shared/bench', name)) as [string, string]
const CLI = 'infra/cli/main.ts'

const ORDERS = {
  'account by account': [],
  'shuffled, with duplicates and late corrections': ['--dirty'],
}

/** The file of events; it stays in the folder of temporary files for the next time. */
const generated = (events: number, options: string[]): string => {
  const file = join(tmpdir(), `cosell-bench-${events}${options.join('')}.ndjson`)
  if (existsSync(file)) return file
  const { status, stderr } = runNode(
    [GENERATOR, '--events', String(events), '--seed', '1', ...options, '--out', `${file}.part`],
    root,
  )
  if (status !== 0) throw new Error(`no events were generated: ${stderr}`)
  renameSync(`${file}.part`, file)
  return file
}

const printedTo = (file: string, args: string[]): Run => {
  const out = openSync(file, 'w')
  const run = runNode(args, root, out)
  closeSync(out)
  if (run.status !== 0) throw new Error(`${args.join(' ')} ended with ${run.status}: ${run.stderr}`)
  return run
}

const documentIn = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))

const measured = (order: string, file: string, rounds: number) => {
  const [ours, theirs] = [`${file}.cosell.json`, `${file}.duckdb.json`]
  const turns = inTurns(
    rounds,
    () => printedTo(ours, [CLI, 'metrics', '--from', file, '--json']),
    () => printedTo(theirs, [ORACLE, file, '--threads', '2']),
  )
  const of = (side: 'cosell' | 'peer', key: keyof Run & ('seconds' | 'cpuSeconds' | 'peakMb'), digits: number) =>
    Number(median(turns.map((turn) => turn[side][key])).toFixed(digits))
  const equal = isDeepStrictEqual(documentIn(ours), documentIn(theirs))
  for (const document of [ours, theirs]) rmSync(document)
  return {
    order,
    equal,
    cosellSeconds: of('cosell', 'seconds', 2),
    duckdbSeconds: of('peer', 'seconds', 2),
    ...ratioOf(turns.map(({ cosell, peer }) => peer.seconds / cosell.seconds)),
    cosellCpuSeconds: of('cosell', 'cpuSeconds', 2),
    duckdbCpuSeconds: of('peer', 'cpuSeconds', 2),
    cosellPeakMb: of('cosell', 'peakMb', 0),
    duckdbPeakMb: of('peer', 'peakMb', 0),
  }
}

/** `cosell metrics` beside the same metrics in DuckDB on two threads: whole processes, from a file of events to the document. */
export const batchMetrics = async (events = 1_000_000, rounds = 3) => {
  if (!existsSync(GENERATOR) || !existsSync(ORACLE)) {
    console.log(`skipped: there is no ${GENERATOR} and ${ORACLE}`)
    return []
  }
  const rows = Object.entries(ORDERS).map(([order, options]) => measured(order, generated(events, options), rounds))
  console.table(rows)
  return rows
}
