import { type Aggregates, emptyAggregates } from './aggregate.ts'
import type { RateTable } from './rates.ts'
import type { Row } from './row.ts'

/** The sums of each value of a cut. In a cut of partners the scope of a value is the value itself. */
export type Pieces = Map<string, Aggregates>

/** A row, the rates that its amounts are converted by, and the last month whose retention is asked for. */
export type Whole = { row: Row; rates: RateTable; until: number }

/** Adds what a row contributes to each value of a cut; none of its amounts lacks an exchange rate. */
export type Divide = (pieces: Pieces, whole: Whole) => void

export const pieceOf = (pieces: Pieces, value: string): Aggregates => {
  const piece = pieces.get(value) ?? emptyAggregates()
  pieces.set(value, piece)
  return piece
}
