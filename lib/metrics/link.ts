import type { Transaction } from './fact.ts'
import { correctedBy } from './transaction.ts'

/** A transaction and the row it is in. */
export type Link = { key: string; fact: Transaction }

/** A transaction and one of another row that corrects it. */
export type Across = { original: Link; correction: Link }

/** Those of the transactions that have an id or correct it which do so across rows. */
export const acrossRows = (transactionId: string, links: Link[]): Across[] => {
  const originals = links.filter(({ fact }) => fact.transactionId === transactionId)
  const corrections = links.filter(({ fact }) => correctedBy(fact) === transactionId)
  return originals.flatMap((original) =>
    corrections.filter(({ key }) => key !== original.key).map((correction) => ({ original, correction })),
  )
}
