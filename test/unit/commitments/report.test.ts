import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Commitment } from '../../../lib/commitments/commitment.ts'
import { type Books, capOf, holdsIn, reportOf, spanOf } from '../../../lib/commitments/report.ts'
import { addDays } from '../../../lib/core/period.ts'
import { rateTable } from '../../../lib/metrics/rates.ts'
import type { Transaction } from '../../../lib/transactions/transaction.ts'
import { usd } from '../../support/usd.ts'
import { awsOffer } from '../offers/aws-offer.ts'
import { commitmentOf, RULE } from './given.ts'

const TODAY = '2026-11-20'
const sale = (amount: number, on: string, changes: Partial<Transaction> = {}): Transaction => ({
  transactionId: `txn_${on}_${amount}`,
  ledger: 'billed',
  kind: 'contract',
  accountId: 'acc_1',
  productId: 'prod-1',
  marketplace: 'aws',
  amount: usd(amount),
  on,
  ...changes,
})
const eur = (amount: number) => ({ amount, currency: 'EUR' })
const EUR_RATE = { type: 'rate' as const, id: '1', base: 'EUR', quote: 'USD', rate: '1.1', day: 20_000, recordedAt: '1' }
const booksOf = (transactions: Transaction[], changes: Partial<Books> = {}): Books => ({
  transactions,
  offers: [],
  rates: rateTable([], 'USD'),
  rule: RULE,
  ...changes,
})
const report = (books: Books, commitment: Commitment = commitmentOf(), period = '2026-11') =>
  reportOf(commitment, books, spanOf(period, TODAY))
const lineOf = (...given: Parameters<typeof report>) => report(...given).line

describe('what draws a commitment down', () => {
  it.each<[string, Transaction, number]>([
    ['an invoice', sale(700, '2026-03-01'), 700],
    ['metered usage', sale(700, '2026-03-01', { kind: 'usage' }), 700],
    ['an invoice of its first day', sale(700, '2026-01-01'), 700],
    ['an invoice of today', sale(700, TODAY), 700],
    ['nothing of tomorrow', sale(700, '2026-11-21'), 0],
    ['nothing before its begin', sale(700, '2025-12-31'), 0],
    ['nothing that is only booked', sale(700, '2026-03-01', { ledger: 'booked' }), 0],
    ['nothing that is paid: it was billed before', sale(700, '2026-03-01', { ledger: 'cash' }), 0],
    ['no taxes', sale(700, '2026-03-01', { kind: 'tax' }), 0],
    ['no fees', sale(-70, '2026-03-01', { kind: 'fee' }), 0],
    ['nothing bought directly', sale(700, '2026-03-01', { marketplace: 'direct' }), 0],
    ['nothing of a product that does not count', sale(700, '2026-03-01', { productId: 'prod-no' }), 0],
  ])('%s', (_, row, counted) => {
    const books = booksOf([sale(10_000, '2026-02-01'), row], { rule: { ...RULE, ineligibleProducts: ['prod-no'] } })
    expect(lineOf(books).drawn).toBe(10_000 + counted)
  })

  it('is net of refunds and credits', () => {
    const rows = [
      sale(1000, '2026-03-01'),
      sale(-300, '2026-04-01', { kind: 'refund' }),
      sale(-50, '2026-05-01', { kind: 'credit' }),
    ]
    expect(lineOf(booksOf(rows))).toMatchObject({ counted: 650, drawn: 650, remaining: 24_999_350 })
  })

  it('is never less than nothing', () => {
    expect(lineOf(booksOf([sale(-300, '2026-04-01', { kind: 'credit' })]))).toMatchObject({ counted: -300, drawn: 0 })
  })

  it('ends at the cap; what is beyond is told', () => {
    const rows = [sale(20_000_000, '2026-03-01'), sale(9_000_000, '2026-11-05')]
    expect(lineOf(booksOf(rows))).toMatchObject({
      committed: 100_000_000,
      cap: 25_000_000,
      counted: 29_000_000,
      drawn: 25_000_000,
      beyondCap: 4_000_000,
      drawnInPeriod: 5_000_000,
      remaining: 0,
    })
  })

  it.each<[number | undefined, number, number]>([
    [undefined, 999, 999],
    [25, 999, 249],
    [100, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    [33, Number.MAX_SAFE_INTEGER, 2972375754064527],
  ])('may be %s %% of %s, which is %s', (maxSharePercent, amount, cap) => {
    const { maxSharePercent: _, ...commitment } = commitmentOf({ amount: usd(amount) })
    expect(capOf({ ...commitment, ...(maxSharePercent && { maxSharePercent }) })).toBe(cap)
  })

  it('counts by its percentage, rounded once for all rows', () => {
    const rows = ['2026-03-01', '2026-03-02', '2026-03-03'].map((on) => sale(1, on))
    expect(lineOf(booksOf(rows), commitmentOf({ drawdownPercent: 50 })).drawn).toBe(2)
  })

  it('is converted at the rate of its day, and where there is none it is listed apart', () => {
    const rows = [
      sale(1000, '2026-03-01', { amount: eur(1000) }),
      sale(1, '2026-03-02', { amount: { amount: 500, currency: 'GBP' } }),
      sale(2, '2026-03-03', { amount: { amount: -200, currency: 'GBP' } }),
    ]
    const { line, apart } = report(booksOf(rows, { rates: rateTable([EUR_RATE], 'USD') }))
    expect(line).toMatchObject({ drawn: 1100, rateExtrapolated: false })
    expect(apart).toEqual([{ commitmentId: 'cmt_1', currency: 'GBP', billed: 300 }])
  })

  it('says when a rate had to serve for days before it', () => {
    const late = rateTable([{ ...EUR_RATE, day: 20_700 }], 'USD')
    expect(lineOf(booksOf([sale(1, '2026-03-01', { amount: eur(10) })], { rates: late })).rateExtrapolated).toBe(true)
  })
})

describe('open offers', () => {
  const offer = (price: { amount: number; currency: string }, changes: object = {}) =>
    awsOffer({ accountId: 'acc_1', status: 'released', expiresOn: '2026-12-15', price, ...changes })

  it('are told with what they would draw, and without where there is no rate', () => {
    const offers = [offer(usd(900), { id: 'off_a' }), offer(eur(100), { id: 'off_b' }), offer(usd(5), { accountId: 'acc_2' })]
    const told = report(booksOf([], { offers }), commitmentOf({ drawdownPercent: 50 }))
    expect(told.offers).toMatchObject([
      { offerId: 'off_a', draws: 450, startsOn: TODAY },
      { offerId: 'off_b', price: 100 },
    ])
    expect(told.offers[1]).not.toHaveProperty('draws')
    expect(told.line).toMatchObject({ openOffers: 2, open: 450, remainingAfterOpen: 24_999_550 })
  })

  it('leave nothing rather than less', () => {
    const { line } = report(booksOf([sale(24_999_999, '2026-03-01')], { offers: [offer(usd(900))] }))
    expect(line).toMatchObject({ remaining: 1, open: 900, remainingAfterOpen: 0 })
  })
})

describe('the time of a report', () => {
  it.each<[string, Partial<Commitment>, string, boolean, number]>([
    ['ending in 42 days', {}, '2026-11', true, 42],
    ['ending in 91 days', { to: '2027-02-19' }, '2026-11', false, 91],
    ['ending in 90 days', { to: '2027-02-18' }, '2026-11', true, 90],
    ['ended early', { endedOn: '2026-12-01' }, '2026-11', true, 11],
    ['ended already', { endedOn: '2026-11-10' }, '2026-11', false, 0],
    ['as of an earlier month', {}, '2026-06', false, 185],
  ])('%s', (_, changes, period, endsSoon, daysLeft) => {
    expect(lineOf(booksOf([]), commitmentOf(changes), period)).toMatchObject({ endsSoon, daysLeft })
  })

  it.each([
    ['2025-12', false],
    ['2026-01', true],
    ['2026-12', true],
    ['2027-01', false],
  ])('in %s the commitment is in it: %s', (period, isIn) => {
    expect(holdsIn(commitmentOf(), spanOf(period, TODAY))).toBe(isIn)
  })
})

describe('the laws of drawing', () => {
  const amounts = fc.integer({ min: -40_000_000, max: 40_000_000 })
  const days = fc.integer({ min: -40, max: 400 })
  const rows = fc
    .array(fc.tuple(amounts, days), { maxLength: 30 })
    .map((all) => all.map(([n, d]) => sale(n, addDays('2026-01-01', d))))
  const commitments = fc
    .record({ drawdownPercent: fc.integer({ min: 1, max: 100 }), maxSharePercent: fc.integer({ min: 1, max: 100 }) })
    .map((percents) => commitmentOf(percents))
  const MONTHS = Array.from({ length: 12 }, (_, at) => `2026-${String(at + 1).padStart(2, '0')}`)
  const at = (books: Books, commitment: Commitment, period: string) =>
    reportOf(commitment, books, spanOf(period, '2027-06-01')).line

  it('is never above the cap nor below nothing, and what is drawn and what remains is the cap', () => {
    fc.assert(
      fc.property(rows, commitments, (given, commitment) => {
        const { cap, drawn, remaining, counted, beyondCap } = at(booksOf(given), commitment, '2026-12')
        expect(drawn).toBeGreaterThanOrEqual(0)
        expect(drawn + remaining).toBe(cap)
        expect(drawn + beyondCap).toBe(Math.max(counted, 0))
      }),
    )
  })

  it('is of all months together what it is of the whole', () => {
    fc.assert(
      fc.property(rows, commitments, (given, commitment) => {
        const lines = MONTHS.map((period) => at(booksOf(given), commitment, period))
        expect(lines.reduce((sum, { drawnInPeriod }) => sum + drawnInPeriod, 0)).toBe(lines.at(-1)?.drawn)
      }),
      { numRuns: 50 },
    )
  })

  it('is the same in whatever order the rows come', () => {
    fc.assert(
      fc.property(rows, commitments, (given, commitment) => {
        const backwards = booksOf(given.toReversed())
        expect(at(booksOf(given), commitment, '2026-12')).toEqual(at(backwards, commitment, '2026-12'))
      }),
    )
  })
})
