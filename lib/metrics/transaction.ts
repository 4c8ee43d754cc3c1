import type { Fact, Transaction } from './fact.ts'
import type { Row } from './row.ts'

/** A revenue transaction or booking, with what it takes from the transaction that it corrects. */
export type Counted = {
  booking: boolean
  /** The effective kind. */
  kind: Transaction['kind']
  amount: number
  currency: string
  day: number
  service: Transaction['service']
  /** The partner whose offer or registered deal it is. */
  sellerId: string | undefined
  /** The day whose attachments and rate give the credit. */
  creditDay: number
  /** Whether it is a billed sale of which something is left after its refunds and credits. */
  earned: boolean
}

const REVENUE_KINDS = new Set<Transaction['kind']>(['contract', 'usage', 'one-time'])

const isReturn = ({ kind }: Pick<Transaction, 'kind'>) => kind === 'refund' || kind === 'credit'

/** The transaction that a refund or credit names, if there is one and it is named. */
export const correctedBy = (fact: Transaction) => (isReturn(fact) ? fact.corrects : undefined)

const counts = (ledger: Transaction['ledger'], kind: Transaction['kind']) =>
  ledger === 'billed' ? REVENUE_KINDS.has(kind) : ledger === 'booked' && kind === 'contract'

/** What a correction takes from what it corrects. */
export type Original = Pick<Transaction, 'kind' | 'day'> & { partnerId?: string | undefined }

const compare = <T extends number | string>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0)

/** If several events record the transaction that is corrected, the earliest holds; the rest of the order is the same for everybody. */
export const precedes = (a: Original, b: Original): boolean =>
  (a.day - b.day || compare(a.kind, b.kind) || compare(a.partnerId ?? '', b.partnerId ?? '')) < 0

type Uncounted = Pick<Transaction, 'ledger' | 'kind' | 'amount' | 'currency' | 'day'> & {
  partnerId?: string | undefined
  service?: Transaction['service'] | undefined
}

/**
 * A transaction as it counts, undefined if it does not. `original` is what it corrects, if that is known; `reversed` what billed
 * refunds and credits in its currency take from it, in minor units. A correction is followed one step back only.
 */
export const countedOf = (fact: Uncounted, original: Original | undefined, reversed: number): Counted | undefined => {
  const { ledger, amount, currency, day, service } = fact
  const returned = isReturn(fact)
  const kind = returned ? (original && !isReturn(original) ? original.kind : 'contract') : fact.kind
  if (!counts(ledger, kind)) return undefined
  const booking = ledger === 'booked'
  const { partnerId: sellerId, day: creditDay } = original ?? fact
  const earned = !booking && !returned && amount > 0 && amount + reversed > 0
  return { booking, kind, amount, currency, day, service, sellerId, creditDay, earned }
}

const isTransaction = (fact: Fact): fact is Transaction => fact.type === 'transaction'
const isCorrection = (fact: Transaction) => correctedBy(fact) !== undefined

/** Those of the transactions that corrections name, by their ids. */
const originalsIn = (transactions: Transaction[], corrections: Transaction[]): Map<string | undefined, Transaction> => {
  const named = new Set(corrections.map(correctedBy))
  const originals = new Map<string | undefined, Transaction>()
  for (const fact of transactions) {
    const { transactionId } = fact
    const other = originals.get(transactionId)
    if (named.has(transactionId) && (!other || precedes(fact, other))) originals.set(transactionId, fact)
  }
  return originals
}

/** What billed refunds and credits take, by the transaction that they name and their currency. */
const reversalsIn = (corrections: Transaction[]): Map<string | undefined, Map<string, number>> => {
  const reversals = new Map<string | undefined, Map<string, number>>()
  for (const fact of corrections) {
    if (fact.ledger !== 'billed') continue
    const amounts = reversals.get(correctedBy(fact)) ?? new Map<string, number>()
    reversals.set(correctedBy(fact), amounts.set(fact.currency, (amounts.get(fact.currency) ?? 0) + fact.amount))
  }
  return reversals
}

/** The revenue transactions and bookings of the row, with the facts that they are. */
export const countedFactsIn = ({ facts, foreign }: Row): { fact: Transaction; counted: Counted }[] => {
  const own = [...facts.values()].filter(isTransaction)
  const all = [...own, ...foreign.values()]
  const corrections = all.filter(isCorrection)
  const [originals, reversals] = [originalsIn(all, corrections), reversalsIn(corrections)]
  return own.flatMap((fact) => {
    const reversed = reversals.get(fact.transactionId)?.get(fact.currency) ?? 0
    const counted = countedOf(fact, originals.get(correctedBy(fact)), reversed)
    return counted ? { fact, counted } : []
  })
}

export const countedIn = (row: Row): Counted[] => countedFactsIn(row).map(({ counted }) => counted)
