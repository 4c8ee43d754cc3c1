import { describe, expect, it } from 'vitest'
import { attached, billed, cost, metrics, published, rowOf } from './story.ts'

const p = { partnerId: 'p' }
const sale = (amount: number, on: string, more = p) => billed('a', amount, on, more)

describe('the return on a partner', () => {
  it('is profit over cost', () => {
    const events = [
      sale(120_000_000, '2025-01-10'),
      cost('payout', 'partner', 14_400_000, '2025-01', p),
      cost('support', 'partner', 20_000_000, '2025-01', p),
      cost('acquisition', 'direct', 4_000_000, '2025-01', p),
    ]
    expect(rowOf(metrics(events, { grossMargin: 7200 }).ropi, '2025-01', 'p')).toEqual({
      month: '2025-01',
      partnerId: 'p',
      revenue: '120000000',
      payouts: '14400000',
      ratio: { numerator: '72000000', denominator: '24000000', value: '3.0000' },
      net: '2.0000',
    })
  })
  it('takes sourced and influenced revenue, not what was touched', () => {
    const events = [
      sale(100, '2025-01-10'),
      attached('b', 'p', 'influenced', '2025-01-01'),
      billed('b', 10, '2025-01-10'),
      attached('c', 'p', 'influenced', '2025-01-01'),
      billed('c', 1, '2025-01-10', { partnerId: 'q' }),
    ]
    const { ropi } = metrics(events)
    expect(rowOf(ropi, '2025-01', 'p')?.revenue).toBe('110')
    expect(rowOf(ropi, '2025-01', 'q')?.revenue).toBe('1')
  })
  it('covers 12 months', () => {
    const { ropi } = metrics([sale(100, '2025-01-31'), sale(7, '2026-01-01'), billed('b', 1, '2027-03-01')])
    expect(['2025-01', '2025-12', '2026-01', '2026-12', '2027-01'].map((month) => rowOf(ropi, month, 'p')?.revenue)).toEqual([
      '100',
      '100',
      '7',
      '7',
      undefined,
    ])
  })
  it('rounds the margin of the sum half to even', () => {
    const profit = (...amounts: number[]) =>
      rowOf(
        metrics(
          amounts.map((amount) => sale(amount, '2025-01-10')),
          { grossMargin: 5000 },
        ).ropi,
        '2025-01',
        'p',
      )?.ratio.numerator
    expect([profit(5), profit(7), profit(-5), profit(1, 1)]).toEqual(['2', '4', '-2', '1'])
  })
  it('leaves out what is shared or names no partner', () => {
    const events = [sale(100, '2025-01-10'), cost('support', 'shared', 9, '2025-01', p), cost('payout', 'partner', 9, '2025-01')]
    expect(rowOf(metrics(events).ropi, '2025-01', 'p')).toMatchObject({
      payouts: '0',
      ratio: { numerator: '80', denominator: '0', value: null, reason: 'zero-denominator' },
      net: null,
    })
  })
  it('is of every partner with revenue or costs, and not of the programme', () => {
    const events = [sale(100, '2025-01-10'), cost('payout', 'partner', 9, '2025-01', { partnerId: 'r' })]
    expect(metrics(events).ropi.map(({ partnerId, payouts }) => [partnerId, payouts])).toEqual([
      ['p', '0'],
      ['r', '9'],
    ])
  })
  it('says where a cost was converted at the rate of a later day', () => {
    const events = [
      sale(100, '2025-01-10'),
      sale(0, '2025-04-01'),
      cost('support', 'partner', 5, '2025-01', { ...p, currency: 'EUR' }),
      cost('support', 'partner', 5, '2025-03', { partnerId: 'q', currency: 'EUR' }),
      published('EUR', 'USD', '2025-03-01', '2'),
    ]
    const { ropi } = metrics(events)
    expect(rowOf(ropi, '2025-04', 'p')).toMatchObject({ ratio: { denominator: '10' }, rateExtrapolated: true })
    expect(rowOf(ropi, '2025-04', 'q')).not.toHaveProperty('rateExtrapolated')
  })
  it('is negative where the cost is', () => {
    const events = [sale(100, '2025-01-10'), cost('support', 'partner', -32, '2025-01', p)]
    expect(rowOf(metrics(events).ropi, '2025-01', 'p')).toMatchObject({ ratio: { value: '-2.5000' }, net: '-3.5000' })
  })
})
