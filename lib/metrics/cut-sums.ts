import { type Aggregates, emptyAggregates, type Monthly, PROGRAMME } from './aggregate.ts'
import { addRow } from './contribution.ts'
import { type Cut, isOfPartners } from './cut.ts'
import type { Divide, Pieces } from './pieces.ts'
import type { RateTable } from './rates.ts'
import type { Row } from './row.ts'
import { lacksRates, pruned } from './sums.ts'

/** A month by a cut, of the programme or, where the cut is not of partners, of one partner. */
export type CutQuery = { cut: Cut; month: number; partnerId?: string | undefined }

/** What is summed while rows go by: the programme, and each value of the cut. */
export type CutSums = { whole: Aggregates; pieces: Pieces; rows: number }

export const emptySums = (): CutSums => ({ whole: emptyAggregates(), pieces: new Map(), rows: 0 })

const YEARLY: readonly Monthly[] = ['revenue', 'partner-cost']
const MONTHS = 12

const wanted =
  (month: number, told: string) =>
  (family: Monthly, at: number, scope: string): boolean => {
    const first = YEARLY.includes(family) ? month - MONTHS + 1 : month
    return first <= at && at <= month && (scope === PROGRAMME || scope === told)
  }

/** The scope in the sums of a value that is told. */
export const scopeOf = ({ cut, partnerId = PROGRAMME }: CutQuery, value: string) => (isOfPartners(cut) ? value : partnerId)

const PRUNE_EVERY = 2000

/** Leaves only what the answer reads, so that many values do not keep the months of all partners each. */
const prune = (pieces: Pieces, query: CutQuery) => {
  for (const [value, piece] of pieces) pieces.set(value, pruned(piece, wanted(query.month, scopeOf(query, value))))
}

/** Adds a row to the sums; each row once. */
export const addToCut = (sums: CutSums, row: Row, rates: RateTable, query: CutQuery, divide: Divide) => {
  addRow(sums.whole, row, rates, query.month)
  if (lacksRates(sums.whole)) return
  divide(sums.pieces, { row, rates, until: query.month })
  sums.rows += 1
  if (sums.rows % PRUNE_EVERY === 0) prune(sums.pieces, query)
}
