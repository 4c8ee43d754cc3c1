import { describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../../events/metrics.ts'
import { monthIndex } from '../../../lib/core/period.ts'
import { addLifetime, type Cohorts, lifetimeValuesOf } from '../../../lib/metrics/lifetime.ts'
import { rowsOf } from '../../support/rows-engine.ts'
import { ratesOf } from './cuts.ts'
import { attached, billed, booked, published } from './story.ts'

const values = (events: MetricEvent[], period: string, partnerId?: string) => {
  const [rows, cohorts, month]: [ReturnType<typeof rowsOf>, Cohorts, number] = [rowsOf(events), new Map(), monthIndex(period)]
  for (const row of rows.values()) addLifetime(cohorts, row, ratesOf(rows), month, partnerId)
  return lifetimeValuesOf(cohorts, month, 8000)
}
const table = (events: MetricEvent[], period: string, partnerId?: string) =>
  values(events, period, partnerId).map(({ cohort, customers, months }) => [
    cohort,
    customers,
    ...months.map(({ customers, value }) => `${value.numerator}/${customers}`),
  ])

const start = (accountId: string, from: string) =>
  booked(accountId, 1200, from, `${Number(from.slice(0, 4)) + 1}${from.slice(4)}`)
const EVENTS = [
  start('a', '2026-01-01'),
  start('b', '2026-01-01'),
  start('c', '2026-02-01'),
  start('direct', '2026-01-01'),
  attached('a', 'p', 'sourced', '2025-12-01'),
  attached('a', 'q', 'influenced', '2025-12-01'),
  attached('b', 'q', 'influenced', '2025-12-01'),
  attached('c', 'p', 'sourced', '2026-02-28'),
  attached('direct', 'p', 'sourced', '2026-02-01'),
  billed('a', 50, '2025-12-15', { kind: 'one-time' }),
  billed('a', 100, '2026-01-10'),
  billed('b', 300, '2026-02-10'),
  billed('b', -100, '2026-03-10', { kind: 'credit' }),
  billed('c', 1000, '2026-03-10'),
  billed('direct', 9999, '2026-01-10'),
]

describe('lifetime value', () => {
  // Margin 80 %. January: a brings 150 at its start, b 300 a month later and takes 100 back; February: c brings 1000 after a month.
  it('is what customers of partners brought by each month since their start, less its cost', () => {
    expect(table(EVENTS, '2026-03')).toEqual([
      ['all', 3, '120/3', '1160/3', '280/2'],
      ['2026-01', 2, '120/2', '360/2', '280/2'],
      ['2026-02', 1, '0/1', '800/1'],
    ])
    expect(table(EVENTS.toReversed(), '2026-03')).toEqual(table(EVENTS, '2026-03'))
    expect(values(EVENTS, '2026-03')[0]).not.toHaveProperty('rateExtrapolated')
    expect(values(EVENTS, '2026-03')[1]?.months[1]?.value).toEqual({ numerator: '360', denominator: '2', value: '180.0000' })
  })

  it('is known only as far as the month goes', () => {
    expect(table(EVENTS, '2026-01')).toEqual([
      ['all', 2, '120/2'],
      ['2026-01', 2, '120/2'],
    ])
    expect(table(EVENTS, '2025-12')).toEqual([])
  })

  it('of one partner is of the customers that it sourced or influenced when they started', () => {
    expect(table(EVENTS, '2026-03', 'p')).toEqual([
      ['all', 2, '120/2', '920/2', '120/1'],
      ['2026-01', 1, '120/1', '120/1', '120/1'],
      ['2026-02', 1, '0/1', '800/1'],
    ])
    expect(table(EVENTS, '2026-03', 'nobody')).toEqual([])
  })

  it('says where a rate of a later day was taken', () => {
    const events = [
      start('a', '2026-01-01'),
      attached('a', 'p', 'sourced', '2025-12-01'),
      billed('a', 100, '2026-01-10', { currency: 'EUR' }),
      published('EUR', 'USD', '2026-02-01', '1.5'),
    ]
    expect(values(events, '2026-01')).toMatchObject([
      { cohort: 'all', months: [{ value: { numerator: '120' } }], rateExtrapolated: true },
      { cohort: '2026-01', rateExtrapolated: true },
    ])
    const later = [start('b', '2026-02-01'), attached('b', 'p', 'sourced', '2025-12-01')]
    const flags = (period: string, ...more: MetricEvent[]) =>
      values([...events, ...later, ...more], period).map(({ cohort, rateExtrapolated }) => [cohort, rateExtrapolated ?? false])
    expect(flags('2026-02')).toEqual([
      ['all', true],
      ['2026-01', true],
      ['2026-02', false],
    ])
    const yen = [billed('b', 9, '2026-03-10', { currency: 'JPY' }), published('JPY', 'USD', '2026-04-01', '0.01')]
    expect(flags('2026-02', ...yen)).toEqual(flags('2026-02'))
    expect(flags('2026-03', ...yen)[2]).toEqual(['2026-02', true])
  })

  it.each([
    ['revenue of the customers of 2026-01', ['2026-01-01', '2026-01-01']],
    ['lifetime value', ['2026-01-01', '2026-02-01']],
  ])('refuses a sum that passes 2^53, and says where: %s', (where, starts) => {
    const events = starts.flatMap((from, n) => [
      start(`a${n}`, from),
      attached(`a${n}`, 'p', 'sourced', '2025-12-01'),
      billed(`a${n}`, Number.MAX_SAFE_INTEGER, from),
    ])
    expect(() => values(events, '2026-02')).toThrow(`${where}: the sum passes 2^53`)
  })
})
