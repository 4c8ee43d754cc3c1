import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { monthIndex } from '../../../lib/core/period.ts'
import { addUp, type Contribution, contributionsIn, difference, emptyAggregates } from '../../../lib/metrics/aggregate.ts'
import { addRow, contributionsOf } from '../../../lib/metrics/contribution.ts'
import { documentOf } from '../../../lib/metrics/document.ts'
import { factOf } from '../../../lib/metrics/fact.ts'
import { rateTable } from '../../../lib/metrics/rates.ts'
import { addEvent, type Rows } from '../../../lib/metrics/rows.ts'
import { metricEvent, RATES, story } from '../../support/metric-events.ts'
import { metricsOf, rowsOf } from '../../support/rows-engine.ts'
import { attached, billed, booked, cost, metrics } from './story.ts'

const MOST = Number.MAX_SAFE_INTEGER
const settings = { currency: 'USD', grossMargin: 8000 }
const ratesOf = () =>
  rateTable(
    RATES.map(factOf).filter((fact) => fact.type === 'rate'),
    'USD',
  )

const inOrder = (contributions: Contribution[]) =>
  contributions.map(({ family, year, scope, cell, value }) => [family, year, scope, cell, value].join(' ')).sort()

describe('the metrics of a story', () => {
  it('are the same in any order and with any repetition', () => {
    const shuffled = story.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: 0, maxLength: events.length * 2 })),
    )
    fc.assert(
      fc.property(shuffled, ([events, again]) => {
        expect(metricsOf([...RATES, ...again, ...events.toReversed()], settings)).toEqual(
          metricsOf([...events, ...RATES], settings),
        )
      }),
    )
  })
  it('can be read from the addresses of what the rows contribute', () => {
    const table = ratesOf()
    fc.assert(
      fc.property(story, (events) => {
        const rows: Rows = new Map()
        for (const one of [...events, ...RATES]) addEvent(rows, one)
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
    const table = ratesOf()
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
      fc.property(metricEvent, (one) => {
        const fact = factOf(one)
        expect(JSON.parse(JSON.stringify(fact))).toStrictEqual(fact)
      }),
    )
  })
  it('of a row without a rate are the missing currency and its events, so that the pairs can be named', () => {
    const table = ratesOf()
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
  it.each([
    ['revenue of all partners in 2025-03 direct', ['a', 'b'].map((id) => billed(id, MOST, '2025-03-01'))],
    ['monthly recurring revenue of an account', [2, 3].map((day) => booked('a', MOST, `2025-03-0${day}`, '2025-04-01'))],
    ['spend from 2025-03 to 2025-04', [3, 4].map((month) => cost('acquisition', 'direct', MOST, `2025-0${month}`))],
    ['return on p in 2025-04', [3, 4].map((month) => billed('a', MOST, `2025-0${month}-01`, { partnerId: 'p' }))],
  ])('refuse a sum that passes 2^53, and say where: %s', (where, events) => {
    const known = [...events, attached('a', 'p', 'managed', '2025-04-01')]
    expect(() => metricsOf(known, settings)).toThrow(`${where}: the sum passes 2^53`)
  })
  it('have no retention after the month until which it is wanted, and else the same', () => {
    const table = ratesOf()
    const until = monthIndex('2026-01')
    fc.assert(
      fc.property(story, (events) => {
        const isWanted = ({ family, year, cell }: Contribution) =>
          !family.startsWith('retention') || `${year}-${cell.slice(0, 2)}` <= '2026-01'
        for (const row of rowsOf(events).values()) {
          const some = emptyAggregates()
          addRow(some, row, table, until)
          expect(inOrder(contributionsIn(some))).toEqual(inOrder(contributionsOf(row, table).filter(isWanted)))
        }
      }),
    )
  })
})
