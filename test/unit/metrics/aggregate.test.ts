import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { monthIndex } from '../../../lib/core/period.ts'
import {
  add,
  addDay,
  addUp,
  type Contribution,
  contributionsIn,
  count,
  daysIn,
  difference,
  emptyAggregates,
  measureOf,
  merge,
  read,
  seriesOf,
} from '../../../lib/metrics/aggregate.ts'
import { dayOf } from '../../../lib/metrics/calendar.ts'

const [PARTNER, DIRECT] = [measureOf('customers', 'partner'), measureOf('customers', 'direct')]

/** Sums of every kind, each with one value. */
const examples = () => {
  const aggregates = emptyAggregates()
  add(seriesOf(aggregates, 'revenue'), monthIndex('2025-12'), measureOf('revenue', 'direct'), 700)
  add(seriesOf(aggregates, 'revenue', 'p'), monthIndex('2026-01'), measureOf('revenue', 'sourced'), -5)
  addDay(aggregates, 'onboarding', dayOf('2025-02-28'), 'p')
  addDay(aggregates, 'last-day', dayOf('2025-12-01'))
  count(aggregates, 'first-month', '2025-02')
  count(aggregates, 'events', '2025', 3)
  return aggregates
}
const ADDRESSES: Contribution[] = [
  { family: 'events', year: 0, scope: 'all partners', cell: '2025', value: 3 },
  { family: 'first-month', year: 0, scope: 'all partners', cell: '2025-02', value: 1 },
  { family: 'revenue', year: 2025, scope: 'all partners', cell: '12.direct', value: 700 },
  { family: 'revenue', year: 2026, scope: 'p', cell: '01.sourced', value: -5 },
  { family: 'onboarding', year: 2025, scope: 'p', cell: '02.28', value: 1 },
  { family: 'last-day', year: 2025, scope: 'all partners', cell: '12.01', value: 1 },
]

describe('sums', () => {
  it('of months are read as they were added, in whatever order the months come', () => {
    const parts = fc.array(
      fc.record({
        month: fc.integer({ min: 24_300, max: 24_340 }),
        measure: fc.constantFrom(PARTNER, DIRECT),
        value: fc.integer({ min: -9, max: 9 }),
      }),
    )
    fc.assert(
      fc.property(parts, (parts) => {
        const series = seriesOf(emptyAggregates(), 'customers')
        for (const { month, measure, value } of parts) add(series, month, measure, value)
        for (let month = 24_280; month < 24_360; month++) {
          for (const measure of [PARTNER, DIRECT]) {
            const own = parts.filter((part) => part.month === month && part.measure === measure)
            expect(read(series, month, measure)).toBe(own.reduce((sum, { value }) => sum + value, 0))
          }
        }
      }),
    )
  })
  it('are nothing where there are none', () => {
    expect(read(undefined, 24_300, DIRECT)).toBe(0)
    expect(read(seriesOf(emptyAggregates(), 'customers'), 24_300, DIRECT)).toBe(0)
  })
  it('of days are those that count more than once taken back', () => {
    const aggregates = emptyAggregates()
    addDay(aggregates, 'onboarding', 20_000, 'p')
    addDay(aggregates, 'onboarding', 20_001, 'p', 2)
    addDay(aggregates, 'onboarding', 20_002, 'p', -1)
    expect(daysIn(aggregates, 'onboarding', 'p')).toEqual([20_000, 20_001])
    addDay(aggregates, 'onboarding', 20_000, 'p', -1)
    addDay(aggregates, 'onboarding', 20_001, 'p', -1)
    expect(daysIn(aggregates, 'onboarding', 'p')).toEqual([20_001])
    expect(daysIn(aggregates, 'onboarding')).toEqual([])
  })
})

describe('contributions', () => {
  it('have the address under which they are kept', () => {
    expect(contributionsIn(examples())).toEqual(ADDRESSES)
  })
  it('add up to what they come from, and their difference is what to add', () => {
    expect(contributionsIn(addUp(ADDRESSES))).toEqual(ADDRESSES)
    expect(contributionsIn(addUp(ADDRESSES, examples())).map(({ value }) => value)).toEqual([6, 2, 1400, -10, 2, 2])
    expect(difference(ADDRESSES, ADDRESSES)).toEqual([])
    expect(difference(ADDRESSES, ADDRESSES.slice(1))).toEqual(ADDRESSES.slice(0, 1))
    expect(difference([], ADDRESSES).map(({ value }) => value)).toEqual([-3, -1, -700, 5, -1, -1])
  })
  it('are doubled where sums are added to the same', () => {
    expect(contributionsIn(merge(examples(), examples()))).toEqual(ADDRESSES.map((one) => ({ ...one, value: 2 * one.value })))
  })
  it('of a measure that there is none of are refused', () => {
    const odd: Contribution = { family: 'revenue', year: 2025, scope: 'p', cell: '01.lost', value: 1 }
    expect(() => addUp([odd])).toThrow('revenue has no measure lost')
  })
})
