import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { MetricEvent } from '../../events/metrics.ts'
import { ServiceError } from '../../lib/core/errors.ts'
import { eventColumns } from '../../lib/lake/event-row.ts'
import {
  DAY_MANIFEST,
  dayManifest,
  EMPTY_LAKE,
  end,
  folderOf,
  LAKE_MANIFEST,
  type LakeState,
  lakeManifest,
  MAX_ROWS,
  type Part,
  partName,
  portionsOf,
  recordedOn,
} from '../../lib/lake/lake.ts'
import { sha256 } from '../../lib/runtime/blobs.ts'
import { parquetOf } from '../../lib/runtime/parquet.ts'
import { refuse } from './arguments.ts'
import { command, type Output, writeAll } from './command.ts'
import { readEvents } from './events-file.ts'
import { openSpool, type Spool } from './spool.ts'

type Request = { from: string; out: string; skipBad: boolean }

const HELP = `cosell lake --from FILE.ndjson[.gz] --out DIR [--skip-bad]

Makes of a file of events the files that the service's lake has: Parquet by the UTC day on which events were recorded,
DIR/events/recorded_on=yyyy-mm-dd/part-….parquet, and manifest.json when all are there. Needs no service.
An event that comes twice is written once. While it works it keeps the events by day in DIR/.spool.
  --out DIR   a folder that is empty or not there yet
  --skip-bad  leave bad lines out; they are listed, and the exit code stays 1
`

const NOTHING = 'Nothing is written: mend these lines, or leave them out with --skip-bad.'

const requestOf = (args: string[]): Request => {
  const options = { from: { type: 'string' }, out: { type: 'string' }, 'skip-bad': { type: 'boolean', default: false } } as const
  const { values } = parseArgs({ args, options })
  const { from = refuse('--from is missing: the file of events'), out = refuse('--out is missing: the folder to write to') } =
    values
  return { from, out, skipBad: values['skip-bad'] }
}

const mustBeEmpty = async (out: string) => {
  const found = await readdir(out).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [] : Promise.reject(error)))
  if (found.length > 0) refuse(`--out ${out}: the folder is not empty; files of two lakes must not mix`)
}

/** Keeps the events of the file by day; returns how many lines are bad, which are told. */
const spoolEvents = async (from: string, spool: Spool<MetricEvent>, { stderr }: Output): Promise<number> => {
  let bad = 0
  for await (const { events, problems } of readEvents(from)) {
    for (const event of events) await spool.add(recordedOn(event), event)
    for (const problem of problems) await writeAll(stderr, `${problem}\n`)
    bad += problems.length
  }
  return bad
}

const writePart = async (folder: string, name: string, events: MetricEvent[]): Promise<Part> => {
  const file = await parquetOf(eventColumns, events)
  await writeFile(join(folder, name), file)
  return { name, rows: events.length, bytes: file.length, sha256: sha256(file) }
}

/** Writes the files of a day; returns how far the lake is with them. */
const writeDay = async (
  out: string,
  day: string,
  spooled: AsyncIterable<MetricEvent[]>,
  before: LakeState,
): Promise<LakeState> => {
  const folder = join(out, 'events', folderOf(day))
  await mkdir(folder, { recursive: true })
  const parts: Part[] = []
  let state = before
  for await (const events of portionsOf(spooled, MAX_ROWS)) {
    const number = parts.length + 1
    parts.push(await writePart(folder, partName(number, number), events))
    state = end(state, events)
  }
  await writeFile(join(folder, DAY_MANIFEST), dayManifest({ day, parts }))
  return state
}

const writeDays = async (out: string, spool: Spool<MetricEvent>): Promise<LakeState> => {
  let state = EMPTY_LAKE
  for (const day of spool.names()) state = await writeDay(out, day, spool.take(day), state)
  await spool.remove()
  await writeFile(join(out, LAKE_MANIFEST), lakeManifest(state))
  return state
}

const run = async ({ from, out, skipBad }: Request, output: Output): Promise<number> => {
  await mustBeEmpty(out)
  const spool = await openSpool<MetricEvent>(join(out, '.spool'))
  // Whoever mends the file may write to the same folder again.
  const giveUp = async (error: unknown) => {
    await spool.remove()
    throw error
  }
  const bad = await spoolEvents(from, spool, output).catch(giveUp)
  if (bad > 0 && !skipBad) return giveUp(new ServiceError('invalid_request', NOTHING))
  const { events } = await writeDays(out, spool)
  await writeAll(output.stdout, `${events} events of ${spool.names().length} days in ${out}\n`)
  return bad > 0 ? 1 : 0
}

/** `cosell lake`: the lake of a file of events. */
export const lakeCommand = command({ help: HELP, requestOf, run })
