import type { DomainEvent } from '../../events/index.ts'
import { mustBe } from '../core/access.ts'
import type { Actor, Context } from '../core/context.ts'
import { conflict, isCode, mustExist } from '../core/errors.ts'
import type { PageQuery } from '../core/page.ts'
import type { TransactionStore } from './store.ts'
import { book, type NewTransaction, type Transaction } from './transaction.ts'

type Store = Omit<TransactionStore, 'ofAccount'>
type Exists = { get: (id: string) => Promise<unknown> }
export type Dependencies = { store: Store; hash: (text: string) => string; accounts: Exists; partners: Exists }
export type ImportDependencies = Dependencies & {
  /** The event that attaches the partner whose sale it is to the account, if it is not attached yet. */
  joining: (accountId: string, partnerId: string, on: string, context: Context) => Promise<DomainEvent | undefined>
}

/** What a provider key that is known already means for this row: the row itself again, or another one that must not take its place. */
const repeated = async (store: Store, transaction: Transaction): Promise<Transaction | undefined> => {
  const known = await store.known(transaction)
  if (known === 'other') {
    const message = `the provider key ${transaction.providerKey} was recorded with another content; correct it by a refund or credit`
    throw conflict(message, 'providerKey')
  }
  return known && transaction
}

type Sale = { transaction: Transaction; event: DomainEvent; attached: DomainEvent | undefined }

/** Saves, unless somebody else recorded the row, or attached the partner, between our look and our write. */
const saveOnce = async (store: Store, { transaction, event, attached }: Sale, context: Context): Promise<void> => {
  try {
    await store.save(transaction, attached ? [event, attached] : [event], context)
  } catch (error) {
    if (!isCode(error, 'conflict')) throw error
    if (await repeated(store, transaction)) return
    if (!attached) throw error
    await saveOnce(store, { transaction, event, attached: undefined }, context)
  }
}

const record =
  ({ store, hash, accounts, partners }: Dependencies) =>
  async (input: NewTransaction, context: Context, attaching: () => Promise<DomainEvent | undefined>): Promise<Transaction> => {
    const { transaction, event } = book(input, hash, context)
    const before = await repeated(store, transaction)
    if (before) return before
    const { accountId, partnerId } = input
    await mustExist({ accountId: accounts.get(accountId), partnerId: partnerId ? partners.get(partnerId) : undefined })
    await saveOnce(store, { transaction, event, attached: await attaching() }, context)
    return transaction
  }

/** Whether exactly this row is in the books. */
export const isRecorded =
  ({ store, hash }: Pick<Dependencies, 'store' | 'hash'>) =>
  async (input: NewTransaction, context: Context): Promise<boolean> =>
    (await store.known(book(input, hash, context).transaction)) === 'same'

const nobody = async () => undefined

/** Records a row once: a repeat with the same content is answered like the first, another content under the same key is refused. */
export const recordTransaction = (dependencies: Dependencies) => (input: NewTransaction, context: Context) =>
  record(dependencies)(input, context, nobody)

/**
 * Records a row that a person or machine brings and, in the same transaction, attaches the partner that it names. A refund or credit
 * that takes a known row back has that one's partner and attaches nobody.
 */
export const importTransaction =
  (dependencies: ImportDependencies) =>
  async (actor: Actor, input: NewTransaction, context: Context): Promise<Transaction> => {
    mustBe(actor, 'finance', 'platform')
    const { accountId, partnerId, on, corrects } = input
    const attaching = partnerId && !corrects ? () => dependencies.joining(accountId, partnerId, on, context) : nobody
    return record(dependencies)(input, context, attaching)
  }

export const listTransactions =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, { accountId, ...page }: PageQuery & { accountId: string }) => {
    mustBe(actor, 'manager', 'finance', 'platform')
    return store.list(accountId, page)
  }
