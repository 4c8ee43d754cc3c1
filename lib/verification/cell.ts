import * as z from '../core/schema.ts'
import type { Contribution } from '../metrics/aggregate.ts'

/** Sums by their address. */
export type Sums = Map<string, number>

export const Cell = z.named(
  z.object({
    family: z.string(),
    year: z.described(z.int(), '0: what belongs to no month'),
    cell: z.described(z.string(), 'mm.measure or mm.day; in year 0 a name'),
    scope: z.described(z.string(), 'a partner, or all partners'),
    live: z.described(z.int(), 'what is served'),
    batch: z.described(z.int(), 'what the rows add up to'),
    moving: z.described(z.optional(z.boolean()), 'rows behind it changed meanwhile: it is wrong, but not known by how much'),
    changed: z.described(z.optional(z.boolean()), 'it was not as it was found when it was to be repaired, and was left alone'),
  }),
  'DifferingCell',
)
export type Cell = z.infer<typeof Cell>

// A family, a year and a cell have no spaces, a scope may.
export const addressOf = ({ family, year, cell, scope }: Pick<Cell, 'family' | 'year' | 'cell' | 'scope'>) =>
  `${family} ${year} ${cell} ${scope}`

const cellAt = (address: string, live: number, batch: number): Cell => {
  const [family = '', year = '', cell = '', ...scope] = address.split(' ')
  return { family, year: Number(year), cell, scope: scope.join(' '), live, batch }
}

export const addTo = (sums: Sums, contribution: Contribution) => {
  const address = addressOf(contribution)
  sums.set(address, (sums.get(address) ?? 0) + contribution.value)
}

/** The cells in which what is served is not what the rows add up to; what is not there is 0. */
export const differing = (live: Sums, batch: Sums): Cell[] => {
  const cells: Cell[] = []
  for (const [address, value] of live) {
    const sum = batch.get(address) ?? 0
    if (sum !== value) cells.push(cellAt(address, value, sum))
  }
  for (const [address, sum] of batch) if (sum !== 0 && !live.has(address)) cells.push(cellAt(address, 0, sum))
  return cells
}

/**
 * Those cells that still differ. Everything that `before` summed up had been added when `live` was read, and what `live` held is in
 * `batch`: so a right cell lies between the two sums, and only one that nobody touched must equal them.
 */
export const stillDiffering = (before: readonly Cell[], live: Sums, batch: Sums): Cell[] =>
  before.flatMap((cell) => {
    const address = addressOf(cell)
    const [value, sum] = [live.get(address) ?? 0, batch.get(address) ?? 0]
    const isBetween = value >= Math.min(cell.batch, sum) && value <= Math.max(cell.batch, sum)
    return isBetween ? [] : [{ ...cellAt(address, value, sum), ...(sum !== cell.batch && { moving: true }) }]
  })
