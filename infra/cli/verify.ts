import { parseArgs } from 'node:util'
import { invalid } from '../../lib/core/errors.ts'
import type { Level } from '../../lib/verification/verification.ts'
import { periodOf, refuse, secondsOf } from './arguments.ts'
import { connect } from './client.ts'
import { command, type Output, writeAll } from './command.ts'
import { type Batch, compareInTime } from './comparison.ts'
import { tellFindings } from './findings-file.ts'
import { metricsOfFile } from './metrics-file.ts'
import { TARGET, TARGET_HELP, type Target, targetOf } from './target.ts'
import { describeVerification, repair, verify } from './verification.ts'

type OfFile = { from: string; period: string | undefined; wait: number; skipBad: boolean; target: Target }
type OfService = { level: Level; repair: { id: string; reason: string } | undefined; wait: number; target: Target }
type Request = OfFile | OfService

const HELP = `cosell verify [--level rows] [--repair ID --reason TEXT] [--from FILE] [--wait 60] [--url URL] [--token TOKEN]

Lets the service compare the sums that it serves with its rows, and its rows with its events. Prints what differs, each cell as
"live / batch", and exits with 1; exits with 0 when all is equal.
  --level rows      sums: the sums with the rows alone, which is cheaper
  --repair ID       repair what the verification of this id found; it prints the id
  --reason TEXT     why; it is kept with the repair
With --from it compares the metrics of the service with those that the batch engine computes from a file of all its events:
  --from FILE       the file, or the folder of a lake; each cell that differs is printed as "path: live / batch", then what is wrong with its events
  --period yyyy-mm  this month alone
  --wait 60         how many seconds the service has to take in what it was sent last
  --skip-bad        leave bad lines of the file out; they are listed, and the exit code stays 1
${TARGET_HELP}`

const OPTIONS = {
  ...TARGET,
  level: { type: 'string' },
  repair: { type: 'string' },
  reason: { type: 'string' },
  from: { type: 'string' },
  period: { type: 'string' },
  wait: { type: 'string', default: '60' },
  'skip-bad': { type: 'boolean', default: false },
} as const

const levelOf = (text: string): Level => (text === 'sums' || text === 'rows' ? text : refuse(`--level ${text}: sums or rows`))

const repairOf = (id: string | undefined, reason: string | undefined) => {
  if ((id === undefined) !== (reason === undefined)) refuse('--repair ID and --reason TEXT belong together')
  return id !== undefined && reason !== undefined ? { id, reason } : undefined
}

const requestOf = (args: string[]): Request => {
  const { values } = parseArgs({ args, options: OPTIONS })
  const { from, period, level, repair, reason, 'skip-bad': skipBad } = values
  const common = { wait: secondsOf('--wait', values.wait), target: targetOf(values) }
  if (from === undefined) {
    if (period !== undefined || skipBad) refuse('--period and --skip-bad belong to --from, the file of all events')
    return { ...common, level: levelOf(level ?? 'rows'), repair: repairOf(repair, reason) }
  }
  if (level ?? repair ?? reason) refuse('--level, --repair and --reason are for the service itself, without --from')
  return { ...common, from, period: period === undefined ? undefined : periodOf(period), skipBad }
}

const refuseBadLines = (from: string): never => {
  throw invalid(`${from} has bad lines`, [])
}

/** Exit code 1: something differs, or could not be compared, or was left alone by the repair. */
const runOfService = async ({ level, repair: asked, wait, target }: OfService, { stdout }: Output): Promise<number> => {
  const call = await connect(target, { role: 'platform' })
  const verification = asked ? await repair(call, asked.id, asked.reason, wait) : await verify(call, level, wait)
  await writeAll(stdout, describeVerification(verification))
  return verification.status === 'equal' || verification.repair?.left === 0 ? 0 : 1
}

const runOfFile = async ({ from, period, wait, skipBad, target }: OfFile, output: Output): Promise<number> => {
  const call = await connect(target, { role: 'finance' })
  let [bad, reporting] = [0, '']
  const compute: Batch = async (currency, grossMargin) => {
    const found = await metricsOfFile({ from, skipBad, settings: { currency, grossMargin, period } }, output)
    bad = found.bad
    reporting = currency
    return found.document ?? refuseBadLines(from)
  }
  let computed: ReturnType<Batch> | undefined
  const batchOf: Batch = (...settings) => (computed ??= compute(...settings))
  const { lines, events, behind } = await compareInTime(call, batchOf, period, wait)
  await writeAll(output.stdout, lines.length === 0 ? `equal: ${events} events\n` : `${lines.join('\n')}\n`)
  if (reporting) await tellFindings(from, { currency: reporting }, output)
  if (lines.length === 0) return bad > 0 ? 1 : 0
  const hint = behind > 0 ? '; the service has not taken in all events of the file yet: give it more time with --wait' : ''
  await writeAll(output.stderr, `cells that differ (live / batch): ${lines.length}${hint}\n`)
  return 1
}

/** `cosell verify`: the service's metrics against its events, or against those of a file. */
export const verifyCommand = command({
  help: HELP,
  requestOf,
  run: (request: Request, output) => ('from' in request ? runOfFile(request, output) : runOfService(request, output)),
})
