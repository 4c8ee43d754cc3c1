import { parseArgs } from 'node:util'
import type { MetricEvent } from '../../events/metrics.ts'
import { contract } from '../../lib/feed/contract.ts'
import { fileOf } from './arguments.ts'
import { type Call, connect } from './client.ts'
import { command, type Output, writeAll } from './command.ts'
import { readEvents } from './events-file.ts'
import { openProgress, type Progress } from './progress.ts'
import { TARGET, TARGET_HELP, type Target, targetOf } from './target.ts'

type Request = { file: string; skipBad: boolean; target: Target }
type Tally = { recorded: number; known: number; differing: string[] }

const HELP = `cosell ingest FILE.ndjson[.gz] [--skip-bad] [--url URL] [--token TOKEN]

Records the events of a file, or of a lake whose folder is named; what is known already stays as it is, so that it may be run again.
  --skip-bad      leave bad lines out; otherwise one bad line is enough that nothing is sent
${TARGET_HELP}`

const NOTHING: Tally = { recorded: 0, known: 0, differing: [] }

const BATCH = 100
const IN_FLIGHT = 4

/** Reads the whole file before anything is sent, and tells its bad lines. */
const survey = async (file: string, stderr: NodeJS.WritableStream) => {
  const found = { events: 0, bad: 0, others: 0 }
  for await (const { events, problems, others } of readEvents(file)) {
    for (const problem of problems) stderr.write(`${problem}\n`)
    found.events += events.length
    found.bad += problems.length
    found.others += others
  }
  return found
}

const batchesOf = async function* (file: string): AsyncGenerator<MetricEvent[]> {
  let batch: MetricEvent[] = []
  for await (const { events } of readEvents(file)) {
    for (const event of events) {
      batch.push(event)
      if (batch.length < BATCH) continue
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}

const once = (batch: MetricEvent[]) => [...new Map(batch.map((event) => [JSON.stringify(event), event])).values()]

/** Sends the batches, some at the same time: each sender takes the next batch when it is done with one. */
const sendAll = async (call: Call, file: string, tally: Tally, progress: Progress) => {
  const batches = batchesOf(file)
  const sender = async () => {
    for await (const batch of batches) {
      const { recorded, differing = [] } = await call(contract.ingestEvents, { body: { events: once(batch) } })
      tally.recorded += recorded
      tally.known += batch.length - recorded
      tally.differing.push(...differing)
      progress.add(batch.length)
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, sender))
}

const send = async (call: Call, file: string, total: number, stderr: NodeJS.WritableStream): Promise<Tally> => {
  const tally: Tally = { recorded: 0, known: 0, differing: [] }
  const progress = openProgress(stderr, total)
  const failure = await sendAll(call, file, tally, progress).then(
    () => undefined,
    (error: unknown) => ({ error }),
  )
  progress.end()
  if (!failure) return tally
  await writeAll(stderr, `Stopped after ${tally.recorded} recorded: run it again, nothing is recorded twice.\n`)
  throw failure.error
}

const run = async ({ file, skipBad, target }: Request, { stdout, stderr }: Output): Promise<number> => {
  const call = await connect(target, { role: 'platform' })
  const { events, bad, others } = await survey(file, stderr)
  const refused = bad > 0 && !skipBad
  if (refused) await writeAll(stderr, 'Nothing is sent: mend these lines, or leave them out with --skip-bad.\n')
  const { recorded, known, differing } = refused ? NOTHING : await send(call, file, events, stderr)
  if (differing.length > 0) await writeAll(stderr, `not recorded, since other events bear their ids: ${differing.join(' ')}\n`)
  if (others > 0) await writeAll(stderr, `passed over: ${others}, of kinds that no metric is made from\n`)
  await writeAll(stdout, `${recorded} recorded, ${known} known already, ${bad} bad\n`)
  return bad + differing.length > 0 ? 1 : 0
}

/** `cosell ingest`: records the events of a file through the API. */
export const ingestCommand = command({
  help: HELP,
  requestOf: (args): Request => {
    const options = { ...TARGET, 'skip-bad': { type: 'boolean', default: false } } as const
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    return { file: fileOf(positionals, 'cosell ingest FILE.ndjson'), skipBad: values['skip-bad'], target: targetOf(values) }
  },
  run,
})
