import { KEPT_S, sortable } from '../core/watermark.ts'
import { type Aggregates, type Contribution, contributionsIn } from './aggregate.ts'
import { type Delta, markName } from './watermark.ts'

/**
 * What a batch of row changes adds to the aggregates, not yet added to them: one write for a batch, where the aggregates would take
 * one for each of their items that it touches. The entries of a shard are numbered. Each begins where the one before it ends, at the
 * sequence number `last`; `at` is the time of that record, `waiting` the size in bytes of what is to be added up to here. An entry
 * without sums says that all of its shard is added up to here.
 */
export type LogEntry = {
  shard: string
  number: number
  last: string
  at: number
  waiting: number
  sums?: Aggregates
}

/** Those of the entries of one shard, in their order, that are not added to the aggregates yet. */
export const notAdded = (entries: LogEntry[]): LogEntry[] => entries.slice(entries.findLastIndex(({ sums }) => !sums) + 1)

/** The log by shard. */
export const byShard = (log: LogEntry[]): Map<string, LogEntry[]> => Map.groupBy(log, ({ shard }) => shard)

/** What entries add, each as one piece. */
export const deltasOf = (entries: LogEntry[]): Delta[] =>
  entries.flatMap(({ last, at, sums }) =>
    sums ? contributionsIn(sums).map((contribution) => ({ sequence: last, at, contribution })) : [],
  )

/** A delta that was not added when the log was read, and its shard. */
export type Waiting = Delta & { shard: string }

export const waitingIn = (log: LogEntry[]): Waiting[] =>
  [...byShard(log)].flatMap(([shard, entries]) => deltasOf(notAdded(entries)).map((delta) => ({ ...delta, shard })))

/** What of the waiting an item lacks; it may have got some since the log was read, as its marks tell. */
export const lackingIn = (item: Record<string, unknown>, waiting: Waiting[]): Contribution[] =>
  waiting
    .filter(({ shard, sequence }) => sortable(sequence) > String(item[markName(shard)] ?? ''))
    .map(({ contribution }) => contribution)

/** The entry that takes the place of another one when all up to it is added, at the time `now`. */
export const added = ({ sums: _, ...entry }: LogEntry, now: number): LogEntry => ({ ...entry, at: now, waiting: 0 })

/**
 * As many of the entries, from the first on, as touch some `most` items, so that they are added before the function's time is over. At
 * least two, so that the log gets shorter while each batch adds one.
 */
export const firstOf = (entries: LogEntry[], most: number): LogEntry[] => {
  const items = new Set<string>()
  const end = entries.findIndex(({ sums }) => {
    for (const { family, year, scope } of sums ? contributionsIn(sums) : []) items.add(`${family} ${year} ${scope}`)
    return items.size > most
  })
  return end < 0 ? entries : entries.slice(0, Math.max(end, 2))
}

/** Whether a shard can bring nothing again, and all that it brought was added long ago. */
export const isOver = (entries: LogEntry[], now: number): boolean => {
  const last = entries.at(-1)
  return !last?.sums && (last?.at ?? now) < now - KEPT_S
}
