import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../../events/metrics.ts'
import { monthIndex } from '../../../lib/core/period.ts'
import { contributionsIn, emptyAggregates } from '../../../lib/metrics/aggregate.ts'
import { CUTS, type Cut, divideBy } from '../../../lib/metrics/cut.ts'
import { addToCut, emptySums } from '../../../lib/metrics/cut-sums.ts'
import { rateTable } from '../../../lib/metrics/rates.ts'
import { emptyRow, type Row } from '../../../lib/metrics/row.ts'
import { metricEvent } from '../../support/metric-events.ts'
import { rowsOf } from '../../support/rows-engine.ts'
import type { Partners } from './cuts.ts'
import { cutOf } from './cuts.ts'
import { attached, billed, booked, cost, detached, metrics, onboarded, published } from './story.ts'

const month = '2026-03'
const YEAR = ['2025-01-01', '2027-01-01'] as const
const PARTNERS: Partners = new Map([
  ['p', { id: 'p', type: 'reseller', tier: 'gold', region: 'emea' }],
  ['q', { id: 'q', type: 'reseller', tier: 'silver' }],
  ['r', { id: 'r', type: 'si', tier: 'gold', region: 'apac' }],
])

const ratioOf = ({ numerator, denominator }: { numerator: string; denominator: string }) => `${numerator}/${denominator}`
const retention = (events: MetricEvent[], cut: Cut, more: Parameters<typeof cutOf>[3] = {}) =>
  cutOf(events, cut, month, more)
    .nrr.filter(({ window }) => window === 12)
    .map(({ value, accounts, nrr, grr }) => [value, accounts, ratioOf(nrr), ratioOf(grr)])
const revenue = (events: MetricEvent[], cut: Cut, more: Parameters<typeof cutOf>[3] = {}) =>
  cutOf(events, cut, month, more).revenue.map(({ value, sourced, influenced, ...rest }) => [
    value,
    Number(sourced),
    Number(influenced),
    'total' in rest ? Number(rest.total) : Number(rest.touched),
  ])

describe('revenue by marketplace and product', () => {
  const events = [
    billed('a', 100, '2026-03-01', { marketplace: 'aws', productId: 'x', partnerId: 'p' }),
    billed('a', 40, '2026-03-02', { marketplace: 'azure', productId: 'x' }),
    billed('b', 7, '2026-03-03', { marketplace: 'direct', productId: 'y' }),
    attached('a', 'p', 'influenced', '2026-01-01'),
    attached('a', 'q', 'influenced', '2026-01-01'),
  ]

  it('is the sum of the transactions there, by their credit', () => {
    expect(revenue(events, 'marketplace')).toEqual([
      ['aws', 100, 0, 100],
      ['azure', 0, 40, 40],
      ['direct', 0, 0, 7],
    ])
    expect(revenue(events, 'product')).toEqual([
      ['x', 100, 40, 140],
      ['y', 0, 0, 7],
    ])
  })

  it('is in the order of the values', () => {
    expect(revenue(events.toReversed(), 'product')).toEqual(revenue(events, 'product'))
  })

  it('is of what is known, and has no rows past the last known day', () => {
    const known = { definitions: 1, currency: 'USD', knownEvents: 5, asOfDay: '2026-03-03', by: 'product' }
    expect(cutOf(events, 'product', month)).toMatchObject({ ...known, period: month })
    const none = { nrr: [], revenue: [], revenueTotals: [], ttv: [] }
    expect(cutOf(events, 'product', '2026-04')).toMatchObject({ ...known, period: '2026-04', ...none })
    expect(cutOf([], 'product', month)).toMatchObject({ asOfDay: null, knownEvents: 0, ...none })
  })

  it('of one partner has its credit and what it touched, and no totals', () => {
    expect(revenue(events, 'marketplace', { partnerId: 'q' })).toEqual([
      ['aws', 0, 0, 100],
      ['azure', 0, 20, 40],
    ])
    const document = cutOf(events, 'marketplace', month, { partnerId: 'q' })
    expect(document).toMatchObject({ revenueTotals: [] })
    expect(document).not.toHaveProperty('ttv')
  })

  it('a refund that names another marketplace keeps the credit of the sale, and counts where it was given back', () => {
    const sale = billed('a', 100, '2026-02-01', { marketplace: 'aws', partnerId: 'p', kind: 'usage' })
    const back = billed('a', -30, '2026-03-01', { marketplace: 'direct', kind: 'refund', corrects: sale.data.transactionId })
    expect(revenue([sale, back], 'marketplace')).toEqual([['direct', -30, 0, -30]])
  })
})

describe('retention by product', () => {
  it('is that of the recurring revenue of the product: a customer that moves to another one is lost to the first', () => {
    const events = [
      attached('a', 'p', 'sourced', '2025-01-01'),
      booked('a', 2400, '2025-01-01', '2027-01-01', { productId: 'x' }),
      booked('a', 1200, '2025-01-01', '2026-01-01', { productId: 'y' }),
      booked('a', 2400, '2026-01-01', '2027-01-01', { productId: 'z' }),
      billed('a', 1, '2026-03-31', { kind: 'one-time' }),
    ]
    expect(retention(events, 'product')).toEqual([
      ['x', 1, '100/100', '100/100'],
      ['y', 1, '0/100', '0/100'],
    ])
    expect(metrics(events, { period: month }).nrr.find(({ window }) => window === 12)?.nrr.value).toBe('1.5000')
    expect(retention(events.slice(0, -1), 'product')).toEqual([])
  })
})

it('a cut of amounts without an exchange rate names the pair', () => {
  const events = [billed('a', 1, '2026-03-01', { currency: 'EUR' }), billed('b', 1, '2026-03-01')]
  for (const cut of CUTS) expect(() => cutOf(events, cut, month)).toThrow('missing rates EUR/USD')
})

it('retention by product of one partner is that of its accounts', () => {
  const events = ['p', 'q'].flatMap((partnerId) => [
    attached(`of-${partnerId}`, partnerId, 'sourced', '2025-01-01'),
    booked(`of-${partnerId}`, 2400, ...YEAR, { productId: 'x' }),
  ])
  const known = [...events, billed('of-p', 1, '2026-03-31', { kind: 'one-time' })]
  expect(retention(known, 'product')).toEqual([['x', 2, '200/200', '200/200']])
  expect(retention(known, 'product', { partnerId: 'p' })).toEqual([['x', 1, '100/100', '100/100']])
})

it('the time to first revenue by product is from the start of all partners; those without a sale there wait', () => {
  const events = [
    ...['p', 'q', 'r'].map((partnerId) => onboarded(partnerId, '2026-01-01')),
    billed('a', 1, '2026-01-31', { partnerId: 'p', productId: 'x' }),
    billed('a', 1, '2026-03-02', { partnerId: 'q', productId: 'x' }),
    billed('a', 1, '2026-01-11', { partnerId: 'q', productId: 'y' }),
    attached('b', 'r', 'managed', '2026-03-31'),
  ]
  expect(cutOf(events, 'product', month).ttv).toMatchObject([
    { value: 'x', n: 3, events: 2, median: 60 },
    { value: 'y', n: 3, events: 1, median: null },
  ])
})

describe('a cut by cohort', () => {
  const events = [
    booked('a', 2400, '2025-01-01', '2027-01-01'),
    billed('a', 100, '2026-03-01'),
    booked('b', 1200, '2025-03-01', '2026-03-01'),
    billed('b', 10, '2026-03-01'),
    billed('c', 5, '2026-03-01', { kind: 'one-time' }),
    attached('a', 'p', 'sourced', '2025-01-01'),
    attached('b', 'p', 'sourced', '2025-01-01'),
    onboarded('p', '2025-02-01'),
  ]

  it('puts an account into the month of its first recurring revenue', () => {
    expect(retention(events, 'cohort')).toEqual([
      ['2025-01', 1, '100/100', '100/100'],
      ['2025-03', 1, '0/100', '0/100'],
    ])
    expect(revenue(events, 'cohort')).toEqual([
      ['2025-01', 100, 0, 100],
      ['2025-03', 10, 0, 10],
      ['never a customer', 0, 0, 5],
    ])
  })

  it('puts a partner into the month in which its onboarding was complete', () => {
    expect(cutOf(events, 'cohort', month).ttv).toMatchObject([{ value: '2025-02', n: 1, events: 1, median: 393 }])
  })
})

describe('a cut by what partners are', () => {
  const account = [booked('a', 2400, ...YEAR), billed('a', 100, '2026-03-01')]

  it('counts an account of two partners of one type once', () => {
    const events = [...account, attached('a', 'p', 'sourced', '2025-01-01'), attached('a', 'q', 'managed', '2025-01-01')]
    expect(retention(events, 'partner-type', { partners: PARTNERS })).toEqual([['reseller', 1, '100/100', '100/100']])
    expect(retention(events, 'tier', { partners: PARTNERS })).toEqual([
      ['gold', 1, '100/100', '100/100'],
      ['silver', 1, '100/100', '100/100'],
    ])
  })

  it('goes on with an account that one partner of the type left while another stays', () => {
    const events = [
      ...account,
      attached('a', 'p', 'managed', '2025-01-01'),
      attached('a', 'q', 'managed', '2025-01-01'),
      detached('a', 'q', 'managed', '2025-02-01'),
    ]
    expect(retention(events, 'partner-type', { partners: PARTNERS })).toEqual([['reseller', 1, '100/100', '100/100']])
  })

  it('splits influence between partners, not between types, and tells a touch once', () => {
    const influence = ['p', 'q', 'r'].map((partnerId) => attached('a', partnerId, 'influenced', '2025-01-01'))
    expect(revenue([...account, ...influence], 'partner-type', { partners: PARTNERS })).toEqual([
      ['reseller', 0, 67, 100],
      ['si', 0, 33, 100],
    ])
  })

  it('has partners without a value, and unknown ones, apart', () => {
    const events = [...account, attached('a', 'q', 'sourced', '2025-01-01'), attached('a', 'x', 'influenced', '2025-01-01')]
    expect(revenue(events, 'region', { partners: PARTNERS })).toEqual([['not stated', 100, 0, 100]])
  })

  it('gives the cost of a customer by what was spent on partners of the group', () => {
    const events = [
      booked('a', 2400, '2026-03-01', '2028-03-01'),
      booked('b', 2400, '2026-03-01', '2028-03-01'),
      attached('a', 'p', 'sourced', '2026-01-01'),
      attached('a', 'r', 'influenced', '2026-01-01'),
      cost('acquisition', 'partner', 500, month, { partnerId: 'p' }),
      cost('acquisition', 'partner', 70, month, { partnerId: 'q' }),
      cost('acquisition', 'shared', 9, month, { partnerId: 'p' }),
      cost('acquisition', 'partner', 9, month),
    ]
    expect(cutOf(events, 'partner-type', month, { partners: PARTNERS }).cac).toMatchObject([
      { value: 'reseller', partner: { numerator: '570', denominator: '1' } },
      { value: 'si', partner: { numerator: '0', denominator: '1' } },
    ])
  })

  it('gives the return on all partners of the group together', () => {
    const events = [
      billed('a', 1000, '2025-12-01', { partnerId: 'p' }),
      billed('a', 500, '2026-03-01', { partnerId: 'q' }),
      cost('support', 'partner', 300, '2026-01', { partnerId: 'p' }),
      cost('payout', 'partner', 200, '2026-02', { partnerId: 'q' }),
    ]
    expect(cutOf(events, 'partner-type', month, { partners: PARTNERS }).ropi).toMatchObject([
      { value: 'reseller', revenue: '1500', payouts: '200', ratio: { numerator: '1000', denominator: '300' } },
    ])
  })

  it('gives the time to first revenue of the partners of the group', () => {
    const events = [onboarded('p', '2026-01-01'), onboarded('r', '2026-01-01'), billed('a', 1, '2026-03-01', { partnerId: 'r' })]
    expect(cutOf(events, 'partner-type', month, { partners: PARTNERS }).ttv).toMatchObject([
      { value: 'reseller', n: 1, events: 0, median: null },
      { value: 'si', n: 1, events: 1, median: 59 },
    ])
    const [resellers] = cutOf([...events, onboarded('q', '2026-02-01')], 'partner-type', month, { partners: PARTNERS }).ttv ?? []
    expect(resellers).toMatchObject({ value: 'reseller', n: 2, events: 0 })
  })

  it('gives the cost of customers where there is a cost or a customer', () => {
    const spent = cost('acquisition', 'partner', 500, month, { partnerId: 'p' })
    const won = [booked('b', 12, '2026-03-01', '2027-03-01'), attached('b', 'r', 'sourced', '2026-03-01')]
    const costs = (...events: MetricEvent[]) =>
      cutOf([...account, attached('a', 'q', 'sourced', '2025-02-01'), ...events], 'region', month, {
        partners: PARTNERS,
      }).cac?.map(({ value, partner }) => [value, ratioOf(partner)])
    expect(costs()).toEqual([])
    expect(costs(spent, ...won)).toEqual([
      ['apac', '0/1'],
      ['emea', '500/0'],
    ])
  })
})

describe('of many rows the sums keep only what is told', () => {
  /** What is kept of each value when so many rows have gone by that the rest is dropped. */
  const keptOf = (events: MetricEvent[], value: string, by: { cut: Cut; partnerId?: string }) => {
    const [sums, query] = [emptySums(), { ...by, month: monthIndex(month) }]
    const divide = divideBy(by.cut, PARTNERS)
    const rows: Row[] = [...rowsOf(events).values()]
    const kept = () =>
      contributionsIn(sums.pieces.get(value) ?? emptyAggregates())
        .filter(({ cell }) => /sourced|cost|partner$/.test(cell))
        .map(({ family, scope, year, cell }) => `${family} ${scope} ${year}-${cell}`)
    const table = rateTable([], 'USD')
    for (const row of rows) addToCut(sums, row, table, query, divide)
    const before = kept()
    for (let n = rows.length; n < 2000; n++) addToCut(sums, emptyRow(), table, query, divide)
    return { before, after: kept() }
  }

  it('of a group its month, and for returns the year up to it', () => {
    const events = ['2025-03-31', '2025-04-01', '2026-03-31', '2026-04-01'].flatMap((on) => [
      billed('a', 10, on, { partnerId: 'p' }),
      cost('support', 'partner', 7, on.slice(0, 7), { partnerId: 'p' }),
      cost('acquisition', 'partner', 5, on.slice(0, 7), { partnerId: 'p' }),
    ])
    const { before, after } = keptOf(events, 'gold', { cut: 'tier' })
    expect(before).toHaveLength(12)
    expect(after).toEqual([
      'revenue gold 2025-04.sourced',
      'revenue gold 2026-03.sourced',
      'spend all partners 2026-03.partner',
      'partner-cost gold 2025-04.cost',
      'partner-cost gold 2026-03.cost',
    ])
  })

  it('of a product the programme and the partner that is asked for', () => {
    const events = ['p', 'q'].map((partnerId) => billed('a', 10, '2026-03-01', { partnerId, productId: 'x' }))
    const { before, after } = keptOf(events, 'x', { cut: 'product', partnerId: 'q' })
    const [all, p, q] = ['all partners', 'p', 'q'].map((scope) => `revenue ${scope} 2026-03.sourced`)
    expect(before).toEqual([all, p, q])
    expect(after).toEqual([all, q])
  })
})

it('a cut of many rows, of which only what is told is kept, is that of all', () => {
  const many = Array.from({ length: 2100 }, (_, i) => [
    billed(`acc-${i}`, i, '2025-05-01', { partnerId: i % 2 ? 'p' : 'r' }),
    booked(`acc-${i}`, 2400, ...YEAR),
    attached(`acc-${i}`, 'q', 'managed', '2025-01-01'),
    billed(`acc-${i}`, 2 * i, '2026-03-01', { partnerId: 'q', productId: `x-${i % 3}` }),
  ]).flat()
  const events = [...many, onboarded('p', '2025-01-01'), cost('support', 'partner', 100, '2025-06', { partnerId: 'p' })]
  const byType = cutOf(events, 'partner-type', month, { partners: PARTNERS })
  const { nrr, revenueTotals } = metrics(events, { period: month })
  const [whole] = nrr.filter(({ partnerId, window }) => partnerId === 'all' && window === 12)
  expect(byType.nrr.filter(({ window }) => window === 12)).toMatchObject([{ value: 'reseller', accounts: 2100, nrr: whole?.nrr }])
  expect(byType.ttv).toMatchObject([{ value: 'reseller', n: 1, median: 120 }])
  // p has the odd numbers below 2100 in May, q twice all of them in March.
  expect(byType.ropi).toMatchObject([{ value: 'reseller', revenue: String(1050 ** 2 + 2100 * 2099) }, { value: 'si' }])
  const products = cutOf(events, 'product', month).revenue.map((row) => ('total' in row ? Number(row.total) : 0))
  expect(products).toHaveLength(3)
  expect(products.reduce((all, each) => all + each)).toBe(Number(revenueTotals[0]?.total))
})

describe('any story', () => {
  const rates = [published('EUR', 'USD', '2025-10-01', '1.1'), published('JPY', 'USD', '2025-10-01', '0.0068')]
  const marketplaces = fc.infiniteStream(fc.constantFrom('aws' as const, 'azure' as const, 'direct' as const))
  const stories = fc.tuple(fc.array(metricEvent, { maxLength: 25, size: 'max' }), marketplaces).map(([events, of]) => [
    ...rates,
    ...events.map((event): MetricEvent => {
      if (event.type !== 'transaction.recorded.v1') return event
      return { ...event, data: { ...event.data, marketplace: of.next().value ?? 'aws' } }
    }),
  ])
  const period = fc.constantFrom('2025-11', '2026-01', '2026-02')
  const sum = (rows: object[], key: string) => rows.reduce((all, row) => all + Number(Reflect.get(row, key)), 0)

  it('has revenue by marketplace, product and cohort that adds up to the total', () => {
    fc.assert(
      fc.property(stories, period, fc.constantFrom<Cut>('marketplace', 'product', 'cohort'), (events, period, cut) => {
        const { revenue, revenueTotals } = cutOf(events, cut, period)
        for (const share of ['sourced', 'influenced', 'direct', 'total'])
          expect(sum(revenue, share)).toBe(sum(revenueTotals, share))
        expect(revenueTotals).toEqual(metrics(events, { period }).revenueTotals)
      }),
    )
  })

  it('has credit by what partners are that adds up to what is not direct', () => {
    fc.assert(
      fc.property(stories, period, fc.constantFrom<Cut>('partner-type', 'tier', 'region'), (events, period, cut) => {
        const { revenue, revenueTotals } = cutOf(events, cut, period, { partners: PARTNERS })
        for (const share of ['sourced', 'influenced']) expect(sum(revenue, share)).toBe(sum(revenueTotals, share))
      }),
    )
  })

  it('has retention by cohort that adds up to the programme', () => {
    fc.assert(
      fc.property(stories, period, (events, period) => {
        const { nrr } = cutOf(events, 'cohort', period)
        const whole = metrics(events, { period }).nrr.filter(({ partnerId }) => partnerId === 'all')
        for (const all of whole) {
          const rows = nrr.filter(({ window }) => window === all.window)
          expect(sum(rows, 'accounts')).toBe(all.accounts)
          for (const part of ['nrr', 'grr'] as const)
            for (const of of ['numerator', 'denominator'] as const)
              expect(rows.reduce((total, row) => total + Number(row[part][of]), 0)).toBe(Number(all[part][of]))
        }
      }),
    )
  })

  it('is the whole again in a cut where all have one value', () => {
    const one: Partners = new Map(['p', 'q', 'r'].map((id) => [id, { id, type: 'si' }]))
    fc.assert(
      fc.property(stories, period, (events, period) => {
        const alike = events.map(
          (event) => ({ ...event, data: { ...event.data, marketplace: 'aws', productId: 'x' } }) as MetricEvent,
        )
        const { nrr, revenueTotals } = metrics(alike, { period })
        const whole = nrr
          .filter(({ partnerId, accounts }) => partnerId === 'all' && accounts > 0)
          .map(({ month: _, partnerId: __, ...row }) => row)
        for (const [cut, value] of [
          ['marketplace', 'aws'],
          ['product', 'x'],
          ['partner-type', 'si'],
        ] as const) {
          const document = cutOf(alike, cut, period, { partners: one })
          expect(document.nrr).toEqual(whole.map((row) => ({ value, ...row })))
          if (cut !== 'partner-type' && document.revenue.length > 0) {
            const [{ month: _, ...total } = {}] = revenueTotals
            expect(document.revenue).toEqual([{ value, ...total }])
          }
        }
      }),
    )
  })
})
