import { describe, expect, it, test } from 'vitest'
import type { MetricEvent } from '../../../events/metrics.ts'
import { attached, billed, booked, cost, detached, metrics, published } from './story.ts'

const costOf = (events: MetricEvent[], from = '2025-01', to = from) =>
  metrics(events).cac.find((row) => row.from === from && row.to === to)
const customers = (prefix: string, count: number, on = '2025-01-10') =>
  Array.from({ length: count }, (_, index) => billed(`${prefix}${index}`, 10, on, { kind: 'usage' }))
const attachAll = (events: ReturnType<typeof customers>, from = '2025-01-31') =>
  events.map(({ data }) => attached(data.accountId, 'p', 'influenced', from))
const spend = (channel: 'partner' | 'direct' | 'shared', amount: number, period = '2025-01', more = {}) =>
  cost('acquisition', channel, amount, period, more)

describe('the cost of a new customer', () => {
  it('shares out what is shared by new customers', () => {
    const [won, direct] = [customers('p', 60), customers('d', 90)]
    const row = costOf([
      ...won,
      ...attachAll(won),
      ...direct,
      spend('direct', 528_000),
      spend('partner', 90_000),
      spend('shared', 120_000),
    ])
    expect(row?.partner).toEqual({ numerator: '138000', denominator: '60', value: '2300.0000' })
    expect(row?.direct).toEqual({ numerator: '600000', denominator: '90', value: '6666.6667' })
    expect(row?.blended).toEqual({ numerator: '738000', denominator: '150', value: '4920.0000' })
  })
  test.each([
    ['half and half without customers', 0, 0, 5, '3', '2'],
    ['the larger remainder first', 1, 2, 5, '2', '3'],
    ['all to the one that has customers', 0, 2, 5, '0', '5'],
    ['a shared amount below zero likewise', 0, 0, -5, '-3', '-2'],
  ])('splits shared spend: %s', (_, partners, directs, amount, partner, direct) => {
    const won = customers('p', partners)
    const row = costOf([
      ...won,
      ...attachAll(won),
      ...customers('d', directs),
      billed('x', 0, '2025-01-10'),
      spend('shared', amount),
    ])
    expect([row?.partner.numerator, row?.direct.numerator]).toEqual([partner, direct])
  })
  it('has no value without customers', () => {
    expect(costOf([spend('partner', 7), billed('x', 0, '2025-01-10')])?.partner).toEqual({
      numerator: '7',
      denominator: '0',
      value: null,
      reason: 'zero-denominator',
    })
  })
  it('counts a customer in the first month with recurring revenue, and never again', () => {
    const events = [
      billed('a', 50, '2025-01-05'),
      booked('a', 20, '2025-02-01', '2025-03-01'),
      billed('a', 10, '2025-05-10', { kind: 'usage' }),
      spend('direct', 1, '2025-01'),
    ]
    const counts = metrics(events)
      .cac.filter(({ from, to }) => from === to)
      .map(({ blended }) => blended.denominator)
    expect(counts).toEqual(['0', '1', '0', '0', '0'])
  })
  it.each([-10, 0])('counts no month whose recurring revenue is not positive, like %i', (amount) => {
    const events = [billed('a', amount, '2025-01-10', { kind: 'usage' }), billed('a', 10, '2025-02-10', { kind: 'usage' })]
    expect([costOf(events, '2025-01'), costOf(events, '2025-02')].map((row) => row?.blended.denominator)).toEqual(['0', '1'])
  })
  it.each([
    ['sources it at the end of the month', [attached('d0', 'p', 'sourced', '2025-01-31')], '1'],
    ['comes a day later', [attached('d0', 'p', 'sourced', '2025-02-01')], '0'],
    ['only manages it', [attached('d0', 'p', 'managed', '2025-01-01')], '0'],
    ['has left by then', [attached('d0', 'p', 'sourced', '2025-01-01'), detached('d0', 'p', 'sourced', '2025-01-31')], '0'],
  ])('looks at a partner that %s', (_, links, partners) => {
    expect(costOf([...customers('d', 1), ...links, spend('direct', 1)])?.partner.denominator).toBe(partners)
  })
  it('sums the months of a range before it splits, and takes corrections with their sign', () => {
    const won = customers('p', 1, '2025-02-10')
    const events = [
      ...won,
      ...attachAll(won),
      ...customers('d', 1, '2025-01-10'),
      spend('shared', 5),
      spend('shared', 4, '2025-02'),
      spend('shared', -2),
    ]
    const row = costOf(events, '2025-01', '2025-02')
    expect([row?.partner.numerator, row?.direct.numerator]).toEqual(['4', '3'])
    expect(costOf(events, '2025-01')?.partner.numerator).toBe('0')
  })
  it('leaves payouts and support out', () => {
    const events = [
      ...customers('d', 1),
      cost('payout', 'direct', 9, '2025-01'),
      cost('support', 'direct', 9, '2025-01'),
      spend('direct', 1),
    ]
    expect(costOf(events)?.blended.numerator).toBe('1')
  })
  it('converts at the end of the period and flags what the extrapolated spend goes into', () => {
    const rates = [published('EUR', 'USD', '2025-01-31', '2'), published('EUR', 'USD', '2025-02-01', '9')]
    expect(costOf([...customers('d', 1), ...rates, spend('direct', 5, '2025-01', { currency: 'EUR' })])?.direct.numerator).toBe(
      '10',
    )
    const late = [...customers('d', 1), published('EUR', 'USD', '2025-02-01', '9')]
    const flags = (channel: 'partner' | 'direct' | 'shared', amount = 5) => {
      const row = costOf([...late, spend(channel, amount, '2025-01', { currency: 'EUR' })])
      return [row?.partner, row?.direct, row?.blended].map((part) => part?.rateExtrapolated ?? false)
    }
    expect(flags('partner')).toEqual([true, false, true])
    expect(flags('direct')).toEqual([false, true, true])
    expect(flags('shared')).toEqual([true, true, true])
    expect(flags('shared', 0)).toEqual([false, false, false])
  })
})
