import { mustBe } from '../core/access.ts'
import type { Actor, Context } from '../core/context.ts'
import { conflict, isCode, mustExist } from '../core/errors.ts'
import type { PageQuery } from '../core/page.ts'
import type { TransactionStore } from './store.ts'
import { book, type NewTransaction, type Transaction } from './transaction.ts'

type Exists = { get: (id: string) => Promise<unknown> }
export type Dependencies = { store: TransactionStore; hash: (text: string) => string; accounts: Exists; partners: Exists }
export type ImportDependencies = Dependencies & {
  /** Attaches the partner whose sale it is to the account, if it is not attached yet. */
  join: (accountId: string, partnerId: string, on: string, context: Context) => Promise<void>
}

/** What a provider key that is known already means for this row: the row itself again, or another one that must not take its place. */
const repeated = async (store: TransactionStore, transaction: Transaction): Promise<Transaction | undefined> => {
  const known = await store.known(transaction)
  if (known === 'other') {
    const message = `the provider key ${transaction.providerKey} was recorded with another content; correct it by a refund or credit`
    throw conflict(message, 'providerKey')
  }
  return known && transaction
}

/** Records a row once: a repeat with the same content is answered like the first, another content under the same key is refused. */
export const recordTransaction =
  ({ store, hash, accounts, partners }: Dependencies) =>
  async (input: NewTransaction, context: Context): Promise<Transaction> => {
    const { transaction, event } = book(input, hash, context)
    const before = await repeated(store, transaction)
    if (before) return before
    const { accountId, partnerId } = input
    await mustExist({ accountId: accounts.get(accountId), partnerId: partnerId ? partners.get(partnerId) : undefined })
    try {
      await store.save(transaction, event, context)
      return transaction
    } catch (error) {
      // Somebody else recorded it between our look and our write.
      const meanwhile = isCode(error, 'conflict') && (await repeated(store, transaction))
      if (meanwhile) return meanwhile
      throw error
    }
  }

/**
 * Records a row that a person or machine brings and attaches the partner that it names. A refund or credit that takes a known row back
 * has that one's partner and attaches nobody. Attaching comes second and again with every repeat, so that a refused row attaches nobody
 * and an interrupted one is made good.
 */
export const importTransaction =
  (dependencies: ImportDependencies) =>
  async (actor: Actor, input: NewTransaction, context: Context): Promise<Transaction> => {
    mustBe(actor, 'finance', 'platform')
    const transaction = await recordTransaction(dependencies)(input, context)
    const { accountId, partnerId, on, corrects } = input
    if (partnerId && !corrects) await dependencies.join(accountId, partnerId, on, context)
    return transaction
  }

export const listTransactions =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, { accountId, ...page }: PageQuery & { accountId: string }) => {
    mustBe(actor, 'manager', 'finance', 'platform')
    return store.list(accountId, page)
  }
