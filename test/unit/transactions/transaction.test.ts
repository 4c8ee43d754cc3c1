import { describe, expect, it } from 'vitest'
import { DomainEvent } from '../../../events/index.ts'
import type { Context } from '../../../lib/core/context.ts'
import { book, type NewTransaction } from '../../../lib/transactions/transaction.ts'

const context: Context = { now: '2026-11-02T09:00:00.000Z', newId: (prefix) => `${prefix}_1` }
const hash = (text: string) => `#${text}`
const SALE: NewTransaction = {
  providerKey: 'inv-1',
  ledger: 'billed',
  kind: 'contract',
  accountId: 'acc-1',
  productId: 'prod-1',
  marketplace: 'direct',
  amount: { amount: 1200, currency: 'USD' },
  on: '2026-10-31',
}
const YEAR = { from: '2026-10-15', to: '2027-10-15' }
const change = (row: object): NewTransaction => ({ ...SALE, ...row })
const problemsOf = (row: object) => {
  try {
    book(change(row), hash, context)
    return []
  } catch (error) {
    return Object(error).details.map(({ target }: { target: string }) => target)
  }
}

describe('a row of the books', () => {
  it('becomes a transaction and an event with ids of the provider key, so that a repeat makes the same', () => {
    const { transaction, event } = book(SALE, hash, context)
    expect(transaction).toEqual({ ...SALE, transactionId: 'txn_#inv-1' })
    expect(event).toMatchObject({ id: 'evt_txn_#inv-1', subject: 'acc-1', time: '2026-10-31T00:00:00Z', recordedat: context.now })
    expect(DomainEvent.safeParse(event).success).toBe(true)
  })

  it('keeps an id that the caller chose', () => {
    const { transaction, event } = book(change({ transactionId: 'mine' }), hash, context)
    expect([transaction.transactionId, event.id]).toEqual(['mine', 'evt_mine'])
  })

  it('does not tell the provider key in its event', () => {
    expect(book(SALE, hash, context).event.data).not.toHaveProperty('providerKey')
  })

  it.each<[string, string[], object]>([
    ['a sale', [], {}],
    ['a booking with its service', [], { ledger: 'booked', service: YEAR }],
    ['a booking without', ['service'], { ledger: 'booked' }],
    ['a booked refund without', ['service'], { ledger: 'booked', kind: 'refund', amount: { amount: -1, currency: 'USD' } }],
    ['a booked fee without', [], { ledger: 'booked', kind: 'fee' }],
    ['a refund', [], { kind: 'refund', amount: { amount: -1, currency: 'USD' } }],
    ['a refund of nothing', [], { kind: 'refund', amount: { amount: 0, currency: 'USD' } }],
    ['a refund that adds', ['amount.amount'], { kind: 'refund' }],
    ['a credit that takes back another one', [], { kind: 'credit', corrects: 'txn-1' }],
    ['a booked credit that adds, without service', ['service', 'amount.amount'], { ledger: 'booked', kind: 'credit' }],
  ])('as %s has the wrong fields %o', (_, targets, row) => {
    expect(problemsOf(row)).toEqual(targets)
  })

  it.each<[string, boolean, object]>([
    ['a new term of 100 days', false, { service: { from: '2026-10-15', to: '2027-01-23' } }],
    ['a change on the grid', false, { service: YEAR, amount: { amount: -1, currency: 'USD' } }],
    ['a reduction off the grid', true, { service: { ...YEAR, from: '2026-11-01' }, amount: { amount: -1, currency: 'USD' } }],
    ['a correction off the grid', true, { service: { ...YEAR, from: '2026-11-01' }, corrects: 'txn-1' }],
  ])('booked as %s is warned of: %s', (_, isWarned, row) => {
    const { transaction, event } = book(change({ ledger: 'booked', ...row }), hash, context)
    expect(transaction.warnings?.length ?? 0).toBe(isWarned ? 1 : 0)
    expect(event.data).not.toHaveProperty('warnings')
  })
})
