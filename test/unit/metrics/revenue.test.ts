import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../../events/metrics.ts'
import { attached, billed, booked, detached, metrics, published, rowOf } from './story.ts'

const month = '2025-03'
const sale = (amount: number, more: Parameters<typeof billed>[3] = {}) => billed('a', amount, '2025-03-10', more)
const source = (partnerId: string, from = '2025-01-01') => attached('a', partnerId, 'sourced', from)
const influence = (partnerId: string, from = '2025-01-01') => attached('a', partnerId, 'influenced', from)

const creditOf = (events: MetricEvent[], partnerId: string, of = month) => {
  const row = rowOf(metrics(events).revenue, of, partnerId)
  return row && [Number(row.sourced), Number(row.influenced), Number(row.touched)]
}
const totalOf = (events: MetricEvent[], of = month) => {
  const row = metrics(events).revenueTotals.find((total) => total.month === of)
  return row && [Number(row.sourced), Number(row.influenced), Number(row.direct), Number(row.total)]
}

describe('primary credit', () => {
  it('goes to the sourcing partner, and the others touched it', () => {
    const events = [sale(100), source('p'), influence('q'), source('r', '2025-02-01')]
    expect(creditOf(events, 'p')).toEqual([100, 0, 0])
    expect(creditOf(events, 'q')).toEqual([0, 0, 100])
    expect(creditOf(events, 'r')).toEqual([0, 0, 100])
    expect(totalOf(events)).toEqual([100, 0, 0, 100])
  })
  it('goes to the partner whose offer it is, attached or not, and the sourcing partner touched it', () => {
    const events = [sale(100, { partnerId: 's' }), source('p')]
    expect(creditOf(events, 's')).toEqual([100, 0, 0])
    expect(creditOf(events, 'p')).toEqual([0, 0, 100])
  })
  it('is not touched by the partner whose offer it is, though that influences the account', () => {
    expect(creditOf([sale(100, { partnerId: 'q' }), influence('q'), influence('r')], 'q')).toEqual([100, 0, 0])
  })
  it('is split between influencing partners in the order of their ids', () => {
    const events = [sale(-100), influence('c'), influence('a'), influence('b')]
    expect(['a', 'b', 'c'].map((partnerId) => creditOf(events, partnerId))).toEqual([
      [0, -34, -100],
      [0, -33, -100],
      [0, -33, -100],
    ])
    expect(totalOf(events)).toEqual([0, -100, 0, -100])
  })
  it('is direct without a partner, with one that only manages and before the attachment', () => {
    expect(totalOf([sale(100)])).toEqual([0, 0, 100, 100])
    expect(totalOf([sale(100), attached('a', 'p', 'managed', '2025-01-01')])).toEqual([0, 0, 100, 100])
    expect(totalOf([sale(100), source('p', '2025-03-11')])).toEqual([0, 0, 100, 100])
  })
  it('counts an amount whole in the month of its day, however long the service', () => {
    expect(totalOf([sale(1200, { service: { from: '2025-03-10', to: '2026-03-10' } })])).toEqual([0, 0, 1200, 1200])
  })
  it('counts contract, usage and one-time; neither tax nor fee nor other ledgers', () => {
    const counted = (['contract', 'usage', 'one-time'] as const).map((kind) => sale(100, { kind }))
    const ledgers = (['scheduled', 'cash'] as const).map((ledger) => sale(100, { ledger }))
    const events = [
      ...counted,
      sale(7, { kind: 'tax' }),
      sale(-3, { kind: 'fee' }),
      ...ledgers,
      booked('a', 9, '2025-03-01', '2025-04-01'),
    ]
    expect(totalOf(events)).toEqual([0, 0, 300, 300])
  })
  it('adds up to the total, and partners to their shares', () => {
    const partner = fc.constantFrom('p', 'q', 'r', 's')
    const role = fc.constantFrom('sourced' as const, 'influenced' as const, 'managed' as const)
    const day = fc.integer({ min: 1, max: 28 }).map((n) => `2025-03-${String(n).padStart(2, '0')}`)
    const links = fc.array(fc.tuple(fc.constantFrom(attached, detached), partner, role, day), { maxLength: 8 })
    const sales = fc.array(fc.tuple(fc.integer({ min: -999, max: 999 }), day, fc.option(partner, { nil: undefined })), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(links, sales, (links, sales) => {
        const events = [
          ...links.map(([make, partnerId, role, from]) => make('a', partnerId, role, from)),
          ...sales.map(([amount, on, partnerId]) => billed('a', amount, on, partnerId ? { partnerId } : {})),
        ]
        const { revenue, revenueTotals } = metrics(events)
        const sum = (of: 'sourced' | 'influenced') => revenue.reduce((total, row) => total + Number(row[of]), 0)
        const [total] = revenueTotals
        expect(sum('sourced')).toBe(Number(total?.sourced))
        expect(sum('influenced')).toBe(Number(total?.influenced))
        expect(Number(total?.total)).toBe(sales.reduce((all, [amount]) => all + amount, 0))
        expect(Number(total?.sourced) + Number(total?.influenced) + Number(total?.direct)).toBe(Number(total?.total))
      }),
    )
  })
})

describe('a refund', () => {
  const original = billed('a', 100, '2025-01-10', { partnerId: 's' })
  const refund = (more: Parameters<typeof billed>[3] = {}) =>
    sale(-40, { kind: 'refund', corrects: original.data.transactionId, ...more })

  it('takes credit away from where the original gave it, in the month of its own day', () => {
    const events = [original, refund({ partnerId: 'other' }), source('p', '2025-02-01')]
    expect(creditOf(events, 's')).toEqual([-40, 0, 0])
    expect(creditOf(events, 'other')).toBeUndefined()
    expect(creditOf(events, 'p')).toBeUndefined()
  })
  it('uses the attachments and the rate of the day of the original', () => {
    const sold = billed('a', 100, '2025-01-10', { currency: 'EUR' })
    const back = sale(-100, { kind: 'credit', corrects: sold.data.transactionId, currency: 'EUR', partnerId: 'other' })
    const rates = [published('EUR', 'USD', '2025-01-01', '2'), published('EUR', 'USD', '2025-02-01', '3')]
    const events = [sold, back, source('p'), detached('a', 'p', 'sourced', '2025-02-01'), source('q', '2025-02-01'), ...rates]
    expect(creditOf(events, 'p')).toEqual([-200, 0, 0])
    expect(creditOf(events, 'q')).toBeUndefined()
  })
  it('may correct a transaction of another account: its seller and day, but the attachments of its own account', () => {
    const sold = billed('b', 100, '2025-01-10')
    const back = sale(-100, { kind: 'refund', corrects: sold.data.transactionId, partnerId: 'other' })
    const events = [
      sold,
      back,
      source('p'),
      detached('a', 'p', 'sourced', '2025-02-01'),
      attached('b', 'q', 'sourced', '2025-01-01'),
    ]
    expect(creditOf(events, 'p')).toEqual([-100, 0, 0])
    expect(creditOf(events, 'q')).toBeUndefined()
    expect(creditOf(events, 'q', '2025-01')).toEqual([100, 0, 0])
  })
  it('of tax or a fee is no revenue, of whatever ledger', () => {
    for (const kind of ['tax', 'fee'] as const) {
      const charged = sale(20, { kind, ledger: 'cash' })
      expect(totalOf([sale(100), charged, sale(-20, { kind: 'refund', corrects: charged.data.transactionId })])).toEqual([
        0, 0, 100, 100,
      ])
    }
  })
  it('of a refund counts as contract and has the day of that refund, one step back only', () => {
    const first = billed('a', -40, '2025-02-10', { kind: 'refund', corrects: original.data.transactionId, partnerId: 't' })
    const second = sale(40, { kind: 'credit', corrects: first.data.transactionId, partnerId: 'u' })
    expect(creditOf([original, first, second], 't')).toEqual([40, 0, 0])
    expect(creditOf([original, first], 's', '2025-02')).toEqual([-40, 0, 0])
  })
  it('of nothing known is a contract with its own partner and day', () => {
    expect(creditOf([sale(-40, { kind: 'refund', corrects: 'unknown', partnerId: 's' })], 's')).toEqual([-40, 0, 0])
  })
  it('is needed for `corrects` to mean anything', () => {
    const charged = sale(20, { kind: 'tax', partnerId: 's' })
    expect(creditOf([charged, sale(50, { corrects: charged.data.transactionId, partnerId: 'u' })], 'u')).toEqual([50, 0, 0])
  })
})

it('flags revenue of a day before the first rate, not an amount of zero', () => {
  const rate = published('EUR', 'USD', '2025-06-01', '2')
  const totals = (amount: number) => metrics([sale(amount, { currency: 'EUR', partnerId: 's' }), rate])
  expect(totals(10).revenueTotals[0]).toMatchObject({ sourced: '20', rateExtrapolated: true })
  expect(totals(0).revenueTotals[0]).not.toHaveProperty('rateExtrapolated')
  expect(totals(10).revenue[0]).toMatchObject({ sourced: '20', rateExtrapolated: true })
  expect(totals(0).revenue[0]).toEqual({ month: '2025-03', partnerId: 's', sourced: '0', influenced: '0', touched: '0' })
})

it('flags what a partner touched at such a rate, but not the return that has no part of it', () => {
  const rate = published('EUR', 'USD', '2025-06-01', '2')
  const touched = [
    sale(10, { currency: 'EUR', partnerId: 's' }),
    influence('q'),
    billed('b', 5, '2025-03-11', { partnerId: 'q' }),
  ]
  const { revenue, ropi } = metrics([...touched, rate])
  expect(rowOf(revenue, month, 'q')).toMatchObject({ sourced: '5', touched: '20', rateExtrapolated: true })
  expect(rowOf(ropi, month, 'q')).not.toHaveProperty('rateExtrapolated')
  expect(rowOf(ropi, month, 's')).toMatchObject({ revenue: '20', rateExtrapolated: true })
})
