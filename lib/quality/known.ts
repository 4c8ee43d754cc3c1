import type { Transaction } from '../metrics/fact.ts'
import type { RateTable } from '../metrics/rates.ts'
import type { Row } from '../metrics/row.ts'
import { correctedBy } from '../metrics/transaction.ts'

/** What findings are made from: a row, the rates, and today in days since 1970. */
export type Known = { key: string; row: Row; rates: RateTable; today: number }

export const transactionsIn = ({ facts }: Pick<Row, 'facts'>): Transaction[] =>
  [...facts.values()].filter((fact) => fact.type === 'transaction')

/** The transactions that a correction names, in its own row or in others. */
export const correctedIn = ({ facts, foreign }: Row, correction: Transaction): Transaction[] => {
  const id = correctedBy(correction)
  if (id === undefined) return []
  return [...transactionsIn({ facts }), ...foreign.values()].filter(({ transactionId }) => transactionId === id)
}

const isReturn = ({ kind }: Transaction) => kind === 'refund' || kind === 'credit'

/** Whether a transaction counts as contract: by its own kind, or as a refund of a contract or of something unknown. */
export const isContract = (row: Row, fact: Transaction): boolean => {
  if (!isReturn(fact)) return fact.kind === 'contract'
  const original = correctedIn(row, fact).find((each) => !isReturn(each))
  return original === undefined || original.kind === 'contract'
}

/** A booking, which always has a service. */
export type Booking = Transaction & { service: { from: number; to: number } }

export const bookingsIn = (row: Row): Booking[] =>
  transactionsIn(row).filter(
    (fact): fact is Booking => fact.ledger === 'booked' && fact.service !== undefined && isContract(row, fact),
  )

/** The same row with other facts in the place of some. */
export const withFacts = (row: Row, without: readonly Transaction[], added: readonly Transaction[]): Row => {
  const facts = new Map(row.facts)
  for (const { id } of without) facts.delete(id)
  for (const fact of added) facts.set(fact.id, fact)
  return { ...row, facts }
}
