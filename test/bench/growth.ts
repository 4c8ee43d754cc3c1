import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { GENERATOR, generated } from './generated.ts'
import { medianOf, type Run, runNode } from './measure.ts'

const root = join(import.meta.dirname, '../..')
const CLI = 'infra/cli/main.js'

type Case = { what: string; events: number; options: string[] }

/** One thing is ten times as much at a time. Short stories spread the same events over many more accounts. */
const casesOf = (events: number): Case[] => [
  { what: 'as it is', events, options: ['--partners', '200'] },
  { what: 'events × 10, and accounts with them', events: events * 10, options: ['--partners', '200'] },
  { what: 'partners × 10', events, options: ['--partners', '2000'] },
  { what: 'stories of 4 months for 36: more accounts', events, options: ['--partners', '200', '--months', '4'] },
]

const computed = (file: string): Run => {
  const run = runNode([CLI, 'metrics', '--from', file, '--json'], root)
  if (run.status !== 0) throw new Error(`metrics of ${file} ended with ${run.status}: ${run.stderr}`)
  return run
}

const measured = (file: string, rounds: number) => {
  const runs = Array.from({ length: rounds }, () => computed(file))
  return {
    seconds: medianOf(
      runs.map(({ seconds }) => seconds),
      2,
    ),
    cpuSeconds: medianOf(
      runs.map(({ cpuSeconds }) => cpuSeconds),
      2,
    ),
    peakMb: medianOf(runs.map(({ peakMb }) => peakMb)),
  }
}

/** How the time of `cosell metrics` grows with events, partners and accounts, against the same command on the first case. */
export const growth = async (events = 1_000_000, rounds = 3) => {
  if (!existsSync(GENERATOR)) {
    console.log(`skipped: there is no ${GENERATOR}`)
    return []
  }
  const rows = casesOf(events).map(({ what, events, options }) => ({
    what,
    events,
    ...measured(generated(events, options), rounds),
  }))
  const [first] = rows
  const times = (value: number, base = 1) => Number((value / base).toFixed(2))
  const table = rows.map((row) => ({
    ...row,
    time: times(row.seconds, first?.seconds),
    cpu: times(row.cpuSeconds, first?.cpuSeconds),
  }))
  console.table(table)
  return table
}
