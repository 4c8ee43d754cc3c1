import * as z from '../core/schema.ts'
import { idOf, NewTransaction } from '../transactions/transaction.ts'
import type { Entry } from './entry.ts'

const { accountId, productId, agreementId, partnerId, offerId, ledger, kind, amount, on } = NewTransaction.shape

/** Whose an entry is in Cosell's words. */
const Owner = z.object({ accountId, productId, agreementId, partnerId, offerId })
export type Owner = z.infer<typeof Owner>

/** An entry whose owner and day are known. */
export type Settling = Omit<Entry, 'on' | 'paymentId' | 'reference'> & { on: string; marketplace: 'aws' | 'azure'; owner: Owner }

/** What the books hold of an entry: the latest statement, and the transaction that its corrections name. */
export const Settled = z.object({
  ...{ key: z.string(), statedAt: z.string(), ledger, kind, amount, on, marketplace: z.enum(['aws', 'azure']), owner: Owner },
  first: z.string(),
  /** The file that stated it. */
  statedBy: z.string(),
  /** Of its record; 0: there is none yet. */
  version: z.int(),
})
export type Settled = z.infer<typeof Settled>

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

const keyOf = ({ key, statedAt }: Settling) => `${key}@${statedAt}`

const original = (entry: Settling, providerKey: string): NewTransaction => ({ ...lineOf(entry), providerKey })

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

/** Whether the same is said of the line; whose it is beside the agreement is found out, not said. */
const isSaidTheSame = (a: Settled, b: Settling) =>
  a.ledger === b.ledger && a.kind === b.kind && a.on === b.on && a.amount.currency === b.amount.currency

/** Of a row that was first known by its buyer alone, the offer is known now. */
const isBetterKnown = ({ owner }: Settled, entry: Settling) => !owner.offerId && entry.owner.offerId !== undefined

const isSameLine = (a: Settled, b: Settling) =>
  isSaidTheSame(a, b) &&
  a.owner.accountId === b.owner.accountId &&
  a.owner.agreementId === b.owner.agreementId &&
  !isBetterKnown(a, b)

const record = (entry: Settling, by: By, key: string, hash: Hash) => {
  const transaction = original(entry, key)
  const settled = settledBy(entry, by, idOf(transaction.providerKey, hash))
  // Nothing is no row of the books, but it is a statement: an older one must not come after it.
  return { settled, transactions: entry.amount.amount === 0 ? [] : [transaction] }
}

/** Takes the old line back whole and records the new one. */
const replace = (known: Settled, entry: Settling, by: By, key: string, hash: Hash) => {
  const reversal = known.amount.amount === 0 ? [] : [correction(known, -known.amount.amount, `${key}:reversal`)]
  const { settled, transactions } = record(entry, by, key, hash)
  return { settled, transactions: [...reversal, ...transactions] }
}

/** Books the difference where only the amount is another. */
const restate = (known: Settled, entry: Settling, by: By, hash: Hash) => {
  const key = keyOf(entry)
  if (known.amount.amount === 0 || !isSameLine(known, entry)) return replace(known, entry, by, key, hash)
  const difference = entry.amount.amount - known.amount.amount
  const settled = { ...settledBy(entry, by, known.first), owner: known.owner }
  return { settled, transactions: difference === 0 ? [] : [correction(known, difference, key)] }
}

/** Of another agreement than the row of the same time said; Microsoft's rows name none. */
const isOfAnother = ({ owner }: Settled, entry: Settling) =>
  entry.marketplace === 'aws' && owner.agreementId !== entry.owner.agreementId

/** A statement that is known already. It may be known better by now whose it is: then the line moves there, once. */
const again = (known: Settled, entry: Settling, by: By, hash: Hash): Decision => {
  const isSame = isSaidTheSame(known, entry) && known.amount.amount === entry.amount.amount
  if (!isSame || isOfAnother(known, entry)) return { outcome: 'contradicted' }
  if (!isBetterKnown(known, entry)) return { outcome: 'duplicate' }
  return { outcome: 'restated', ...replace(known, entry, by, `${keyOf(entry)}:owned`, hash) }
}

/**
 * What a statement of an entry means to the books. A later statement takes the place of an earlier one by correcting transactions; an
 * earlier or equal one changes nothing. So neither order nor repetition of the statements matters. Two different ones of the same
 * instant contradict each other: the first holds.
 */
export const settle = (known: Settled | undefined, entry: Settling, statedBy: string, hash: Hash): Decision => {
  const by = { statedBy, version: known?.version ?? 0 }
  if (!known) return { outcome: 'recorded', ...record(entry, by, keyOf(entry), hash) }
  if (known.statedAt < entry.statedAt) return { outcome: 'restated', ...restate(known, entry, by, hash) }
  return known.statedAt === entry.statedAt ? again(known, entry, by, hash) : { outcome: 'duplicate' }
}
