import type { Transaction } from './fact.ts'
import type { Row } from './row.ts'

/** A revenue transaction or booking, with what it takes from the transaction that it corrects. */
export type Counted = {
  fact: Transaction
  /** The effective kind. */
  kind: Transaction['kind']
  /** The partner whose offer or registered deal it is. */
  sellerId: string | undefined
  /** The day whose attachments and rate give the credit. */
  creditDay: number
}

const REVENUE_KINDS = new Set<Transaction['kind']>(['contract', 'usage', 'one-time'])

export const isReturn = ({ kind }: Transaction) => kind === 'refund' || kind === 'credit'

/** The transaction that a refund or credit names, if there is one and it is named. */
export const correctedBy = (fact: Transaction) => (isReturn(fact) ? fact.corrects : undefined)

export const isBooking = ({ fact }: Counted) => fact.ledger === 'booked'

const counts = ({ fact, kind }: Counted) =>
  fact.ledger === 'billed' ? REVENUE_KINDS.has(kind) : fact.ledger === 'booked' && kind === 'contract'

const transactionsIn = function* ({ facts, foreign }: Row): Generator<Transaction> {
  for (const fact of facts.values()) if (fact.type === 'transaction') yield fact
  yield* foreign.values()
}

/** The transactions that others of the row correct; if two events record the same one, the smaller event id holds. */
const originalsIn = (row: Row): Map<string, Transaction> => {
  const wanted = new Set([...transactionsIn(row)].map(correctedBy))
  const originals = new Map<string, Transaction>()
  for (const fact of transactionsIn(row)) {
    const other = wanted.has(fact.transactionId) && originals.get(fact.transactionId)
    if (other === undefined || (other && fact.id < other.id)) originals.set(fact.transactionId, fact)
  }
  return originals
}

const resolve = (fact: Transaction, original: Transaction | undefined): Counted => {
  if (!original) return { fact, kind: isReturn(fact) ? 'contract' : fact.kind, sellerId: fact.partnerId, creditDay: fact.day }
  const kind = isReturn(original) ? 'contract' : original.kind
  return { fact, kind, sellerId: original.partnerId, creditDay: original.day }
}

/** The revenue transactions and bookings of the row. A correction is followed one step back only. */
export const countedIn = (row: Row): Counted[] => {
  const originals = originalsIn(row)
  const counted: Counted[] = []
  for (const fact of row.facts.values()) {
    if (fact.type !== 'transaction') continue
    const corrected = correctedBy(fact)
    const resolved = resolve(fact, corrected === undefined ? undefined : originals.get(corrected))
    if (counts(resolved)) counted.push(resolved)
  }
  return counted
}

const reversalKey = (transactionId: string, currency: string) => `${transactionId} ${currency}`

/** What is left of a transaction's amount after the billed refunds and credits in its currency. */
export const netAmounts = (row: Row): ((fact: Transaction) => number) => {
  const reversals = new Map<string, number>()
  for (const fact of transactionsIn(row)) {
    const corrected = correctedBy(fact)
    if (corrected === undefined || fact.ledger !== 'billed') continue
    const key = reversalKey(corrected, fact.currency)
    reversals.set(key, (reversals.get(key) ?? 0) + fact.amount)
  }
  return ({ transactionId, currency, amount }) =>
    reversals.size === 0 ? amount : amount + (reversals.get(reversalKey(transactionId, currency)) ?? 0)
}
