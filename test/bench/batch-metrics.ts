import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { GENERATOR, generated } from './generated.ts'
import { inTurns, medianOf, type Run, rangeOf, runNode, type Usage } from './measure.ts'

const root = join(import.meta.dirname, '../..')
// An independent implementation of the metrics in DuckDB; it lives beside the repository.
const ORACLE = join(root, '../shared/bench/oracle.mjs')
const CLI = 'infra/cli/main.js'

/** What the events are like, and what Cosell reads; DuckDB always reads the lines. */
const CASES = {
  'account by account': { options: [], lake: false },
  'shuffled, with duplicates and late corrections': { options: ['--dirty'], lake: false },
  "account by account, from Cosell's lake": { options: [], lake: true },
}

/** The same events as a lake, beside the file. */
const lakeOf = (file: string): string => {
  const folder = `${file}.lake`
  if (existsSync(join(folder, 'manifest.json'))) return folder
  rmSync(folder, { recursive: true, force: true })
  const { status, stderr } = runNode([CLI, 'lake', '--from', file, '--out', folder], root)
  if (status !== 0) throw new Error(`no lake was made: ${stderr}`)
  return folder
}

const printedTo = (file: string, args: string[]): Run => {
  const out = openSync(file, 'w')
  const run = runNode(args, root, out)
  closeSync(out)
  if (run.status !== 0) throw new Error(`${args.join(' ')} ended with ${run.status}: ${run.stderr}`)
  return run
}

const documentIn = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))

const measured = (what: string, file: string, from: string, rounds: number) => {
  const [ours, theirs] = [`${file}.cosell.json`, `${file}.duckdb.json`]
  const cosell = () => printedTo(ours, [CLI, 'metrics', '--from', from, '--json'])
  const turns = inTurns(rounds, cosell, () => printedTo(theirs, [ORACLE, file, '--threads', '2']))
  const of = (side: 'cosell' | 'peer', key: keyof Usage, digits = 0) =>
    medianOf(
      turns.map((turn) => turn[side][key]),
      digits,
    )
  const ratios = turns.map(({ cosell, peer }) => peer.seconds / cosell.seconds)
  const sameDocument = isDeepStrictEqual(documentIn(ours), documentIn(theirs))
  for (const document of [ours, theirs]) rmSync(document)
  return {
    events: what,
    sameDocument,
    cosellSeconds: of('cosell', 'seconds', 2),
    duckdbSeconds: of('peer', 'seconds', 2),
    ratio: medianOf(ratios, 2),
    range: rangeOf(ratios),
    cosellCpuSeconds: of('cosell', 'cpuSeconds', 2),
    duckdbCpuSeconds: of('peer', 'cpuSeconds', 2),
    cpuRatio: medianOf(
      turns.map(({ cosell, peer }) => peer.cpuSeconds / cosell.cpuSeconds),
      2,
    ),
    cosellPeakMb: of('cosell', 'peakMb'),
    duckdbPeakMb: of('peer', 'peakMb'),
  }
}

/** `cosell metrics` beside the same metrics in DuckDB on two threads: whole processes, from a file of events, or the lake made of it, to the document. */
export const batchMetrics = async (events = 1_000_000, rounds = 3) => {
  if (!existsSync(GENERATOR) || !existsSync(ORACLE)) {
    console.log(`skipped: there is no ${GENERATOR} and ${ORACLE}`)
    return []
  }
  const rows = Object.entries(CASES).map(([what, { options, lake }]) => {
    const file = generated(events, options)
    return measured(what, file, lake ? lakeOf(file) : file, rounds)
  })
  console.table(rows)
  return rows
}
