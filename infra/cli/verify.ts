import { parseArgs } from 'node:util'
import { invalid } from '../../lib/core/errors.ts'
import { periodOf, refuse, secondsOf } from './arguments.ts'
import { connect } from './client.ts'
import { command, type Output, writeAll } from './command.ts'
import { type Batch, compareInTime } from './comparison.ts'
import { metricsOfFile } from './metrics-file.ts'
import { TARGET, TARGET_HELP, type Target, targetOf } from './target.ts'

type Request = { from: string; period: string | undefined; wait: number; skipBad: boolean; target: Target }

const HELP = `cosell verify --from FILE.ndjson[.gz] [--period yyyy-mm] [--wait 60] [--skip-bad] [--url URL] [--token TOKEN]

Compares the metrics of the service with those that the batch engine computes from a file of all its events.
Prints each cell that differs as "path: live / batch" and exits with 1; exits with 0 when all are equal.
  --period yyyy-mm  this month alone
  --wait 60         how many seconds the service has to take in what it was sent last
  --skip-bad        leave bad lines of the file out; they are listed, and the exit code stays 1
${TARGET_HELP}`

const OPTIONS = {
  ...TARGET,
  from: { type: 'string' },
  period: { type: 'string' },
  wait: { type: 'string', default: '60' },
  'skip-bad': { type: 'boolean', default: false },
} as const

const requestOf = (args: string[]): Request => {
  const { values } = parseArgs({ args, options: OPTIONS })
  const { from = refuse('--from is missing: the file of all events'), period, wait } = values
  return {
    from,
    period: period === undefined ? undefined : periodOf(period),
    wait: secondsOf('--wait', wait),
    skipBad: values['skip-bad'],
    target: targetOf(values),
  }
}

const refuseBadLines = (from: string): never => {
  throw invalid(`${from} has bad lines`, [])
}

const run = async ({ from, period, wait, skipBad, target }: Request, output: Output): Promise<number> => {
  const call = await connect(target, { role: 'finance' })
  let bad = 0
  const compute: Batch = async (currency, grossMargin) => {
    const found = await metricsOfFile({ from, skipBad, settings: { currency, grossMargin, period } }, output)
    bad = found.bad
    return found.document ?? refuseBadLines(from)
  }
  let computed: ReturnType<Batch> | undefined
  const batchOf: Batch = (...settings) => (computed ??= compute(...settings))
  const { lines, events, behind } = await compareInTime(call, batchOf, period, wait)
  if (lines.length === 0) {
    await writeAll(output.stdout, `equal: ${events} events\n`)
    return bad > 0 ? 1 : 0
  }
  const hint = behind > 0 ? '; the service has not taken in all events of the file yet: give it more time with --wait' : ''
  await writeAll(output.stdout, `${lines.join('\n')}\n`)
  await writeAll(output.stderr, `cells that differ (live / batch): ${lines.length}${hint}\n`)
  return 1
}

/** `cosell verify`: the service's metrics against those of the batch engine. */
export const verifyCommand = command({ help: HELP, requestOf, run })
