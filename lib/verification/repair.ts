import type { DomainEvent } from '../../events/index.ts'
import type { MetricEvent } from '../../events/metrics.ts'
import type { Context } from '../core/context.ts'
import type { Family } from '../metrics/aggregate.ts'
import { type Fact, factOf } from '../metrics/fact.ts'
import { rowKeyOf } from '../metrics/row.ts'
import { addressOf, type Cell } from './cell.ts'
import type { Derived } from './census.ts'
import type { FactProblem } from './fact-problem.ts'
import { batchesOf, problemsOf } from './facts.ts'
import type { VerificationStore } from './store.ts'
import { type Decided, type Kept, repaired } from './verification.ts'

/** What a repair does to the derived data; repeats of each change nothing. */
export type Repair = {
  /** Corrects cells of one aggregate under an id; false: they are not as they were found. */
  correct: (repairId: string, cells: (Cell & { family: Family })[]) => Promise<boolean>
  /** Takes events into their rows. */
  project: (events: MetricEvent[]) => Promise<void>
  correctRow: (key: string, facts: { set: Fact[]; drop: string[] }) => Promise<void>
  rerate: () => Promise<void>
}

type Dependencies = { store: VerificationStore; derived: Derived; events: () => AsyncIterable<DomainEvent>; repair: Repair }

/** An update names each cell three times, and may not be long. */
const CELLS_AT_ONCE = 25

const piecesOf = <T>(all: T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / CELLS_AT_ONCE) }, (_, n) => all.slice(n * CELLS_AT_ONCE, (n + 1) * CELLS_AT_ONCE))

const ofFamily = (cell: Cell) => ({ ...cell, family: cell.family as Family })

/** Writes the difference into each cell that is as it was found; returns how many there were, and the addresses of the others. */
const repairCells = async ({ store, repair }: Dependencies, kept: Kept): Promise<{ cells: number; left: Set<string> }> => {
  const left = new Set<string>()
  let [cells, number] = [0, 0]
  for await (const piece of store.foundCells(kept)) {
    for (const cell of piece) if (cell.moving) left.add(addressOf(cell))
    const still = piece.filter(({ moving }) => !moving).map(ofFamily)
    const items = Map.groupBy(still, ({ family, year, scope }) => `${family} ${year} ${scope}`)
    for (const some of [...items.values()].flatMap(piecesOf)) {
      if (await repair.correct(`${kept.id}.${number++}`, some)) cells += some.length
      else for (const cell of some) left.add(addressOf(cell))
    }
  }
  return { cells, left }
}

const withDifferent = async ({ repair }: Dependencies, events: MetricEvent[], problems: FactProblem[]) => {
  const ids = new Set(problems.filter(({ problem }) => problem === 'different').map(({ eventId }) => eventId))
  const wrong = Map.groupBy(
    events.filter(({ id }) => ids.has(id)),
    rowKeyOf,
  )
  for (const [key, some] of wrong) await repair.correctRow(key, { set: some.map(factOf), drop: [] })
}

/** Takes the events of a batch into their rows again, if they are not there as they should be. */
const restore = async (dependencies: Dependencies, events: MetricEvent[], isUnlinked: boolean): Promise<number> => {
  const problems = await problemsOf(dependencies.derived, events)
  const missing = new Set(problems.filter(({ problem }) => problem === 'missing').map(({ eventId }) => eventId))
  const again = events.filter(({ id, type }) => missing.has(id) || (isUnlinked && type === 'transaction.recorded.v1'))
  if (again.length > 0) await dependencies.repair.project(again)
  await withDifferent(dependencies, events, problems)
  return problems.length
}

/** The ids of all facts of the rows that have facts of no event. They are read before the events, which are never taken back. */
const suspectIds = async ({ derived }: Dependencies, found: FactProblem[]): Promise<Map<string, Set<string>>> => {
  const keys = found.filter(({ problem }) => problem === 'unknown').map(({ row }) => row)
  const stored = await derived.rows([...new Set(keys)])
  return new Map(stored.map(({ key, row }) => [key, new Set(row.facts.keys())]))
}

/** Brings all rows to what the events say; returns how many facts were wrong. */
const repairRows = async (dependencies: Dependencies, found: FactProblem[]): Promise<number> => {
  const { events, repair } = dependencies
  const isUnlinked = found.some(({ problem }) => problem === 'unlinked')
  const suspects = await suspectIds(dependencies, found)
  let restored = 0
  for await (const batch of batchesOf(events())) {
    for (const event of batch) suspects.get(rowKeyOf(event))?.delete(event.id)
    restored += await restore(dependencies, batch, isUnlinked)
  }
  for (const [key, ids] of suspects) if (ids.size > 0) await repair.correctRow(key, { set: [], drop: [...ids] })
  return restored
}

/**
 * Repairs what a verification found. Sums first, as what is done to rows reaches them through the stream. Every part of it may be
 * done twice, so that a crash anywhere leaves the whole to be done again.
 */
export const repairFound = async (dependencies: Dependencies, kept: Kept, context: Context): Promise<Decided> => {
  const { cells, left } = await repairCells(dependencies, kept)
  const facts = (await Array.fromAsync(dependencies.store.foundFacts(kept))).flat()
  const events = facts.length > 0 ? await repairRows(dependencies, facts) : 0
  if (facts.some(({ problem }) => problem === 'outdated-rates')) await dependencies.repair.rerate()
  const firstCells = kept.firstCells.map((cell) => (left.has(addressOf(cell)) ? { ...cell, changed: true } : cell))
  return repaired(kept, { cells, left: left.size, events, firstCells }, context)
}
