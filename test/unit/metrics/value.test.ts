import { describe, expect, it, test } from 'vitest'
import { contributionsBehind, type ValueName, valueIn } from '../../../lib/metrics/value.ts'
import { aggregatesOfRows, rowsOf } from '../../support/rows-engine.ts'
import { attached, billed, booked, cost, metrics, onboarded } from './story.ts'

const EVENTS = [
  attached('a', 'p', 'sourced', '2025-01-01'),
  attached('b', 'q', 'sourced', '2025-01-01'),
  booked('a', 1200, '2025-01-01', '2026-01-01'),
  booked('b', 2400, '2025-01-01', '2026-01-01'),
  billed('a', 1200, '2025-01-01'),
  billed('b', 2400, '2025-02-01'),
  onboarded('p', '2025-01-01'),
  onboarded('q', '2025-02-01'),
  cost('support', 'partner', 480, '2025-01', { partnerId: 'p' }),
  cost('acquisition', 'direct', 50, '2025-01'),
  cost('acquisition', 'direct', 70, '2025-02'),
]
const nameOf = (name: Omit<ValueName, 'period' | 'window'> & Partial<ValueName>): ValueName => ({
  period: '2025-02',
  window: 1,
  ...name,
})

describe('the value of', () => {
  test.each<[string, Parameters<typeof nameOf>[0], object | null]>([
    ['retention', { metric: 'nrr' }, { month: '2025-02', partnerId: 'all', window: 1, accounts: 2, nrr: { numerator: '300' } }],
    ['retention of a partner', { metric: 'nrr', partnerId: 'q' }, { partnerId: 'q', window: 1, nrr: { numerator: '200' } }],
    ['retention over another window', { metric: 'nrr', window: 3, period: '2025-04' }, { window: 3, accounts: 2 }],
    ['retention of nobody', { metric: 'nrr', partnerId: 'r' }, null],
    ['revenue', { metric: 'revenue' }, { month: '2025-02', total: '2400' }],
    ['revenue of another month', { metric: 'revenue', period: '2025-01' }, { month: '2025-01', total: '1200' }],
    ['revenue of a partner', { metric: 'revenue', partnerId: 'q' }, { month: '2025-02', partnerId: 'q', sourced: '2400' }],
    ['revenue of a month without any', { metric: 'revenue', period: '2024-12' }, null],
    ['the return on a partner', { metric: 'ropi', partnerId: 'p' }, { partnerId: 'p', revenue: '1200', net: '1.0000' }],
    ['the return on nobody', { metric: 'ropi', partnerId: 'r' }, null],
    ['the cost of customers', { metric: 'cac' }, { from: '2025-02', to: '2025-02', direct: { numerator: '70' } }],
    [
      'the cost of customers in the first month',
      { metric: 'cac', period: '2025-01' },
      { to: '2025-01', direct: { numerator: '50' } },
    ],
    ['the cost of customers in no month', { metric: 'cac', period: '2024-12' }, null],
  ])('%s', (_, name, expected) => {
    const value = valueIn(metrics(EVENTS, { asOf: '2025-04-30T00:00:00Z' }), nameOf(name))
    if (expected === null) expect(value).toBeNull()
    else expect(value).toMatchObject(expected)
  })
  it('time to value of all partners, and of those of each month', () => {
    expect(valueIn(metrics(EVENTS), nameOf({ metric: 'ttv' }))).toMatchObject([
      { cohort: 'all', n: 2, events: 2, median: 0 },
      { cohort: '2025-01', n: 1 },
      { cohort: '2025-02', n: 1 },
    ])
  })
})

describe('the sums behind', () => {
  const behind = (name: Parameters<typeof nameOf>[0]) =>
    contributionsBehind(aggregatesOfRows(rowsOf(EVENTS), { currency: 'USD', grossMargin: 8000 }), nameOf(name))
      .filter(({ cell }) => !/credits|entries/.test(cell))
      .map(({ family, scope, year, cell, value }) => `${family} ${scope} ${year}-${cell} ${value}`)

  test.each<[string, Parameters<typeof nameOf>[0], string[]]>([
    [
      'retention are those of the month and window',
      { metric: 'nrr' },
      ['accounts 2', 'base 300', 'now 300', 'kept 300'].map((cell) => `retention-1 all partners 2025-02.${cell}`),
    ],
    ['revenue are those of the month', { metric: 'revenue' }, ['revenue all partners 2025-02.sourced 2400']],
    [
      'revenue of a partner are its own',
      { metric: 'revenue', period: '2025-01', partnerId: 'p' },
      ['revenue p 2025-01.sourced 1200'],
    ],
    [
      'the return on a partner are those of the year up to the month',
      { metric: 'ropi', period: '2025-12', partnerId: 'p' },
      ['revenue p 2025-01.sourced 1200', 'partner-cost p 2025-01.cost 480'],
    ],
    ['and not of a month before', { metric: 'ropi', period: '2026-01', partnerId: 'p' }, []],
    ['the cost of customers are the customers and the spend', { metric: 'cac' }, ['spend all partners 2025-02.direct 70']],
    [
      'the cost of customers of the first month likewise',
      { metric: 'cac', period: '2025-01' },
      ['customers all partners 2025-01.partner 2', 'spend all partners 2025-01.direct 50'],
    ],
    [
      'time to value are the days of all partners',
      { metric: 'ttv' },
      ['onboarding p 2025-01.01 1', 'onboarding q 2025-02.01 1', 'first-revenue p 2025-01.01 1', 'first-revenue q 2025-02.01 1'],
    ],
  ])('%s', (_, name, expected) => {
    expect(behind(name)).toEqual(expected)
  })
})
