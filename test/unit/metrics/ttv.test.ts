import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { MetricEvent } from '../../../events/metrics.ts'
import { dayOf } from '../../../lib/metrics/calendar.ts'
import { type Duration, survival, survivalSteps } from '../../../lib/metrics/survival.ts'
import { timeToValueCurve } from '../../../lib/metrics/ttv.ts'
import { aggregatesOfRows, rowsOf } from '../../support/rows-engine.ts'
import { attached, billed, booked, metrics, onboarded } from './story.ts'

/** Times in the usual notation: '60+' is censored at 60. */
const durations = (text: string): Duration[] =>
  text.split(' ').map((time) => ({ days: Number.parseInt(time, 10), event: !time.endsWith('+') }))

describe('Kaplan–Meier', () => {
  it('agrees with survfit', () => {
    expect(survival(durations('12 35 35 60+ 90 90+ 120+'))).toEqual({
      n: 7,
      events: 4,
      median: 90,
      s30: '0.8571',
      s90: '0.3810',
      s180: '0.3810',
      s365: '0.3810',
    })
  })
  test.each([
    ['is the first time that S reaches a half exactly', '10 20 30 40+ 50+ 60', 30],
    ['is null where S stays above a half', '10 20+ 30+', null],
    ['counts events before censorings of the same day', '10+ 10', 10],
  ])('the median %s', (_, text, median) => {
    expect(survival(durations(text)).median).toBe(median)
  })
  it('has a step on each day on which somebody leaves, in the order of the days', () => {
    expect(survivalSteps(durations('90 35 60+ 12 90+ 35'))).toEqual([
      { days: 12, atRisk: 6, events: 1, left: 0, survival: '0.8333' },
      { days: 35, atRisk: 5, events: 2, left: 0, survival: '0.5000' },
      { days: 60, atRisk: 3, events: 0, left: 1, survival: '0.5000' },
      { days: 90, atRisk: 2, events: 1, left: 1, survival: '0.2500' },
    ])
    expect(survival(durations('90 35 60+ 12 90+ 35'))).toMatchObject({ median: 35, s30: '0.8333', s90: '0.2500' })
  })
  it('has no values without partners', () => {
    expect(survival([])).toEqual({ n: 0, events: 0, median: null, s30: null, s90: null, s180: null, s365: null })
  })
  it('never rises, and ends at zero without censorings', () => {
    const some = fc.array(fc.record({ days: fc.nat(400), event: fc.boolean() }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(some, (list) => {
        const { s30, s90, s180, s365 } = survival(list)
        const values = [1, ...[s30, s90, s180, s365].map(Number)]
        expect(values).toEqual(values.toSorted((a, b) => b - a))
        expect(survival([...list.map(({ days }) => ({ days: days % 365, event: true }))]).s365).toBe('0.0000')
      }),
    )
  })
})

const days = (events: MetricEvent[], asOf = '2025-12-31T00:00:00Z') => {
  const all = metrics(events, { asOf }).ttv.find(({ cohort }) => cohort === 'all')
  return all && { n: all.n, events: all.events, median: all.median }
}
const start = onboarded('p', '2025-01-01')
const source = attached('a', 'p', 'sourced', '2025-01-01')

describe('time to first revenue', () => {
  it('runs from the earliest end of onboarding', () => {
    expect(days([start, onboarded('p', '2025-01-20'), source, billed('a', 5, '2025-01-31')])).toEqual({
      n: 1,
      events: 1,
      median: 30,
    })
  })
  it('does not start with another milestone', () => {
    const joined = { ...start, data: { ...start.data, milestone: 'joined' as const } }
    expect(days([joined, source, billed('a', 5, '2025-01-31')])).toEqual({ n: 0, events: 0, median: null })
  })
  it('is not negative', () => {
    expect(days([onboarded('p', '2025-06-01'), source, billed('a', 5, '2025-01-31')])).toEqual({ n: 1, events: 1, median: 0 })
  })
  it('is measured for partners that completed onboarding only', () => {
    expect(days([source, billed('a', 5, '2025-01-31')])).toEqual({ n: 0, events: 0, median: null })
  })
  it('takes the first over all accounts, by the seller too', () => {
    const events = [start, source, billed('a', 5, '2025-03-02'), billed('b', 5, '2025-02-01', { partnerId: 'p' })]
    expect(days(events)).toEqual({ n: 1, events: 1, median: 31 })
  })
  it('is censored without revenue, and left out if onboarding lies after the asOf day', () => {
    expect(days([start])).toEqual({ n: 1, events: 0, median: null })
    expect(days([start], '2024-12-31T00:00:00Z')).toEqual({ n: 0, events: 0, median: null })
  })
  test.each([
    ['a booking', booked('a', 10, '2025-02-01', '2025-03-01')],
    ['a tax', billed('a', 10, '2025-02-01', { kind: 'tax' })],
    ['a refund with a positive amount', billed('a', 10, '2025-02-01', { kind: 'refund' })],
    ['a sale of another partner', billed('a', 10, '2025-02-01', { partnerId: 'q' })],
  ])('does not take %s for revenue', (_, event) => {
    expect(days([start, source, event])).toEqual({ n: 1, events: 0, median: null })
  })
  it.each([0, -5])('does not take an invoice of %i for revenue, whatever is credited on it', (amount) => {
    const invoice = billed('a', amount, '2025-02-01')
    const credit = billed('a', 9, '2025-02-02', { kind: 'credit', corrects: invoice.data.transactionId })
    expect(days([start, source, invoice, credit])).toEqual({ n: 1, events: 0, median: null })
  })
  it('passes over a sale that was taken back in full, also from another account', () => {
    const first = billed('a', 100, '2025-02-01')
    const later = billed('a', 100, '2025-04-01')
    const back = (accountId: string, amount: number, more = {}) =>
      billed(accountId, amount, '2025-02-10', { kind: 'refund', corrects: first.data.transactionId, ...more })
    const median = (...events: MetricEvent[]) => days([start, source, first, later, ...events])?.median
    expect(median(back('a', -99))).toBe(31)
    expect(median(back('a', -60), back('b', -40))).toBe(90)
    expect(median(back('a', -100, { currency: 'EUR', ledger: 'cash' }))).toBe(31)
    expect(median(back('a', -100, { ledger: 'scheduled' }))).toBe(31)
  })
  it('is given for all and for the month in which onboarding ended', () => {
    const cohorts = metrics([start, onboarded('q', '2025-03-15'), source, billed('a', 5, '2025-04-01')]).ttv
    expect(cohorts.map(({ cohort, n, events }) => [cohort, n, events])).toEqual([
      ['all', 2, 1],
      ['2025-01', 1, 1],
      ['2025-03', 1, 0],
    ])
  })
  it('has a curve of all partners, which is empty where none is measured', () => {
    const events = [start, onboarded('q', '2025-01-01'), source, billed('a', 5, '2025-01-31')]
    const curveOf = (events: MetricEvent[]) =>
      timeToValueCurve(aggregatesOfRows(rowsOf(events), { currency: 'USD', grossMargin: 8000 }), dayOf('2025-03-02'))
    expect(curveOf(events)).toEqual([
      { days: 30, atRisk: 2, events: 1, left: 0, survival: '0.5000' },
      { days: 60, atRisk: 1, events: 0, left: 1, survival: '0.5000' },
    ])
    expect(curveOf([source])).toEqual([])
  })
})
