import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTables } from '../../infra/local/dynamodb.ts'
import type { AgreementSnapshot } from '../../lib/agreements/agreement.ts'
import { type Books, bookTerm } from '../../lib/agreements/booking.ts'
import { commonOf } from '../../lib/agreements/owned.ts'
import { agreementStore } from '../../lib/agreements/store.ts'
import { newContext } from '../../lib/runtime/context.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { hashOf, transactionStore } from '../../lib/transactions/store.ts'
import { book } from '../../lib/transactions/transaction.ts'
import { openEngine, type TestEngine } from '../support/engine.ts'
import { usd } from '../support/usd.ts'
import { agreementOf } from '../unit/agreements/agreement.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await openEngine()
  await createTables()
})
afterAll(() => engine.stop())

const read = (value: number, before?: Books) =>
  bookTerm(agreementOf({ value: usd(value) }), { accountId: 'acc_1' }, before, '2026-11-06') as Books

it('keeps the books of an agreement beside the time of its reading; of two readings at once the slower one begins again', async () => {
  const store = agreementStore(openTable('records'))
  expect(await store.books('aws', 'agmt-1')).toBeUndefined()
  const first = read(1200)
  await store.keepBooks('aws', 'agmt-1', first, undefined)
  const agreement = agreementOf()
  await store.synced(agreement, { owner: commonOf(agreement, { accountId: 'acc_1' }) }, '2026-11-06T00:00:00.000Z')
  expect(await store.books('aws', 'agmt-1')).toEqual(first)
  await expect(store.keepBooks('aws', 'agmt-1', first, undefined)).rejects.toMatchObject({ code: 'stale_version' })

  const second = read(2400, first)
  await store.keepBooks('aws', 'agmt-1', second, first)
  await expect(store.keepBooks('aws', 'agmt-1', read(3600, first), first)).rejects.toMatchObject({ code: 'stale_version' })
  expect(await store.books('aws', 'agmt-1')).toEqual(second)
})

it('knows the agreements that go on with each other by any of them, each as it was read last', async () => {
  const store = agreementStore(openTable('records'))
  const note = (changes: Partial<AgreementSnapshot>) => {
    const agreement = agreementOf(changes)
    return store.synced(agreement, { owner: commonOf(agreement, { accountId: 'acc_1' }) }, '2026-11-06T00:00:00.000Z')
  }
  await note({ id: 'agmt-c1' })
  await note({ id: 'agmt-c1', initialId: 'agmt-c1', status: 'ended', endedAs: 'replaced' })
  await note({ id: 'agmt-c2', initialId: 'agmt-c1' })
  for (const id of ['agmt-c1', 'agmt-c2'])
    expect(await store.chain('aws', id)).toMatchObject([
      { id: 'agmt-c1', endedAs: 'replaced' },
      { id: 'agmt-c2', status: 'active' },
    ])
  expect(await store.chain('aws', 'agmt-unknown')).toEqual([])
})

it('knows the rows of kept books again, though a table keeps the fields in an order of its own', async () => {
  const table = openTable('records')
  const [store, transactions] = [agreementStore(table), transactionStore(table)]
  const books = read(1200)
  await store.keepBooks('aws', 'agmt-2', books, undefined)
  const [kept] = (await store.books('aws', 'agmt-2'))?.rows ?? []
  const [row] = books.rows
  if (!row || !kept) throw new Error('there are no rows')
  const { transaction, event } = book(row, hashOf, newContext())
  await transactions.save(transaction, [event], newContext())
  expect(await transactions.known(book(kept, hashOf, newContext()).transaction)).toBe('same')
  const other = book({ ...kept, amount: usd(1) }, hashOf, newContext()).transaction
  expect(await transactions.known(other)).toBe('other')
})

it('knows whose an agreement of another seller is, and reads it no more', async () => {
  const store = agreementStore(openTable('records'))
  await store.unsettled('aws', 'agmt-3', 'it cannot be read')
  const owner = { accountId: 'acc_1', productId: 'prod-1', marketplace: 'aws', agreementId: 'agmt-3', offerId: 'off_1' } as const
  await store.resold('aws', 'agmt-3', owner)
  expect(await store.ownerOf('aws', 'agmt-3')).toEqual(owner)
  expect(await Array.fromAsync(store.syncedBefore('aws', '2030-01-01T00:00:00Z'))).not.toContain('agmt-3')
})

it('knows whose a subscription was and which plan it had when it was last read, also after a reading that failed', async () => {
  const store = agreementStore(openTable('records'))
  expect(await store.lastKnown('azure', 'sub-1')).toBeUndefined()
  await store.unsettled('azure', 'sub-1', 'nobody knows its buyer')
  expect(await store.lastKnown('azure', 'sub-1')).toBeUndefined()
  const subscription = agreementOf({ marketplace: 'azure', id: 'sub-1', plan: { id: 'p1' } })
  const owner = commonOf(subscription, { accountId: 'acc_1' })
  await store.synced(subscription, { owner, item: 0 }, '2026-11-06T00:00:00.000Z')
  await store.unsettled('azure', 'sub-1', 'Microsoft gives no answer')
  expect(await store.lastKnown('azure', 'sub-1')).toEqual({ owner, planId: 'p1', item: 0 })
})
