import type { MetricEvent } from '../../events/metrics.ts'
import { PARQUET_TYPES } from '../core/column.ts'
import { sortableInstant } from '../metrics/fact.ts'
import { eventTable } from './tables.ts'

/** Rows of one file, which is one row group: large enough to read fast, small enough to make in memory. */
export const MAX_ROWS = 200_000

/** Events that came in together and lie in the inbox; batches are numbered from 1 without gaps. */
export type Batch = { number: number; key: string; events: number }

/** How far the lake is written: all batches up to `written`; those up to `pending` are being written, in files that are decided by that. */
export type LakeState = { version: number; written: number; pending?: number; events: number; recordedAt: string | null }

export const EMPTY_LAKE: LakeState = { version: 0, written: 0, events: 0, recordedAt: null }

export type Part = { name: string; rows: number; bytes: number; sha256: string }

/** The files of a day. */
export type LakeDay = { day: string; version: number; parts: Part[] }

/** Begins with the batches that come next, as many as make one file; undefined when there are none. What was begun is gone on with. */
export const begin = (state: LakeState, waiting: Batch[]): LakeState | undefined => {
  if (state.pending !== undefined) return state
  let [events, pending] = [0, state.written]
  for (const batch of waiting) {
    if (events > 0 && events + batch.events > MAX_ROWS) break
    events += batch.events
    pending = batch.number
  }
  return pending > state.written ? { ...state, pending } : undefined
}

const later = (a: string | null, b: string) => (a !== null && sortableInstant(a) >= sortableInstant(b) ? a : b)

/** Ends with what was begun, when all of its files are there. */
export const end = ({ version, written, pending = written, events, recordedAt }: LakeState, added: MetricEvent[]): LakeState => ({
  version,
  written: pending,
  events: events + added.length,
  recordedAt: added.reduce((latest, { recordedat }) => later(latest, recordedat), recordedAt),
})

const wide = (number: number) => String(number).padStart(10, '0')

/** The one name that the file of these batches can have on a day. */
export const partName = (first: number, last: number) => `part-${wide(first)}-${wide(last)}.parquet`

export const recordedOn = ({ recordedat }: MetricEvent) => recordedat.slice(0, 10)

export const folderOf = (day: string) => `${eventTable.partition.name}=${day}/`

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const byRecording = (a: MetricEvent, b: MetricEvent) =>
  compare(sortableInstant(a.recordedat), sortableInstant(b.recordedat)) || compare(a.id, b.id)

/** The events by the day on which they were recorded, days in order, events of a day in the order in which they were. */
export const byDay = (events: MetricEvent[]): [day: string, events: MetricEvent[]][] =>
  [...Map.groupBy(events.toSorted(byRecording), recordedOn)].sort(([a], [b]) => (a < b ? -1 : 1))

/** Each event once, and none that is known; what is taken becomes known. */
export const onceEach = (events: MetricEvent[], known: Set<string>): MetricEvent[] =>
  events.filter(({ id }) => {
    if (known.has(id)) return false
    known.add(id)
    return true
  })

/** Events of a day, each once, so many at a time. */
export const portionsOf = async function* (all: AsyncIterable<MetricEvent[]>, size: number): AsyncGenerator<MetricEvent[]> {
  const known = new Set<string>()
  let portion: MetricEvent[] = []
  for await (const events of all) {
    for (const event of onceEach(events, known)) {
      if (portion.push(event) < size) continue
      yield portion
      portion = []
    }
  }
  if (portion.length > 0) yield portion
}

/** A day with one more file, or the same file written again. */
export const withPart = ({ parts, ...day }: LakeDay, part: Part): LakeDay => ({
  ...day,
  parts: [...parts.filter(({ name }) => name !== part.name), part],
})

const LATE_DATA = {
  watermark: 'the lake holds every event that came in before its last run: so many, the latest of them recorded at `recordedAt`',
  later:
    'an event lies under the day on which it was recorded, whenever it comes in and whichever day it counts on. A file is never changed; what comes in late for a day is one more file of that day',
  corrections: 'events are never changed or deleted: a correction is an event of its own',
}

const jsonOf = (value: object) => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)

/** Says what the files of a day are. Query engines pass over names that begin with an underscore. */
export const DAY_MANIFEST = '_manifest.json'
export const dayManifest = ({ day, parts }: Pick<LakeDay, 'day' | 'parts'>) =>
  // A table gives fields back in any order, and the same files are told by the same bytes.
  jsonOf({ recordedOn: day, parts: parts.map(({ name, rows, bytes, sha256 }) => ({ name, rows, bytes, sha256 })) })

/** Says what the lake is and how far it goes. */
export const LAKE_MANIFEST = 'manifest.json'
export const lakeManifest = ({ events, recordedAt }: Pick<LakeState, 'events' | 'recordedAt'>) =>
  jsonOf({
    schemaVersion: 1,
    watermark: { events, recordedAt },
    lateData: LATE_DATA,
    format: { compression: 'Zstandard', types: PARQUET_TYPES },
    partition: eventTable.partition,
    columns: eventTable.columns,
  })
