import type { MetricEvent } from '../../events/metrics.ts'
import type { Column } from '../core/column.ts'
import { eventColumns } from './event-row.ts'
import {
  type Batch,
  begin,
  byDay,
  DAY_MANIFEST,
  dayManifest,
  end,
  folderOf,
  LAKE_MANIFEST,
  type LakeDay,
  type LakeState,
  lakeManifest,
  onceEach,
  partName,
  withPart,
} from './lake.ts'
import type { LakeStore } from './store.ts'
import { eventTable } from './tables.ts'

type Put = (key: string, body: Uint8Array, contentType: string) => Promise<void>
type Sum = (bytes: Uint8Array) => string

/** Several batches are looked at to fill a file; as a rule a batch is far smaller. */
const MAX_BATCHES = 1000

type Inbox = { store: LakeStore; put: Put; pack: (events: MetricEvent[]) => Uint8Array; sha256: Sum }

/** Keeps events for the next run. The file goes before the number: a crash between leaves a file that nobody reads, and the events come again. */
export const collectEvents =
  ({ store, put, pack, sha256 }: Inbox) =>
  async (events: MetricEvent[]): Promise<void> => {
    if (events.length === 0) return
    const body = pack(events)
    const key = `inbox/${sha256(body)}.ndjson.gz`
    await put(key, body, 'application/gzip')
    await store.append({ key, events: events.length })
  }

export type Dependencies = {
  store: LakeStore
  get: (key: string) => Promise<Uint8Array>
  put: Put
  unpack: (body: Uint8Array) => MetricEvent[]
  parquet: (columns: readonly Column<MetricEvent>[], rows: readonly MetricEvent[]) => Promise<Uint8Array>
  /** The ids of the events of a file. */
  idsIn: (file: Uint8Array) => Promise<string[]>
  sha256: Sum
}

const taken = async (batches: AsyncIterable<Batch>, most = Infinity): Promise<Batch[]> => {
  const some: Batch[] = []
  for await (const batch of batches) if (some.push(batch) >= most) break
  return some
}

/** What is written next. It is stored before anything is: who dies here is followed by one who writes the same files. */
const started = async ({ store }: Dependencies): Promise<LakeState | undefined> => {
  const state = await store.state()
  const next = begin(state, await taken(store.batches(state.written + 1), MAX_BATCHES))
  return next && next !== state ? store.saveState(next) : next
}

const eventsOf = async ({ store, get, unpack }: Dependencies, first: number, last: number): Promise<MetricEvent[]> => {
  const events: MetricEvent[] = []
  for (const { key } of await taken(store.batches(first, last))) for (const event of unpack(await get(key))) events.push(event)
  return events
}

const keyOf = (day: string, name: string) => `${eventTable.folder}${folderOf(day)}${name}`

/** The ids that other files of the day hold. */
const knownIds = async ({ get, idsIn }: Dependencies, { day, parts }: LakeDay, except: string): Promise<Set<string>> => {
  const known = new Set<string>()
  for (const { name } of parts) {
    if (name === except) continue
    for (const id of await idsIn(await get(keyOf(day, name)))) known.add(id)
  }
  return known
}

/** Writes the file of a day, then notes it, then tells readers. Returns the events that are new; where there are none, there is no file. */
const writeDay = async (dependencies: Dependencies, day: string, name: string, events: MetricEvent[]): Promise<MetricEvent[]> => {
  const { store, put, parquet, sha256 } = dependencies
  const before = await store.day(day)
  const fresh = onceEach(events, await knownIds(dependencies, before, name))
  if (fresh.length === 0) return fresh
  const file = await parquet(eventColumns, fresh)
  await put(keyOf(day, name), file, 'application/vnd.apache.parquet')
  const after = withPart(before, { name, rows: fresh.length, bytes: file.length, sha256: sha256(file) })
  await store.saveDay(after)
  await put(keyOf(day, DAY_MANIFEST), dayManifest(after), 'application/json')
  return fresh
}

const writeRange = async (dependencies: Dependencies, state: LakeState): Promise<void> => {
  const [first, last] = [state.written + 1, state.pending ?? state.written]
  const added: MetricEvent[] = []
  for (const [day, events] of byDay(await eventsOf(dependencies, first, last)))
    for (const event of await writeDay(dependencies, day, partName(first, last), events)) added.push(event)
  const done = end(state, added)
  await dependencies.put(`lake/${LAKE_MANIFEST}`, lakeManifest(done), 'application/json')
  await dependencies.store.saveState(done)
}

/**
 * Writes what came in since the last run, each event once. The batches of a file are decided and stored before it is written, so that
 * a run after a crash writes the same bytes under the same name; what readers see at any time is whole files of different events.
 */
export const writeLake =
  (dependencies: Dependencies) =>
  async (isOver: () => boolean): Promise<void> => {
    while (!isOver()) {
      const state = await started(dependencies)
      if (!state) return
      await writeRange(dependencies, state)
    }
  }
