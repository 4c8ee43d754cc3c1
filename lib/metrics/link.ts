import type { Transaction } from './fact.ts'
import { correctedBy } from './transaction.ts'

/** A transaction and the row it is in. */
export type Link = { key: string; fact: Transaction }

/** A transaction and one of another row that corrects it. */
export type Across = { original: Link; correction: Link }

/** The corrections by the id of what they correct. */
export const byCorrected = (corrections: Link[]): Map<string, Link[]> =>
  Map.groupBy(corrections, ({ fact }) => correctedBy(fact) ?? '')

/** The pairs of transactions of different rows. */
export const acrossRows = (originals: Link[], corrections: Map<string, Link[]>): Across[] =>
  originals.flatMap((original) =>
    (corrections.get(original.fact.transactionId) ?? [])
      .filter(({ key }) => key !== original.key)
      .map((correction) => ({ original, correction })),
  )
