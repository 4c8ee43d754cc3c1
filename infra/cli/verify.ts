import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import * as z from 'zod'
import { isCode } from '../../lib/core/errors.ts'
import { metricsOfRows, type Rows } from '../../lib/metrics/batch.ts'
import { contract } from '../../lib/metrics/contract.ts'
import { marginUnits } from '../../lib/metrics/read.ts'
import { periodOf, refuse, secondsOf } from './arguments.ts'
import { type Call, connect } from './client.ts'
import { command, type Output, writeAll } from './command.ts'
import { differences } from './differences.ts'
import { readRows } from './rows-file.ts'
import { TARGET, TARGET_HELP, type Target, targetOf } from './target.ts'

type Request = { from: string; period: string | undefined; wait: number; skipBad: boolean; target: Target }
type Comparison = { lines: string[]; events: number; behind: boolean }

const HELP = `cosell verify --from FILE.ndjson[.gz] [--period yyyy-mm] [--wait 60] [--skip-bad] [--url URL] [--token TOKEN]

Compares the metrics of the service with those that the batch engine computes from a file of all its events.
Prints each cell that differs as "path: live / batch" and exits with 1; exits with 0 when all are equal.
  --period yyyy-mm  this month alone
  --wait 60         how many seconds the service has to take in what it was sent last
  --skip-bad        leave bad lines of the file out
${TARGET_HELP}`

const AGAIN_MS = 1000

const Live = z.looseObject({ currency: z.string(), grossMargin: z.string(), knownEvents: z.int() })

const compare = async (call: Call, rows: Rows, period: string | undefined): Promise<Comparison> => {
  const live = Live.parse(await call(contract.getMetrics, { query: { period } }))
  const { currency, grossMargin, knownEvents } = live
  const batch = metricsOfRows(rows, { currency, grossMargin: marginUnits(grossMargin), period })
  const behind = 'error' in batch || knownEvents < batch.knownEvents
  return { lines: [...differences(live, batch)], events: knownEvents, behind }
}

/** Rates that are still on their way make the service refuse to answer. */
const unlessRatesAreMissing = (error: unknown): Comparison => {
  if (!isCode(error, 'unprocessable')) throw error
  const lines = [error.message, ...error.details.map(({ target, message }) => `${target}: ${message}`)]
  return { lines, events: 0, behind: true }
}

/** Compares again until all is equal, or the service has all events and stays at what it says, or the time is over. */
const compareInTime = async (attempt: () => Promise<Comparison>, seconds: number): Promise<Comparison> => {
  const end = performance.now() + seconds * 1000
  let last = await attempt()
  while (last.lines.length > 0 && performance.now() < end) {
    await pause(AGAIN_MS)
    const next = await attempt()
    const settled = !next.behind && next.lines.join() === last.lines.join()
    last = next
    if (settled) break
  }
  return last
}

const run = async ({ from, period, wait, skipBad, target }: Request, output: Output): Promise<number> => {
  const call = await connect(target, { role: 'finance' })
  const { rows, bad } = await readRows({ from, skipBad }, output)
  if (!rows) return 1
  const { lines, events } = await compareInTime(() => compare(call, rows, period).catch(unlessRatesAreMissing), wait)
  const equal = lines.length === 0
  await writeAll(output.stdout, equal ? `equal: ${events} events\n` : `${lines.join('\n')}\n`)
  if (!equal) await writeAll(output.stderr, `${lines.length} differ, told as live / batch\n`)
  return equal && bad === 0 ? 0 : 1
}

/** `cosell verify`: the service's metrics against those of the batch engine. */
export const verifyCommand = command({
  help: HELP,
  requestOf: (args): Request => {
    const options = {
      ...TARGET,
      from: { type: 'string' },
      period: { type: 'string' },
      wait: { type: 'string', default: '60' },
      'skip-bad': { type: 'boolean', default: false },
    } as const
    const { values } = parseArgs({ args, options })
    const { from = refuse('--from is missing: the file of all events'), period, wait } = values
    return {
      from,
      period: period === undefined ? undefined : periodOf(period),
      wait: secondsOf('--wait', wait),
      skipBad: values['skip-bad'],
      target: targetOf(values),
    }
  },
  run,
})
