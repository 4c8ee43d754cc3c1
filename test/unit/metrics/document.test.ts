import { describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../../events/metrics.ts'
import { addUp } from '../../../lib/metrics/aggregate.ts'
import { canonical, documentOf } from '../../../lib/metrics/document.ts'
import { attached, billed, booked, cost, metrics, onboarded } from './story.ts'

describe('the document', () => {
  it('of nothing has neither months nor rows', () => {
    expect(metrics([])).toEqual({
      definitions: 1,
      currency: 'USD',
      grossMargin: '0.8000',
      asOf: null,
      asOfDay: null,
      months: { from: null, to: null },
      knownEvents: 0,
      nrr: [],
      revenue: [],
      revenueTotals: [],
      ttv: [],
      cac: [],
      ropi: [],
    })
  })
  it('lists from the first month of a service, sale or cost to the largest day known', () => {
    const events = [booked('a', 5, '2025-02-01', '2027-02-01', { on: '2025-03-01' }), onboarded('p', '2025-04-05')]
    expect(metrics(events)).toMatchObject({ asOfDay: '2025-04-05', months: { from: '2025-02', to: '2025-04' }, knownEvents: 2 })
    expect(metrics([...events, cost('support', 'shared', 1, '2025-01')]).months.from).toBe('2025-01')
    expect(metrics([...events, attached('a', 'p', 'managed', '2025-06-01')]).asOfDay).toBe('2025-06-01')
    expect(metrics([...events, billed('a', 1, '2025-06-01', { kind: 'tax' })]).asOfDay).toBe('2025-04-05')
    expect(metrics([booked('a', 5, '2025-02-01', '2027-02-01', { on: '2025-01-01' })]).months.from).toBe('2025-01')
    expect(metrics([onboarded('p', '2025-04-05')]).months).toEqual({ from: null, to: '2025-04' })
  })
  it('knows what was recorded by the instant, and takes its day for the asOf day', () => {
    const [early, late] = [billed('a', 5, '2025-01-01'), billed('a', 7, '2025-02-01')]
    early.recordedat = '2025-03-01T10:00:00Z'
    late.recordedat = '2025-03-01T10:00:00.001Z'
    const document = metrics([early, late], { asOf: '2025-03-01T10:00:00.000Z' })
    expect(document).toMatchObject({ knownEvents: 1, asOfDay: '2025-03-01', asOf: '2025-03-01T10:00:00.000Z' })
    expect(document.revenueTotals.map(({ total }) => total)).toEqual(['5', '0', '0'])
  })
  it('lists one month only if asked for', () => {
    const partners = [onboarded('p', '2025-01-02'), onboarded('q', '2025-03-01')]
    const document = metrics([billed('a', 5, '2025-01-01'), billed('a', 7, '2025-03-01'), ...partners], { period: '2025-03' })
    expect(document.revenueTotals.map(({ month }) => month)).toEqual(['2025-03'])
    expect(document.cac.map(({ from, to }) => [from, to])).toEqual([['2025-03', '2025-03']])
    expect(document.ttv.map(({ cohort }) => cohort)).toEqual(['all', '2025-03'])
    expect(document.months).toEqual({ from: '2025-01', to: '2025-03' })
  })
  it('lists the cost of customers by month, after the first month also of all months together', () => {
    const range = (...events: MetricEvent[]) => metrics(events).cac.map(({ from, to }) => [from, to])
    expect(range(billed('a', 5, '2025-01-01'))).toEqual([['2025-01', '2025-01']])
    expect(range(billed('a', 5, '2025-01-01'), billed('a', 5, '2025-03-01'))).toEqual([
      ['2025-01', '2025-01'],
      ['2025-01', '2025-03'],
      ['2025-02', '2025-02'],
      ['2025-03', '2025-03'],
    ])
  })
  it('lists partners in the order of their ids, by code unit', () => {
    const events = ['b', 'a', 'C', 'ab'].map((partnerId) => billed('a', 5, '2025-01-01', { partnerId }))
    const inOrder = ['C', 'a', 'ab', 'b']
    const { revenue, ropi } = metrics(events)
    expect([revenue, ropi].map((rows) => rows.map(({ partnerId }) => partnerId))).toEqual([inOrder, inOrder])
  })
  it('names the missing pairs in order', () => {
    const events = ['EUR', 'CHF', 'JPY'].map((currency) => billed('a', 5, '2025-01-01', { currency }))
    expect(() => metrics(events)).toThrow('missing rates CHF/USD,EUR/USD,JPY/USD')
  })
  it('is written with keys sorted however deep', () => {
    expect(
      canonical({ z: { y: 1, x: { w: 1, v: [{ u: 1, t: null }] } }, l: [[{ b: 1, a: 'b' }], { a: { n: 1, m: 2 } }, null] }),
    ).toBe('{\n"l": [\n[{"a":"b","b":1}],\n{"a":{"m":2,"n":1}},\nnull\n],\n"z": {"x":{"v":[{"t":null,"u":1}],"w":1},"y":1}\n}\n')
  })
  it('knows a month, a year and a currency only where something counts them', () => {
    const counted = (cell: string, value: number, family: 'events' | 'first-month' | 'missing-rates') =>
      ({ family, year: 0, scope: 'all partners', cell, value }) as const
    const taken = [counted('2024-12', -1, 'first-month'), counted('EUR', -1, 'missing-rates'), counted('2024', -1, 'events')]
    const sums = addUp([...taken, counted('2025-01', 1, 'first-month'), counted('2025', 3, 'events')])
    expect(documentOf(sums, { currency: 'USD', grossMargin: 8000 })).toMatchObject({
      knownEvents: 3,
      months: { from: '2025-01' },
    })
  })
  it('is written as it is where nothing has to be sorted', () => {
    const text = 'as long as it may be, and longer'
    expect(canonical({ a: text, b: [{ a: 1, b: text }, text], c: { a: { b: 1 }, c: null } })).toBe(
      `{\n"a": "${text}",\n"b": [\n{"a":1,"b":"${text}"},\n"${text}"\n],\n"c": {"a":{"b":1},"c":null}\n}\n`,
    )
  })
  it('is written with sorted keys, an element a line', () => {
    expect(canonical({ b: [{ d: 1, c: [2] }, 3], a: [], e: { g: null, f: 'x' } })).toBe(
      '{\n"a": [],\n"b": [\n{"c":[2],"d":1},\n3\n],\n"e": {"f":"x","g":null}\n}\n',
    )
  })
})
