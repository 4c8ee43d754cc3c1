import { idOf, type NewTransaction } from '../transactions/transaction.ts'
import type { Entry } from './entry.ts'

/** Whose an entry is in Cosell's words. */
export type Owner = Pick<NewTransaction, 'accountId' | 'productId' | 'agreementId' | 'partnerId' | 'offerId'>

/** An entry whose owner and day are known. */
export type Settling = Omit<Entry, 'on' | 'paymentId' | 'reference'> & { on: string; marketplace: 'aws' | 'azure'; owner: Owner }

/** What the books hold of an entry: the latest statement, and the transaction that its corrections name. */
export type Settled = Pick<Settling, 'key' | 'statedAt' | 'ledger' | 'kind' | 'amount' | 'on' | 'marketplace' | 'owner'> & {
  first: string
  /** The file that stated it. */
  statedBy: string
  /** Of its record; 0: there is none yet. */
  version: number
}

export type Decision =
  | { outcome: 'recorded' | 'restated'; settled: Settled; transactions: NewTransaction[] }
  | { outcome: 'duplicate' }
  | { outcome: 'contradicted' }

type Hash = (text: string) => string

const REVENUE: readonly NewTransaction['kind'][] = ['contract', 'usage', 'one-time', 'refund', 'credit']

/** What takes from, or adds to, a line of the books: revenue by a credit, which metrics follow to what it corrects. */
const correctionKind = ({ ledger, kind }: Settled): NewTransaction['kind'] =>
  ledger === 'billed' && REVENUE.includes(kind) ? 'credit' : kind

const lineOf = ({ owner, marketplace, ledger, kind, amount, on }: Settling | Settled) => ({
  ...owner,
  marketplace,
  ledger,
  kind,
  amount,
  on,
})

const original = (entry: Settling): NewTransaction => ({ ...lineOf(entry), providerKey: `${entry.key}@${entry.statedAt}` })

const correction = (settled: Settled, amount: number, providerKey: string): NewTransaction => ({
  ...lineOf(settled),
  providerKey,
  kind: correctionKind(settled),
  amount: { ...settled.amount, amount },
  corrects: settled.first,
})

type By = { statedBy: string; version: number }

const settledBy = (entry: Settling, by: By, first: string): Settled => {
  const { key, statedAt, ledger, kind, amount, on, marketplace, owner } = entry
  return { key, statedAt, ledger, kind, amount, on, marketplace, owner, first, ...by }
}

const isSameLine = (a: Settled, b: Settling) =>
  a.ledger === b.ledger &&
  a.kind === b.kind &&
  a.on === b.on &&
  a.amount.currency === b.amount.currency &&
  a.owner.accountId === b.owner.accountId &&
  a.owner.agreementId === b.owner.agreementId

const record = (entry: Settling, by: By, hash: Hash) => {
  const transaction = original(entry)
  const settled = settledBy(entry, by, idOf(transaction.providerKey, hash))
  // Nothing is no row of the books, but it is a statement: an older one must not come after it.
  return { settled, transactions: entry.amount.amount === 0 ? [] : [transaction] }
}

/** Takes the old line back whole and records the new one, or books the difference where only the amount is another. */
const restate = (known: Settled, entry: Settling, by: By, hash: Hash) => {
  const key = `${entry.key}@${entry.statedAt}`
  if (known.amount.amount !== 0 && isSameLine(known, entry)) {
    const difference = entry.amount.amount - known.amount.amount
    const settled = { ...settledBy(entry, by, known.first), owner: known.owner }
    return { settled, transactions: difference === 0 ? [] : [correction(known, difference, key)] }
  }
  const reversal = known.amount.amount === 0 ? [] : [correction(known, -known.amount.amount, `${key}:reversal`)]
  const { settled, transactions } = record(entry, by, hash)
  return { settled, transactions: [...reversal, ...transactions] }
}

/**
 * What a statement of an entry means to the books. A later statement takes the place of an earlier one by correcting transactions; an
 * earlier or equal one changes nothing. So neither order nor repetition of the statements matters. Two different ones of the same
 * instant contradict each other: the first holds.
 */
export const settle = (known: Settled | undefined, entry: Settling, statedBy: string, hash: Hash): Decision => {
  const by = { statedBy, version: known?.version ?? 0 }
  if (!known) return { outcome: 'recorded', ...record(entry, by, hash) }
  if (known.statedAt < entry.statedAt) return { outcome: 'restated', ...restate(known, entry, by, hash) }
  const isContradiction =
    known.statedAt === entry.statedAt && (known.amount.amount !== entry.amount.amount || !isSameLine(known, entry))
  return { outcome: isContradiction ? 'contradicted' : 'duplicate' }
}
