import { isCode } from '../core/errors.ts'
import { beyond } from '../core/watermark.ts'
import type { Item, Table } from '../runtime/table.ts'
import { type Aggregates, addUp, type Contribution, emptyAggregates, type Family } from './aggregate.ts'
import {
  addition,
  aggregateKey,
  type Corrected,
  correction,
  partitionOf,
  removal,
  summed,
  sumsIn,
  type Wrong,
} from './aggregate-item.ts'
import { type LogEntry, lackingIn, type Waiting, waitingIn } from './log.ts'
import { type Delta, markName, oldMarks, repairName } from './watermark.ts'

// access patterns: the aggregates of a family and year · all sums (scan, to verify them).

const placeOf = ({ pk, sk }: Pick<Item, 'pk' | 'sk'>) => `${pk} ${sk}`

/** What is served: the sums in items, and what waits for them in the log. */
const served = async function* (items: AsyncIterable<Item>, waiting: Waiting[]): AsyncGenerator<Contribution[]> {
  const left = Map.groupBy(waiting, ({ contribution }) => placeOf(aggregateKey(contribution)))
  for await (const item of items) {
    yield [...sumsIn(item), ...lackingIn(item, left.get(placeOf(item)) ?? [])]
    left.delete(placeOf(item))
  }
  yield [...left.values()].flatMap((some) => lackingIn({}, some))
}

export type SumsReader = (families: readonly Family[], years: readonly number[]) => Promise<Aggregates>

/** `log` reads what is not added to the aggregates yet. Whoever reads both reads it first: an item says how far of it is in the item. */
export const sumStore = (table: Table, log: () => Promise<LogEntry[]>) => {
  const inPartition = (pk: string) =>
    table.query({ KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } })

  /** An item, and what is served of its cells. */
  const lookAt = async (first: Wrong) => {
    const key = aggregateKey(first)
    const waiting = waitingIn(await log()).filter(({ contribution }) => placeOf(aggregateKey(contribution)) === placeOf(key))
    const item: Item = (await table.get(key)) ?? key
    return { item, sums: new Map(summed([...sumsIn(item), ...lackingIn(item, waiting)])) }
  }

  return {
    /**
     * Adds the deltas of one aggregate item that were not added before: the item carries, for each shard that wrote to it, the last
     * sequence number it contains. Exact under retries and under batches that are cut in other ways the second time. `now`, in seconds
     * since 1970, is when that is done: marks are kept for some time from then on.
     */
    add: async (shard: string, deltas: Delta[], logged: ReadonlySet<string>, now: number) => {
      const mark = markName(shard)
      const apply = async (fresh: Delta[]) => {
        const [first, last] = [fresh[0], fresh.at(-1)]
        if (!first || !last) return
        const cells = summed(fresh.map(({ contribution }) => contribution))
        const before = await table.update(addition(mark, first, last, cells, now))
        const old = oldMarks(before ?? {}, now, logged).filter((name) => name !== mark)
        if (old.length > 0) await table.update(removal(aggregateKey(first.contribution), old))
      }
      try {
        await apply(deltas)
      } catch (error) {
        if (!isCode(error, 'stale_version')) throw error
        const [first] = deltas
        const reached = first && (await table.get(aggregateKey(first.contribution)))?.[mark]
        await apply(beyond(String(reached ?? ''), deltas))
      }
    },

    /**
     * Reads the log, and gives what reads the aggregates of some families in some years with it, so that all that is read for one answer
     * knows of the same batches. Year 0 has what belongs to no month.
     */
    openSums: async (): Promise<SumsReader> => {
      const waiting = waitingIn(await log())
      return async (families, years) => {
        const all = emptyAggregates()
        const load = async (family: Family, year: number) => {
          const asked = waiting.filter(({ contribution }) => contribution.family === family && contribution.year === year)
          for await (const sums of served(inPartition(partitionOf({ family, year })), asked)) addUp(sums, all)
        }
        await Promise.all(families.flatMap((family) => years.map((year) => load(family, year))))
        return all
      }
    },

    /** All sums that are served. */
    allSums: async function* (): AsyncIterable<Contribution> {
      const waiting = waitingIn(await log())
      const filter = { FilterExpression: 'begins_with(pk, :sum)', ExpressionAttributeValues: { ':sum': 'AGG#' } }
      for await (const sums of served(table.scan({ ...filter, ConsistentRead: true }), waiting)) yield* sums
    },

    /** Corrects cells of one item under an id, once; false: they are not served as they were found any more, and nothing is written. */
    correct: async (repairId: string, cells: Wrong[]): Promise<boolean> => {
      const mark = repairName(repairId)
      const attempt = async (): Promise<boolean> => {
        const [first] = cells
        if (!first) return true
        const { item, sums } = await lookAt(first)
        if (mark in item) return true
        if (cells.some(({ cell, live }) => (sums.get(cell) ?? 0) !== live)) return false
        const write = correction(
          mark,
          first,
          cells.map((cell): Corrected => ({ ...cell, stored: Number(item[cell.cell] ?? 0) })),
        )
        try {
          await table.update(write)
          return true
        } catch (error) {
          if (!isCode(error, 'stale_version')) throw error
          // Something was added from the log between our look and our write.
          return attempt()
        }
      }
      return attempt()
    },
  }
}
