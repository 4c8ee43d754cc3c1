import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { allocate, splitEqually } from '../../../lib/core/money.ts'
import * as period from '../../../lib/core/period.ts'
import { addDays, dateText, dayNumber, monthIndex, monthText, wholeMonths } from '../../../lib/core/period.ts'
import { accountOf } from '../../../lib/metrics/account.ts'
import { dayOf, firstDay, lastDay, monthOf, monthsBetween } from '../../../lib/metrics/calendar.ts'
import { factOf } from '../../../lib/metrics/fact.ts'
import { boundsOf, partsOf, recurringOf } from '../../../lib/metrics/mrr.ts'
import { rateTable } from '../../../lib/metrics/rates.ts'
import { rowsOf } from '../../support/rows-engine.ts'
import { billed, booked } from './story.ts'

const partsIn = (event: ReturnType<typeof booked>) => {
  const fact = factOf(event)
  if (fact.type !== 'transaction') throw new Error(fact.type)
  const { first, amounts } = partsOf(fact)
  return Object.fromEntries(amounts.map((amount, index) => [monthText(first + index), amount]))
}
const day = fc.integer({ min: -20_000, max: 40_000 })

describe('a booking is worth in its months', () => {
  test.each([
    ['equal parts, the first units first', 100, '2026-01-15', '2026-04-15', { '2026-01': 34, '2026-02': 33, '2026-03': 33 }],
    ['negative parts likewise', -100, '2026-01-15', '2026-04-15', { '2026-01': -34, '2026-02': -33, '2026-03': -33 }],
    ['one part for one month, of the month it starts in', 7, '2026-01-31', '2026-02-28', { '2026-01': 7 }],
    ['equal parts where the day is clamped', 5, '2025-12-31', '2026-02-28', { '2025-12': 3, '2026-01': 2 }],
    ['by days off the grid: 28 February to 31 March', 31, '2026-02-28', '2026-03-31', { '2026-02': 1, '2026-03': 30 }],
    ['by days, the larger remainder first', 5, '2026-01-30', '2026-02-02', { '2026-01': 3, '2026-02': 2 }],
    ['by days within one month', 9, '2026-01-03', '2026-01-20', { '2026-01': 9 }],
  ])('%s', (_, amount, from, to, parts) => {
    expect(partsIn(booked('a', amount, from, to))).toEqual(parts)
  })
  it('spreads usage with a service and keeps the rest in the month of its day', () => {
    const service = { from: '2026-01-01', to: '2026-03-01' }
    expect(partsIn(billed('a', 10, '2026-05-05', { kind: 'usage', service }))).toEqual({ '2026-01': 5, '2026-02': 5 })
    expect(partsIn(billed('a', 10, '2026-05-05', { kind: 'usage' }))).toEqual({ '2026-05': 10 })
  })
  it('adds up to the amount for every service', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), day, fc.integer({ min: 1, max: 2000 }), (amount, start, length) => {
        const from = dateText(start)
        const parts = Object.values(partsIn(booked('a', amount, from, addDays(from, length))))
        expect(parts.reduce((sum, part) => sum + BigInt(part), 0n)).toBe(BigInt(amount))
      }),
    )
  })
})

describe('the recurring revenue of an account', () => {
  const months = (...events: ReturnType<typeof booked>[]) => {
    const rows = new Map([...rowsOf(events)])
    const [account] = [...rows.values()].map(accountOf)
    const { first, last } = boundsOf(account?.recurring ?? [])
    const table = rateTable([], 'USD')
    const amounts = Array.from({ length: last - first + 1 }, (_, index) => first + index).map((month) => [
      monthText(month),
      recurringOf(account?.recurring ?? [], month, table, 0).amount,
    ])
    return Object.fromEntries(amounts)
  }
  const spring = booked('a', 30, '2026-03-01', '2026-06-01')
  const autumn = booked('a', 40, '2026-08-01', '2026-10-01')
  const late = booked('a', 14, '2026-05-01', '2026-07-01')

  it('is the sum of what its transactions are worth in each month, whichever is known first', () => {
    const expected = { '2026-03': 10, '2026-04': 10, '2026-05': 17, '2026-06': 7, '2026-07': 0, '2026-08': 20, '2026-09': 20 }
    for (const events of [
      [spring, late, autumn],
      [autumn, late, spring],
      [late, autumn, spring],
    ])
      expect(months(...events)).toEqual(expected)
  })
  it('is none without bookings and usage', () => {
    expect(months(billed('a', 5, '2026-01-01'))).toEqual({})
  })
})

describe('the calendar in days', () => {
  it('agrees with the calendar in dates', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 1500 }), (from, length) => {
        expect(dayOf(dateText(from))).toBe(dayNumber(dateText(from)))
        const month = monthIndex(dateText(from))
        expect(monthOf(from)).toBe(month)
        expect([firstDay(month), lastDay(month)]).toEqual([period.firstDay(month), period.lastDay(month)])
        expect(monthsBetween(from, from + length)).toBe(wholeMonths(dateText(from), dateText(from + length)))
      }),
    )
  })
})

it('splits equally as by equal weights', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 60 }), (amount, parts) => {
      expect(splitEqually(amount, parts)).toEqual(allocate(amount, Array(parts).fill(1)))
    }),
  )
})
