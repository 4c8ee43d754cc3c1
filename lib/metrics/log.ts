import type { Contribution, Family } from './aggregate.ts'
import { type Delta, KEPT_S, markName, sortable } from './watermark.ts'

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
  sums?: Contribution[]
}

/** Those of the entries of one shard, in their order, that are not added to the aggregates yet. */
export const notAdded = (entries: LogEntry[]): LogEntry[] => entries.slice(entries.findLastIndex(({ sums }) => !sums) + 1)

/** The log by shard. */
export const byShard = (log: LogEntry[]): Map<string, LogEntry[]> => Map.groupBy(log, ({ shard }) => shard)

/** What entries add, each as one piece. */
export const deltasOf = (entries: LogEntry[]): Delta[] =>
  entries.flatMap(({ last, at, sums = [] }) => sums.map((contribution) => ({ sequence: last, at, contribution })))

/** A delta that was not added when the log was read, and its shard. */
export type Waiting = Delta & { shard: string }

export const waitingIn = (log: LogEntry[]): Waiting[] =>
  [...byShard(log)].flatMap(([shard, entries]) => deltasOf(notAdded(entries)).map((delta) => ({ ...delta, shard })))

/** What of the waiting an item lacks; it may have got some since the log was read, as its marks tell. */
export const lackingIn = (item: Record<string, unknown>, waiting: Waiting[]): Contribution[] =>
  waiting
    .filter(({ shard, sequence }) => sortable(sequence) > String(item[markName(shard)] ?? ''))
    .map(({ contribution }) => contribution)

/** The entry that takes the place of another one when all up to it is added. */
export const added = ({ sums: _, ...entry }: LogEntry): LogEntry => ({ ...entry, waiting: 0 })

/** Whether a shard can bring nothing again, and all that it brought is added. */
export const isOver = (entries: LogEntry[], now: number): boolean => {
  const last = entries.at(-1)
  return !last?.sums && (last?.at ?? now) < now - KEPT_S
}

const MONTHLY = /^(\d\d)\.(.*)$/

/** What is summed, and in which month since year 0 if it is by month. */
const placeOf = ({ family, year, scope, cell }: Contribution): { series: string; month: number | undefined } => {
  const [, month, measure] = (year > 0 && MONTHLY.exec(cell)) || []
  const series = JSON.stringify([family, scope, measure ?? cell])
  return { series, month: month === undefined ? undefined : year * 12 + Number(month) - 1 }
}

const contributionAt = (series: string, month: number | null, value: number): Contribution => {
  const [family, scope, measure] = JSON.parse(series) as [Family, string, string]
  if (month === null) return { family, year: 0, scope, cell: measure, value }
  return { family, year: Math.floor(month / 12), scope, cell: `${String((month % 12) + 1).padStart(2, '0')}.${measure}`, value }
}

/** Sums as text that compresses well: month after month, from the first on, as they mostly come in equal ones. */
export const packedSums = (sums: Contribution[]): string => {
  const all: Record<string, [first: number | null, ...values: number[]]> = {}
  for (const [series, of] of Map.groupBy(sums, (sum) => placeOf(sum).series)) {
    const months = of.map((sum) => placeOf(sum).month ?? null)
    const first = months.reduce((least, month) => (least === null || (month !== null && month < least) ? month : least), null)
    const values: number[] = []
    for (const [i, { value }] of of.entries()) values[(months[i] ?? 0) - (first ?? 0)] = value
    all[series] = [first, ...Array.from(values, (value) => value ?? 0)]
  }
  return JSON.stringify(all)
}

/** The sums in the text that are not zero. */
export const unpackedSums = (text: string): Contribution[] =>
  Object.entries(JSON.parse(text) as Record<string, [number | null, ...number[]]>).flatMap(([series, [first, ...values]]) =>
    values.flatMap((value, i) => (value === 0 ? [] : [contributionAt(series, first === null ? null : first + i, value)])),
  )
