import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDays,
  addMonths,
  DateText,
  dateText,
  dayNumber,
  firstDay,
  Instant,
  lastDay,
  MonthText,
  monthIndex,
  monthText,
  wholeMonths,
} from '../../../lib/core/period.ts'

const days = fc.integer({ min: dayNumber('1990-01-01'), max: dayNumber('2090-12-31') })

describe('a text', () => {
  it.each([
    ['2026-02-28', true],
    ['2028-02-29', true],
    ['2026-02-29', false],
    ['2026-02-30', false],
    ['2026-04-31', false],
    ['2026-13-01', false],
    ['2026-00-01', false],
    ['2026-1-1', false],
    ['2026-01-01T00:00:00Z', false],
    ['today', false],
  ])('%s is a day: %s', (text, isDay) => {
    expect(DateText.safeParse(text).success).toBe(isDay)
  })

  it.each([
    ['2026-10', true],
    ['2026-13', false],
    ['2026-00', false],
    ['2026-10-01', false],
  ])('%s is a month: %s', (text, isMonth) => {
    expect(MonthText.safeParse(text).success).toBe(isMonth)
  })

  it.each([
    ['2026-10-31T12:00:00Z', true],
    ['2026-10-31T12:00:00.123Z', true],
    ['2026-10-31T12:00:00+02:00', false],
    ['2026-10-31T12:00:00', false],
    ['2026-02-30T12:00:00Z', false],
    ['2026-10-31', false],
  ])('%s is an instant: %s', (text, isInstant) => {
    expect(Instant.safeParse(text).success).toBe(isInstant)
  })
})

describe('days and months', () => {
  it.each([
    ['2026-12-31', 1, '2027-01-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-03-01', -1, '2026-02-28'],
  ])('%s and %i days are %s', (from, count, to) => {
    expect(addDays(from, count)).toBe(to)
  })

  it.each([
    ['2027-01-31', 1, '2027-02-28'],
    ['2028-01-31', 1, '2028-02-29'],
    ['2027-01-31', 2, '2027-03-31'],
    ['2026-10-15', 12, '2027-10-15'],
    ['2026-01-31', -1, '2025-12-31'],
    ['2026-03-31', -1, '2026-02-28'],
  ])('%s and %i months are %s', (from, count, to) => {
    expect(addMonths(from, count)).toBe(to)
  })

  it.each([
    ['2026-10-15', '2027-10-15', 12],
    ['2027-01-31', '2027-02-28', 1],
    ['2027-01-31', '2027-03-31', 2],
    ['2026-10-15', '2026-11-14', undefined],
    ['2026-10-15', '2026-10-15', undefined],
    ['2026-10-15', '2026-09-15', undefined],
  ])('from %s to %s are %s whole months', (from, to, months) => {
    expect(wholeMonths(from, to)).toBe(months)
  })

  it('are numbered without a gap', () => {
    fc.assert(
      fc.property(days, (day) => {
        expect(dayNumber(dateText(day))).toBe(day)
        expect(dayNumber(addDays(dateText(day), 1))).toBe(day + 1)
        const month = monthIndex(dateText(day))
        expect(monthIndex(monthText(month))).toBe(month)
        expect(firstDay(month) <= day && day <= lastDay(month)).toBe(true)
        expect(firstDay(month + 1)).toBe(lastDay(month) + 1)
      }),
    )
  })

  it('added to a day are found again as whole months', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 120 }), (day, months) => {
        expect(wholeMonths(dateText(day), addMonths(dateText(day), months))).toBe(months)
      }),
    )
  })
})
