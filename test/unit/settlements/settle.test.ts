import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TransactionData } from '../../../events/metrics.ts'
import { type Settled, type Settling, settle } from '../../../lib/settlements/settle.ts'
import { book, type NewTransaction } from '../../../lib/transactions/transaction.ts'
import { contextAt } from '../../support/offers.ts'
import { ledgersOf } from '../../support/settlements.ts'
import { usd } from '../../support/usd.ts'

const hash = (text: string) => text
const owner = { accountId: 'acc-1', productId: 'prod-1', agreementId: 'agmt-1', partnerId: 'ptn-1', offerId: 'off_1' }
const stated = (statedAt: string, change: Partial<Settling> = {}): Settling => ({
  key: 'aws:event:be1',
  statedAt,
  ledger: 'cash',
  kind: 'contract',
  amount: usd(10_000),
  on: '2027-01-10',
  marketplace: 'aws',
  owner,
  ...change,
})

/** The books after statements in this order, and what each of them was. */
const booksAfter = (...statements: Settling[]) => {
  const settled = new Map<string, Settled>()
  const transactions: NewTransaction[] = []
  const outcomes = statements.map((each) => {
    const decision = settle(settled.get(each.key), each, 'stl_1', hash)
    if ('settled' in decision) {
      settled.set(each.key, decision.settled)
      transactions.push(...decision.transactions)
    }
    return decision.outcome
  })
  return { outcomes, transactions }
}
const told = ({ transactions }: ReturnType<typeof booksAfter>) =>
  transactions.map(({ kind, amount, on, corrects = '' }) => [kind, amount.amount, on, corrects])
const [FIRST, SECOND, THIRD] = ['2027-01-11T00:00:00', '2027-01-12T00:00:00', '2027-01-13T00:00:00']
const FIRST_ID = `txn_aws:event:be1@${FIRST}`

describe('a statement of an entry', () => {
  it('is recorded once under the key of the row and the time of the statement', () => {
    const { outcomes, transactions } = booksAfter(stated(FIRST), stated(FIRST))
    expect(outcomes).toEqual(['recorded', 'duplicate'])
    expect(transactions).toEqual([
      {
        ...owner,
        marketplace: 'aws',
        ledger: 'cash',
        kind: 'contract',
        amount: usd(10_000),
        on: '2027-01-10',
        providerKey: `aws:event:be1@${FIRST}`,
      },
    ])
  })

  it('that is older than the known one changes nothing', () => {
    expect(booksAfter(stated(SECOND), stated(FIRST, { amount: usd(1) })).outcomes).toEqual(['recorded', 'duplicate'])
  })

  it('that is later and has another amount is booked as the difference, correcting the first', () => {
    const changed = booksAfter(stated(FIRST), stated(SECOND, { amount: usd(9_000) }), stated(THIRD, { amount: usd(9_500) }))
    expect(changed.outcomes).toEqual(['recorded', 'restated', 'restated'])
    expect(told(changed)).toEqual([
      ['contract', 10_000, '2027-01-10', ''],
      ['contract', -1_000, '2027-01-10', FIRST_ID],
      ['contract', 500, '2027-01-10', FIRST_ID],
    ])
  })

  it('that is later and says the same is a restatement without a row', () => {
    const same = booksAfter(stated(FIRST), stated(SECOND))
    expect([same.outcomes, same.transactions.length]).toEqual([['recorded', 'restated'], 1])
  })

  it.each([
    ['day', { on: '2027-01-09' }],
    ['ledger', { ledger: 'billed', kind: 'fee' }],
    ['currency', { amount: { amount: 10_000, currency: 'EUR' } }],
    ['agreement', { owner: { ...owner, agreementId: 'agmt-2' } }],
  ] as [string, Partial<Settling>][])('with another %s takes the old line back whole and records the new one', (_, change) => {
    const rows = told(booksAfter(stated(FIRST), stated(SECOND, change)))
    expect(rows.map(([, amount, , corrects]) => [amount, corrects])).toEqual([
      [10_000, ''],
      [-10_000, FIRST_ID],
      [10_000, ''],
    ])
  })

  it('corrects revenue by a credit, so that metrics follow it to what it corrects', () => {
    const revenue = { ledger: 'billed', kind: 'contract' } as const
    expect(told(booksAfter(stated(FIRST, revenue), stated(SECOND, { ...revenue, amount: usd(12_000) }))).at(-1)).toEqual([
      'credit',
      2_000,
      '2027-01-10',
      FIRST_ID,
    ])
  })

  it('corrects a fee by a fee, which is never revenue', () => {
    const fee = { ledger: 'billed', kind: 'fee', amount: usd(-300) } as const
    expect(
      told(booksAfter(stated(FIRST, fee), stated(SECOND, { ...fee, amount: usd(0) })))
        .at(-1)
        ?.slice(0, 2),
    ).toEqual(['fee', 300])
  })

  it('of nothing is kept without a row: an older one of something does not come after it', () => {
    const nothing = booksAfter(stated(SECOND, { amount: usd(0) }), stated(FIRST))
    expect([nothing.outcomes, nothing.transactions]).toEqual([['recorded', 'duplicate'], []])
    expect(told(booksAfter(stated(FIRST, { amount: usd(0) }), stated(SECOND)))).toEqual([['contract', 10_000, '2027-01-10', '']])
  })

  const buyer = { accountId: 'acc-1', productId: 'prod-1', agreementId: 'agmt-1' }

  it('known by its buyer alone moves to the offer once that is known, once', () => {
    const moved = booksAfter(stated(FIRST, { owner: buyer }), stated(FIRST), stated(FIRST), stated(FIRST, { owner: buyer }))
    expect(moved.outcomes).toEqual(['recorded', 'restated', 'duplicate', 'duplicate'])
    expect(moved.transactions.map(({ offerId = '', amount, corrects = '' }) => [offerId, amount.amount, corrects])).toEqual([
      ['', 10_000, ''],
      ['', -10_000, FIRST_ID],
      ['off_1', 10_000, ''],
    ])
  })

  it('that is later and of an offer takes back what was recorded of the buyer alone', () => {
    const moved = booksAfter(stated(FIRST, { owner: buyer }), stated(SECOND, { amount: usd(9_000) }))
    expect(moved.transactions.map(({ offerId = '', amount }) => [offerId, amount.amount])).toEqual([
      ['', 10_000],
      ['', -10_000],
      ['off_1', 9_000],
    ])
  })

  it("of Microsoft's files learns its agreement with the offer, and contradicts nothing", () => {
    const byBuyer = stated(FIRST, { marketplace: 'azure', owner: { accountId: 'acc-1', productId: 'gold' } })
    expect(booksAfter(byBuyer, stated(FIRST, { marketplace: 'azure' })).outcomes).toEqual(['recorded', 'restated'])
  })

  it('of the same time that says otherwise contradicts the first, which holds', () => {
    const { outcomes, transactions } = booksAfter(stated(FIRST), stated(FIRST, { amount: usd(1) }))
    expect([outcomes, transactions.length]).toEqual([['recorded', 'contradicted'], 1])
  })

  it('keeps the partner whose sale it was when it is corrected, whoever the owner is by then', () => {
    const changed = booksAfter(stated(FIRST), stated(SECOND, { amount: usd(1), owner: { ...owner, partnerId: 'ptn-2' } }))
    expect(changed.transactions.map(({ partnerId }) => partnerId)).toEqual(['ptn-1', 'ptn-1'])
  })

  it('leaves the same ledgers in any order and with any repetition, in rows that the books take', () => {
    const kinds = fc.constantFrom<Partial<Settling>>(
      { ledger: 'cash', kind: 'contract' },
      { ledger: 'cash', kind: 'refund' },
      { ledger: 'billed', kind: 'contract' },
      { ledger: 'billed', kind: 'fee' },
    )
    const amountOf = (kind: string | undefined, size: number) => (kind === 'refund' ? -size : size)
    const version = fc.record({ line: kinds, size: fc.nat(3), day: fc.constantFrom('2027-01-09', '2027-01-10') })
    const history = fc.array(fc.array(version, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 })
    const shuffled = history.chain((keys) => {
      const all = keys.flatMap((versions, key) =>
        versions.map(({ line, size, day }, index) =>
          stated(`2027-01-1${index}T00:00:00`, { ...line, key: `k${key}`, on: day, amount: usd(amountOf(line.kind, size)) }),
        ),
      )
      return fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 }))
    })
    fc.assert(
      fc.property(shuffled, ([inOrder, shuffle]) => {
        const books = (statements: Settling[]): TransactionData[] =>
          booksAfter(...statements).transactions.map((row) => book(row, hash, contextAt()).transaction)
        expect(ledgersOf(books(shuffle))).toEqual(ledgersOf(books(inOrder)))
      }),
    )
  })
})
