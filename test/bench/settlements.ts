import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeFeed } from './feed-file.ts'
import { inTurns, medianOf, type Run, rangeOf, runNode } from './measure.ts'

const root = join(import.meta.dirname, '../..')
const READ = 'test/bench/settlements-read.ts'
const DUCKDB = 'test/bench/settlements-duckdb.ts'

type Read = { rows: number; seconds: number; rejected?: number }
type Measured = Read & Pick<Run, 'peakMb' | 'cpuSeconds'>

/** Runs a reader in a process of its own; its seconds are those of reading, without the start of the process. */
const reading = (args: string[], told: string): Measured => {
  const out = openSync(told, 'w')
  const { status, stderr, peakMb, cpuSeconds } = runNode(args, root, out)
  closeSync(out)
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
  return { ...(JSON.parse(readFileSync(told, 'utf8')) as Read), peakMb, cpuSeconds }
}

/** The file stays in the folder of temporary files for the next time. */
const generated = (megabytes: number): string => {
  const file = join(tmpdir(), `cosell-bench-feed-${megabytes}.csv`)
  if (!existsSync(file)) writeFeed(file, megabytes)
  return file
}

const PEERS = {
  'all columns with their types': 'all',
  'only the columns of the totals': 'few',
}

const measured = (file: string, columns: string, name: string, rounds: number) => {
  const told = `${file}.told`
  const turns = inTurns(
    rounds,
    () => reading([READ, file], told),
    () => reading([DUCKDB, file, columns], told),
  )
  rmSync(told)
  const [first] = turns
  if (first?.cosell.rows !== first?.peer.rows || first?.cosell.rejected !== 0)
    throw new Error('the two did not read the same rows')
  const speed = ({ rows, seconds }: Read) => rows / seconds
  const ratios = turns.map(({ cosell, peer }) => speed(cosell) / speed(peer))
  const cpuRatios = turns.map(({ cosell, peer }) => peer.cpuSeconds / cosell.cpuSeconds)
  return {
    'DuckDB reads': name,
    megabytes: Math.round(statSync(file).size / 1e6),
    rows: first?.cosell.rows,
    cosellRowsPerSecond: medianOf(turns.map(({ cosell }) => speed(cosell))),
    duckdbRowsPerSecond: medianOf(turns.map(({ peer }) => speed(peer))),
    ratio: medianOf(ratios, 2),
    range: rangeOf(ratios),
    cpuRatio: medianOf(cpuRatios, 2),
    cosellPeakMb: medianOf(turns.map(({ cosell }) => cosell.peakMb)),
    duckdbPeakMb: medianOf(turns.map(({ peer }) => peer.peakMb)),
  }
}

/** Reading a billing event feed to rows, entries and totals beside DuckDB's read_csv on the same file, one thread each. */
export const settlements = async (megabytes = 200, rounds = 3) => {
  const file = generated(megabytes)
  const rows = Object.entries(PEERS).map(([name, columns]) => measured(file, columns, name, rounds))
  console.table(rows)
  return rows
}
