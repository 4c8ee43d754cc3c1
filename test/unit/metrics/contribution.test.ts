import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../../events/metrics.ts'
import { addUp, type Contribution, contributionsIn, difference, emptyAggregates } from '../../../lib/metrics/aggregate.ts'
import { addEvent, metricsOf, type Rows } from '../../../lib/metrics/batch.ts'
import { addRow, contributionsOf } from '../../../lib/metrics/contribution.ts'
import { documentOf } from '../../../lib/metrics/document.ts'
import { factOf } from '../../../lib/metrics/fact.ts'
import { rateTable } from '../../../lib/metrics/rates.ts'
import { attached, billed, booked, cost, detached, metrics, onboarded, published } from './story.ts'

const settings = { currency: 'USD', grossMargin: 8000 }
const rates = [published('EUR', 'USD', '2025-02-01', '1.0850'), published('JPY', 'USD', '2025-01-01', '0.0068')]
const table = rateTable(
  rates.map(factOf).filter((fact) => fact.type === 'rate'),
  'USD',
)

const account = fc.constantFrom('a', 'b', 'c')
const partner = fc.constantFrom('p', 'q', 'r')
const role = fc.constantFrom('sourced' as const, 'influenced' as const, 'managed' as const)
const day = fc.integer({ min: 0, max: 799 }).map((n) => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10))
const days = fc.tuple(day, day).filter(([from, to]) => from < to)
const amount = fc.integer({ min: -9999, max: 99_999 })
const currency = fc.constantFrom('USD', 'EUR', 'JPY')
const kind = fc.constantFrom('contract' as const, 'usage' as const, 'one-time' as const, 'tax' as const)
const number = fc.integer({ min: 1, max: 12 })

const event: fc.Arbitrary<MetricEvent> = fc.oneof(
  fc.tuple(account, partner, role, day).map((args) => attached(...args)),
  fc.tuple(account, partner, role, day).map((args) => detached(...args)),
  fc.tuple(partner, day).map((args) => onboarded(...args)),
  fc.tuple(account, amount, days, currency).map(([id, size, [from, to], currency]) => booked(id, size, from, to, { currency })),
  fc
    .tuple(account, amount, day, kind, currency, number)
    .map(([id, size, on, kind, currency, n]) => billed(id, size, on, { kind, currency, transactionId: `t${n}` })),
  fc
    .tuple(account, amount, day, partner, number)
    .map(([id, size, on, partnerId, n]) => billed(id, size, on, { kind: 'refund', partnerId, corrects: `t${n}` })),
  fc
    .tuple(fc.constantFrom('acquisition' as const, 'support' as const, 'payout' as const), amount, day, currency)
    .map(([purpose, size, on, currency]) => cost(purpose, 'partner', size, on.slice(0, 7), { currency, partnerId: 'p' })),
)
const story = fc.array(event, { maxLength: 25 })

const inOrder = (contributions: Contribution[]) =>
  contributions.map(({ family, year, scope, cell, value }) => [family, year, scope, cell, value].join(' ')).sort()

describe('the metrics of a story', () => {
  it('are the same in any order and with any repetition', () => {
    const shuffled = story.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: 0, maxLength: events.length * 2 })),
    )
    fc.assert(
      fc.property(shuffled, ([events, again]) => {
        expect(metricsOf([...rates, ...again, ...events.toReversed()], settings)).toEqual(
          metricsOf([...events, ...rates], settings),
        )
      }),
    )
  })
  it('can be read from the addresses of what the rows contribute', () => {
    fc.assert(
      fc.property(story, (events) => {
        const rows: Rows = new Map()
        for (const one of [...events, ...rates]) addEvent(rows, one)
        const aggregates = emptyAggregates()
        for (const row of rows.values()) addUp(contributionsOf(row, table), aggregates)
        const direct = emptyAggregates()
        for (const row of rows.values()) addRow(direct, row, table)
        expect(documentOf(aggregates, settings)).toEqual(documentOf(direct, settings))
      }),
    )
  })
})

describe('the contributions of rows', () => {
  it('are the sum of the differences along any path of growing rows', () => {
    fc.assert(
      fc.property(story, (events) => {
        const rows: Rows = new Map()
        const live = emptyAggregates()
        let before = new Map<string, Contribution[]>()
        for (const one of events) {
          addEvent(rows, one)
          const after = new Map([...rows].map(([key, row]) => [key, contributionsOf(row, table)]))
          for (const [key, newer] of after) addUp(difference(newer, before.get(key) ?? []), live)
          before = after
        }
        expect(inOrder(contributionsIn(live))).toEqual(inOrder(contributionsIn(addUp([...before.values()].flat()))))
      }),
    )
  })
  it('survive being written as JSON', () => {
    fc.assert(
      fc.property(event, (one) => {
        const fact = factOf(one)
        expect(JSON.parse(JSON.stringify(fact))).toStrictEqual(fact)
      }),
    )
  })
  it('of a row without a rate are the missing currency and its events, so that the pairs can be named', () => {
    const events = [
      billed('a', 1, '2025-01-01', { currency: 'GBP' }),
      billed('a', 1, '2025-01-01'),
      cost('support', 'shared', 1, '2025-01', { currency: 'CHF' }),
    ]
    const rows: Rows = new Map()
    for (const one of events) addEvent(rows, one)
    expect([...rows.values()].flatMap((row) => inOrder(contributionsOf(row, table)))).toEqual([
      'events 0 all partners 2025 2',
      'missing-rates 0 all partners GBP 1',
      'events 0 all partners 2025 1',
      'missing-rates 0 all partners CHF 1',
    ])
    expect(metricsOf(events, settings)).toEqual({ error: 'missing-rates', pairs: ['CHF/USD', 'GBP/USD'] })
  })
  it('need no rate for what is not counted', () => {
    expect(metrics([billed('a', 1, '2025-01-01', { currency: 'GBP', kind: 'tax' })]).knownEvents).toBe(1)
  })
  it('refuse a sum that passes 2^53, and say where', () => {
    const events = ['a', 'b'].map((id) => billed(id, Number.MAX_SAFE_INTEGER, '2025-03-01'))
    expect(() => metricsOf(events, settings)).toThrow('revenue of all partners in 2025-03 direct: the sum passes 2^53')
  })
})
