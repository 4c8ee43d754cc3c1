import { describe, expect, it, test } from 'vitest'
import type { MetricEvent } from '../../../events/metrics.ts'
import { attached, billed, booked, detached, metrics, published, rowOf } from './story.ts'

/** Usage of an account by month: [month, amount] pairs. */
const usage = (accountId: string, ...months: [string, number][]) =>
  months.map(([month, amount]) => billed(accountId, amount, `${month}-10`, { kind: 'usage' }))
const attach = (...accounts: string[]) => accounts.map((account) => attached(account, 'p', 'sourced', '2025-01-01'))

const retention = (events: MetricEvent[], { month = '2025-04', partnerId = 'p', window = 3, ...settings } = {}) => {
  const { nrr } = metrics(events, { asOf: '2026-12-31T00:00:00Z', ...settings })
  return rowOf(
    nrr.filter((row) => row.window === window),
    month,
    partnerId,
  )
}
const values = (events: MetricEvent[], more = {}) => {
  const row = retention(events, more)
  return [row?.accounts, row?.nrr.numerator, row?.nrr.denominator, row?.nrr.value, row?.grr.value]
}

const growing = [
  ...usage('a', ['2025-01', 100], ['2025-04', 150]),
  ...usage('b', ['2025-01', 100], ['2025-04', 60]),
  ...usage('c', ['2025-01', 100]),
  ...usage('d', ['2025-04', 80]),
  ...usage('e', ['2025-01', 50], ['2025-04', 50]),
]

describe('retention from January to April', () => {
  test.each([
    [
      'leaves new accounts out and caps each one',
      [...growing, ...attach('a', 'b', 'c', 'd', 'e')],
      [4, '260', '350', '0.7429', '0.6000'],
    ],
    [
      'does not see a swing in between',
      [...usage('a', ['2025-01', 100], ['2025-02', 150], ['2025-04', 100]), ...attach('a')],
      [1, '100', '100', '1.0000', '1.0000'],
    ],
    [
      'does not see a pause in between',
      [...usage('a', ['2025-01', 100], ['2025-04', 80]), ...attach('a')],
      [1, '80', '100', '0.8000', '0.8000'],
    ],
    [
      'counts a negative end as nothing',
      [...usage('a', ['2025-01', 100], ['2025-04', -80]), ...attach('a')],
      [1, '0', '100', '0.0000', '0.0000'],
    ],
  ])('%s', (_, events, expected) => {
    expect(values(events)).toEqual(expected)
  })
  it('leaves out an account that is attached after the base month', () => {
    const events = [
      ...usage('a', ['2025-01', 100], ['2025-04', 130]),
      ...usage('b', ['2025-01', 100], ['2025-04', 300]),
      ...attach('a'),
    ]
    expect(values([...events, attached('b', 'p', 'sourced', '2025-02-01')])).toEqual([1, '130', '100', '1.3000', '1.0000'])
    expect(values([...events, attached('b', 'p', 'sourced', '2025-01-31')])).toEqual([2, '430', '200', '2.1500', '1.0000'])
  })
  it('keeps an account that is detached after the base month', () => {
    const events = [...usage('a', ['2025-01', 100]), ...attach('a'), detached('a', 'p', 'sourced', '2025-02-01')]
    expect(values(events)).toEqual([1, '0', '100', '0.0000', '0.0000'])
  })
  it.each([-5, 0])('leaves out an account whose base is %i', (base) => {
    expect(retention([...usage('a', ['2025-01', base], ['2025-04', 100]), ...attach('a')])).toBeUndefined()
  })
  it('has a row for the programme and one for each partner that has accounts in it', () => {
    const events = [...usage('a', ['2025-01', 100]), ...attach('a'), attached('a', 'q', 'managed', '2025-02-01')]
    const listed = metrics(events, { asOf: '2025-04-30T00:00:00Z' }).nrr.filter(({ month }) => month === '2025-04')
    expect(listed.map(({ partnerId, window }) => [partnerId, window])).toEqual([
      ['all', 1],
      ['all', 3],
      ['all', 12],
      ['p', 3],
    ])
  })
  it('counts any role, and an account of two partners once in the programme', () => {
    const events = [
      ...usage('a', ['2025-01', 100], ['2025-04', 110]),
      ...attach('a'),
      attached('a', 'q', 'managed', '2025-01-01'),
    ]
    for (const partnerId of ['p', 'q', 'all'])
      expect(values(events, { partnerId })).toEqual([1, '110', '100', '1.1000', '1.0000'])
  })
  it('lists the programme with no value where the cohort is empty', () => {
    expect(retention(usage('a', ['2025-01', 100], ['2025-04', 10]), { partnerId: 'all' })).toEqual({
      month: '2025-04',
      partnerId: 'all',
      window: 3,
      accounts: 0,
      nrr: { numerator: '0', denominator: '0', value: null, reason: 'zero-denominator' },
      grr: { numerator: '0', denominator: '0', value: null, reason: 'zero-denominator' },
    })
  })
})

describe('retention', () => {
  it('takes contracts from bookings and not from invoices', () => {
    const events = [booked('a', 1200, '2025-01-01', '2026-01-01'), billed('a', 1200, '2025-01-01'), ...attach('a')]
    expect(values(events, { window: 1 })).toEqual([1, '100', '100', '1.0000', '1.0000'])
  })
  it('lets a booked refund take away from the months of its service', () => {
    const sold = booked('a', 1200, '2025-01-01', '2026-01-01')
    const back = booked('a', -300, '2025-04-01', '2025-07-01', { kind: 'refund', corrects: sold.data.transactionId })
    expect(values([sold, back, ...attach('a')])).toEqual([1, '0', '100', '0.0000', '0.0000'])
  })
  it('has 12 months by default and 1 month too', () => {
    const events = [...usage('a', ['2025-01', 100], ['2025-02', 90], ['2026-01', 120]), ...attach('a')]
    expect(values(events, { month: '2026-01', window: 12 })).toEqual([1, '120', '100', '1.2000', '1.0000'])
    expect(values(events, { month: '2025-02', window: 1 })).toEqual([1, '90', '100', '0.9000', '0.9000'])
  })
  it('holds the currency constant at the rate of the end of the base month', () => {
    const rates = [published('EUR', 'USD', '2025-01-31', '2'), published('EUR', 'USD', '2025-02-01', '9')]
    const euros = ['2025-01', '2025-04'].map((month) => billed('a', 50, `${month}-10`, { kind: 'usage', currency: 'EUR' }))
    const events = [...euros, ...usage('a', ['2025-04', 30]), ...attach('a'), ...rates]
    expect(values(events)).toEqual([1, '130', '100', '1.3000', '1.0000'])
    expect(retention(events)?.rateExtrapolated).toBeUndefined()
  })
  it('converts what an account pays in a currency in a month, not each transaction', () => {
    const usageInYen = (amount: number) => billed('a', amount, '2025-01-10', { kind: 'usage', currency: 'JPY' })
    const events = [usageInYen(1), usageInYen(1), usageInYen(1), ...attach('a'), published('JPY', 'USD', '2025-01-01', '0.004')]
    // Three yen are 1.2 cents; one is 0.4.
    expect(retention(events)?.nrr.denominator).toBe('1')
  })
  it('flags a base that has no rate yet', () => {
    const euros = billed('a', 50, '2025-01-10', { kind: 'usage', currency: 'EUR' })
    expect(retention([euros, ...attach('a'), published('EUR', 'USD', '2025-02-01', '2')])?.rateExtrapolated).toBe(true)
  })
})
