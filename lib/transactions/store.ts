import { createHash } from 'node:crypto'
import type { DomainEvent } from '../../events/index.ts'
import { TransactionData } from '../../events/metrics.ts'
import type { Context } from '../core/context.ts'
import { conflict } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { digestOf } from '../runtime/digest.ts'
import { eventIn, record } from '../runtime/journal.ts'
import { type Item, insert, type Table, type Write } from '../runtime/table.ts'
import { idOf, type Transaction } from './transaction.ts'

// access patterns: the transactions of an account · what a provider key became · is a chosen id taken. A transaction is never changed: its event is its record.
const keyOf = (providerKey: string) => ({ pk: `KEY#${providerKey}`, sk: 'KEY' })

/** Short and the same for the same text; for ids that a provider key makes. */
export const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 24)

// What a credit memo corrects is sometimes learnt only after the memo: that makes it no other row.
const contentOf = ({ warnings: _, corrects: __, ...transaction }: Transaction) => digestOf(transaction).slice(0, 24)

// An id made of the provider key is taken when the key is; one that the caller chose is claimed for all accounts.
const claim = ({ transactionId, providerKey = '' }: Transaction) =>
  transactionId === idOf(providerKey, hashOf)
    ? []
    : [
        insert({ pk: `TRANSACTION#${transactionId}`, sk: 'TRANSACTION' }, () =>
          conflict(`the transactionId ${transactionId} belongs to another row`, 'transactionId'),
        ),
      ]

/** What records a transaction with its events: its provider key is taken, and its id where the caller chose it. */
export const transactionWrites = (transaction: Transaction, events: DomainEvent[]): Write[] => {
  const { transactionId, providerKey = '' } = transaction
  const key = insert({ ...keyOf(providerKey), content: contentOf(transaction), transactionId }, () =>
    conflict(`the provider key ${providerKey} is recorded already`, 'providerKey'),
  )
  return [key, ...claim(transaction), ...events.map(record)]
}

const ofAccount = (accountId: string) => ({
  KeyConditionExpression: 'pk = :pk AND begins_with(sk, :event)',
  FilterExpression: '#type = :type',
  ExpressionAttributeNames: { '#type': 'type' },
  ExpressionAttributeValues: { ':pk': `ACCOUNT#${accountId}`, ':event': 'EVENT#', ':type': 'transaction.recorded.v1' },
})

const transactionIn = (item: Item) => TransactionData.parse(eventIn(item).data)

export const transactionStore = (table: Table) => ({
  list: async (accountId: string, { limit, cursor }: PageQuery): Promise<Page<Transaction>> => {
    const { items, ...page } = await table.page(ofAccount(accountId), { limit, cursor })
    return { ...page, items: items.map(transactionIn) }
  },

  /** All transactions of an account. */
  ofAccount: async function* (accountId: string): AsyncIterable<TransactionData> {
    for await (const item of table.query(ofAccount(accountId))) yield transactionIn(item)
  },

  /** What this provider key was recorded as: the same content, another one, or nothing yet. */
  known: async (transaction: Transaction): Promise<'same' | 'other' | undefined> => {
    const kept = await table.get(keyOf(transaction.providerKey ?? ''))
    return kept && (kept['content'] === contentOf(transaction) ? 'same' : 'other')
  },

  save: async (transaction: Transaction, events: DomainEvent[], context: Context) => {
    await table.commit(transactionWrites(transaction, events), { context, answer: transaction })
  },
})
export type TransactionStore = ReturnType<typeof transactionStore>
