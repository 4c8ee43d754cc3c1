import { isCode } from '../core/errors.ts'
import { inParallel } from '../core/parallel.ts'
import { beyond, markOf } from '../core/watermark.ts'
import { type Aggregates, type Contribution, emptyAggregates, subtract } from './aggregate.ts'
import { type Dependencies, ratesReader } from './commands.ts'
import { addRow } from './contribution.ts'
import { added, byShard, deltasOf, firstOf, isOver, type LogEntry, notAdded } from './log.ts'
import type { RateTable } from './rates.ts'
import type { RowChange, StoredRow } from './row-store.ts'
import { type Delta, isProbe } from './watermark.ts'

const AT_ONCE = 16

/** How many bytes of a shard's log make it worth a write to every aggregate item that they touch; readers read them all. */
const FOLD_AT = 512 * 1024

/** How many items an invocation adds to: some ten seconds of them. What is left the next one goes on with. */
const MOST_ITEMS = 5_000

/** A shard that had nothing for so long has mostly been closed: its successor looks after its log. */
const IDLE_S = 3_600

const addressOf = ({ family, year, scope }: Contribution) => `${family}|${year}|${scope}`
const counts = ({ contribution }: Delta) => contribution.family === 'events'

type Change = Pick<RowChange, 'before' | 'after'>

/** Of several changes of a row only where it was before and where it is after matter. */
const netOf = (changes: Change[]): Change[] => {
  const net = new Map<string, Change>()
  for (const { before, after } of changes) net.set(after.key, { before: net.get(after.key)?.before ?? before, after })
  return [...net.values()]
}

/** What changes of rows amount to: the contributions of the new rows less those of the old ones. Rates are told by their version. */
export const sumsOf = (changes: Change[], rates: ReadonlyMap<number, RateTable>): Aggregates => {
  const [newer, older] = [emptyAggregates(), emptyAggregates()]
  const add = (aggregates: Aggregates, stored: StoredRow) => {
    const table = rates.get(stored.rates)
    if (!table) throw new Error(`the rates of version ${stored.rates} are not at hand`)
    addRow(aggregates, stored.row, table)
  }
  for (const { before, after } of netOf(changes)) {
    add(newer, after)
    add(older, before)
  }
  return subtract(newer, older)
}

/**
 * Adds what waits in the log to the aggregates: of this shard if it is much, and of shards that seem to be closed; of each as
 * much as can be done in time. It may break off
 * anywhere and be repeated by anybody: items know how far each shard is added to them, and an entry counts as waiting until the one
 * write that says that all items have it.
 */
const folder = ({ store }: Dependencies, { foldAt, mostItems }: { foldAt: number; mostItems: number }) => {
  const fold = async (shard: string, entries: LogEntry[], logged: ReadonlySet<string>, now: number) => {
    const some = firstOf(notAdded(entries), mostItems)
    const [last, deltas] = [some.at(-1), deltasOf(some)]
    if (!last) return
    // The count of known events goes last: whoever reads it finds what they amount to.
    for (const part of [deltas.filter((delta) => !counts(delta)), deltas.filter(counts)]) {
      const items = Map.groupBy(part, ({ contribution }) => addressOf(contribution))
      await inParallel(items.values(), AT_ONCE, (item) => store.add(shard, item, logged, now))
    }
    await store.noteAdded(added(last, now))
    await store.forget(entries.slice(0, entries.indexOf(last)))
  }
  return async (shard: string, now: number) => {
    const log = byShard(await store.log())
    for (const [each, entries] of log) {
      if (!isOver(entries, now)) continue
      await store.forget(entries)
      log.delete(each)
    }
    const logged = new Set(log.keys())
    for (const [each, entries] of log) {
      const { waiting = 0, at = now } = entries.at(-1) ?? {}
      if (each === shard ? waiting >= foldAt : at < now - IDLE_S) await fold(each, entries, logged, now)
    }
  }
}

/** The empty rows that ask whether all before them is taken in; those that are removed ask nothing. */
const probesIn = (changes: RowChange[]) =>
  changes.filter(({ after }) => isProbe(after.key) && after.version > 0).map(({ at, after }) => ({ key: after.key, at }))

/**
 * Takes the changes of rows into the aggregates. That they are taken in is one conditional write, of the next entry of their shard's
 * log: so each counts once, however often and however cut the batches come, and a reader of the log sees all of a batch or nothing.
 */
export const sumContributions = (dependencies: Dependencies, { foldAt = FOLD_AT, mostItems = MOST_ITEMS } = {}) => {
  const { store } = dependencies
  const ratesAt = ratesReader(dependencies)
  const fold = folder(dependencies, { foldAt, mostItems })

  const ratesOf = async (changes: RowChange[]) => {
    const versions = new Set(changes.flatMap(({ before, after }) => [before.rates, after.rates]))
    return new Map(await Promise.all([...versions].map(async (version) => [version, await ratesAt(version)] as const)))
  }
  /** Returns whether the log wants to be looked after. */
  const take = async (shard: string, changes: RowChange[]): Promise<boolean> => {
    const tail = await store.logTail(shard)
    const fresh = tail ? beyond(markOf({ sequence: tail.last, at: tail.at }), changes) : changes
    const end = fresh.at(-1)
    if (!end) return false
    const { sequence: last, at } = end
    const place = { shard, number: (tail?.number ?? -1) + 1, last, at, waiting: tail?.waiting ?? 0 }
    const entry = { ...place, sums: sumsOf(fresh, await ratesOf(fresh)) }
    try {
      return (await store.append(entry)) >= foldAt || !tail
    } catch (error) {
      // Somebody else was quicker.
      if (isCode(error, 'conflict')) return take(shard, changes)
      if (!isCode(error, 'unprocessable') || fresh.length === 1) throw error
      await take(shard, fresh.slice(0, fresh.length >> 1))
      return take(shard, fresh)
    }
  }
  return async (shard: string, changes: RowChange[]): Promise<void> => {
    if (!shard) throw new Error('the batch does not tell its shard: the trigger needs a tumbling window')
    const isDue = await take(shard, changes)
    const probes = probesIn(changes)
    if (probes.length > 0) await store.answerProbes(probes)
    if (isDue) await fold(shard, changes.at(-1)?.at ?? 0)
  }
}
