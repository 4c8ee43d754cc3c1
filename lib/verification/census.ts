import { type Aggregates, type Contribution, contributionsIn, difference, emptyAggregates } from '../metrics/aggregate.ts'
import { addRow, contributionsOf } from '../metrics/contribution.ts'
import type { Transaction } from '../metrics/fact.ts'
import type { RateTable } from '../metrics/rates.ts'
import type { Row } from '../metrics/row.ts'
import { correctedBy } from '../metrics/transaction.ts'
import { addTo, type Sums } from './cell.ts'
import type { FactProblem } from './fact-problem.ts'

/** A row as it is stored; `rates` is the version of the rates that it counts with. */
export type CountedRow = { key: string; row: Row; rates: number }

/** What is derived, as the store has it. */
export type Derived = {
  allRows: () => AsyncIterable<CountedRow>
  allSums: () => AsyncIterable<Contribution>
  rows: (keys: string[]) => Promise<CountedRow[]>
  ratesVersion: () => Promise<number>
  sendProbes: (probeId: string, now: number) => Promise<void>
  areAnswered: (probeId: string) => Promise<boolean>
}
export type Rates = (version: number) => Promise<RateTable>

/** A correction, known by the row and the event that it is in. */
type Correction = { key: string; eventId: string }

/** What all rows add up to, how many facts each has, what corrects what, and which rows count with rates that are not the newest. */
export type Census = {
  sums: Sums
  facts: Map<string, number>
  corrections: Map<string, Correction[]>
  outdated: FactProblem[]
}

export const transactionsIn = function* ({ facts }: Row): Generator<Transaction> {
  for (const fact of facts.values()) if (fact.type === 'transaction') yield fact
}

/** Notes what corrects what in a row. */
export const noteCorrections = ({ corrections }: Pick<Census, 'corrections'>, { key, row }: Omit<CountedRow, 'rates'>) => {
  for (const fact of transactionsIn(row)) {
    const corrected = correctedBy(fact)
    if (corrected === undefined) continue
    const known = corrections.get(corrected) ?? []
    known.push({ key, eventId: fact.id })
    corrections.set(corrected, known)
  }
}

/** The sums in the aggregates. */
export const readLive = async ({ allSums }: Pick<Derived, 'allSums'>): Promise<Sums> => {
  const sums: Sums = new Map()
  for await (const contribution of allSums()) addTo(sums, contribution)
  return sums
}

const sumsOf = (aggregates: Aggregates): Sums => {
  const sums: Sums = new Map()
  for (const contribution of contributionsIn(aggregates)) addTo(sums, contribution)
  return sums
}

/** Looks at all rows once. */
export const takeCensus = async ({ allRows, ratesVersion }: Derived, ratesAt: Rates): Promise<Census> => {
  const newest = await ratesVersion()
  const aggregates = emptyAggregates()
  const census: Census = { sums: new Map(), facts: new Map(), corrections: new Map(), outdated: [] }
  for await (const stored of allRows()) {
    const { key, row, rates } = stored
    addRow(aggregates, row, await ratesAt(rates))
    census.facts.set(key, row.facts.size)
    noteCorrections(census, stored)
    const isOutdated =
      key !== 'RATES' &&
      rates < newest &&
      difference(contributionsOf(row, await ratesAt(newest)), contributionsOf(row, await ratesAt(rates))).length > 0
    if (isOutdated) census.outdated.push({ row: key, problem: 'outdated-rates' })
  }
  census.sums = sumsOf(aggregates)
  return census
}
