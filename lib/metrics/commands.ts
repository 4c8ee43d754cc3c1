import { MetricEvent } from '../../events/metrics.ts'
import { isCode } from '../core/errors.ts'
import type { Contribution } from './aggregate.ts'
import { difference } from './aggregate.ts'
import { contributionsOf } from './contribution.ts'
import { factOf } from './fact.ts'
import { type RateTable, rateTable } from './rates.ts'
import { type Row, rowKeyOf } from './row.ts'
import type { Delta, MetricsStore, RowChange, StoredRow } from './store.ts'

export type Dependencies = { store: MetricsStore; currency: string }

const grouped = <T>(items: Iterable<T>, keyOf: (item: T) => string) => Map.groupBy(items, keyOf)

const mergeInto = (row: Row, events: MetricEvent[]): boolean => {
  const before = row.facts.size
  for (const event of events) if (!row.facts.has(event.id)) row.facts.set(event.id, factOf(event))
  return row.facts.size > before
}

/** Repeats a read-change-write until nobody else wrote in between. */
const settled = async (attempt: () => Promise<void>): Promise<void> => {
  try {
    await attempt()
  } catch (error) {
    if (!isCode(error, 'stale_version') && !isCode(error, 'conflict')) throw error
    await settled(attempt)
  }
}

const project = ({ store }: Dependencies, key: string, events: MetricEvent[], rates: number) =>
  settled(async () => {
    const stored = await store.row(key)
    const grown = mergeInto(stored.row, events)
    if (grown || stored.rates < rates) await store.saveRow({ ...stored, rates })
  })

/**
 * Takes events into their rows. A row is a set, so repeats change nothing. A row is stored with the version of the rates that were
 * current; when rates came in meanwhile the rows are stored once more, so that the sweep over older rows cannot miss one.
 */
export const projectFacts =
  (dependencies: Dependencies) =>
  async (events: unknown[]): Promise<void> => {
    const rows = grouped(
      events.map((event) => MetricEvent.parse(event)),
      rowKeyOf,
    )
    const rates = rows.get('RATES')
    if (rates) await project(dependencies, 'RATES', rates, 0)
    rows.delete('RATES')
    const write = async (version: number): Promise<void> => {
      for (const [key, facts] of rows) await project(dependencies, key, facts, version)
      const current = await dependencies.store.ratesVersion()
      if (current > version) await write(current)
    }
    if (rows.size > 0) await write(await dependencies.store.ratesVersion())
  }

/** Brings every row that converts amounts to the newest rates. */
export const rerateRows =
  ({ store }: Dependencies) =>
  async (): Promise<void> => {
    const rates = await store.ratesVersion()
    for await (const { key } of store.rowsRatedBefore(rates)) {
      await settled(async () => {
        const stored = await store.row(key)
        if (stored.rates < rates) await store.saveRow({ ...stored, rates })
      })
    }
  }

/** Rate tables by version; a version never changes. */
const ratesReader = ({ store, currency }: Dependencies) => {
  const known = new Map<number, Promise<RateTable>>()
  return (version: number) => {
    const found = known.get(version) ?? store.ratesAt(version).then((rates) => rateTable(rates, currency))
    known.set(version, found)
    return found
  }
}

const addressOf = ({ family, year, scope }: Contribution) => `${family}|${year}|${scope}`

/** Adds to the aggregates what the changes of rows amount to: the contributions of the new row less those of the old one. */
export const sumContributions = (dependencies: Dependencies) => {
  const ratesAt = ratesReader(dependencies)
  const of = async ({ row, rates }: StoredRow) => contributionsOf(row, await ratesAt(rates))
  return async (shard: string, changes: RowChange[]): Promise<void> => {
    if (!shard) throw new Error('the batch does not tell its shard: the trigger needs a tumbling window')
    const deltas: Delta[] = []
    for (const { sequence, before, after } of changes)
      for (const contribution of difference(await of(after), await of(before))) deltas.push({ sequence, contribution })
    for (const [, same] of grouped(deltas, ({ contribution }) => addressOf(contribution)))
      await dependencies.store.add(shard, same)
  }
}
