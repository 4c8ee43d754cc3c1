import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { scale } from '../../../lib/core/money.ts'
import { dayOf } from '../../../lib/metrics/calendar.ts'
import { factOf, sortableInstant } from '../../../lib/metrics/fact.ts'
import { convert, hasRate, rateTable, rateTables } from '../../../lib/metrics/rates.ts'
import { published } from './story.ts'

const tableOf = (reporting: string, ...events: ReturnType<typeof published>[]) =>
  rateTable(
    events.map(factOf).filter((fact) => fact.type === 'rate'),
    reporting,
  )
const on = dayOf('2026-03-10')

describe('converting', () => {
  test.each([
    ['the reporting currency as it is', 'USD', 'USD', '1', 123, 123],
    ['half a cent to the even one below', 'EUR', 'USD', '0.5', 5, 2],
    ['half a cent to the even one above', 'EUR', 'USD', '0.5', 7, 4],
    ['a negative half to the even one', 'EUR', 'USD', '0.5', -7, -4],
    ['yen, which have no cents, to cents', 'JPY', 'USD', '0.0068', 1000, 680],
    ['cents to yen', 'USD', 'JPY', '147.06', 1050, 1544],
    ['dinars of a thousand fils to cents', 'KWD', 'USD', '3.25', 1001, 325],
    ['nine places', 'EUR', 'USD', '1.000000001', 1_000_000_000, 1_000_000_001],
    ['past 2^53 in between', 'EUR', 'USD', '1.234567891', 8_000_000_000_000_01, 987_654_312_800_001],
    ['a rate that is itself past 2^53', 'EUR', 'USD', '123456789012.123456789', 60_001, 7_407_530_797_516_420],
  ])('takes %s', (_, base, quote, rate, amount, expected) => {
    const table = base === quote ? tableOf(quote) : tableOf(quote, published(base, quote, '2026-01-01', rate))
    expect(convert(table, amount, base, on)).toEqual({ amount: expected, extrapolated: false })
  })
})

it('scales exactly, whether or not the product fits into a number', () => {
  const size = fc.oneof(fc.integer({ min: -2000, max: 2000 }), fc.maxSafeInteger())
  fc.assert(
    fc.property(
      size,
      fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 2 ** 40 })),
      fc.integer({ min: 1, max: 2 ** 33 }),
      (amount, numerator, denominator) => {
        const [product, divisor] = [BigInt(amount) * BigInt(numerator), BigInt(denominator)]
        const scaled = BigInt(scale(amount, { numerator, denominator }))
        fc.pre(scaled < 2n ** 53n && scaled > -(2n ** 53n))
        const twice = 2n * (product - scaled * divisor)
        expect(twice <= divisor && twice >= -divisor).toBe(true)
        if (twice === divisor || twice === -divisor) expect(scaled % 2n).toBe(0n)
      },
    ),
    { numRuns: 500 },
  )
})

describe('the rate of a day', () => {
  const march = published('EUR', 'USD', '2026-03-01', '3')
  const january = published('EUR', 'USD', '2026-01-01', '1')

  test.each([
    ['2026-01-01', 10, false],
    ['2026-02-28', 10, false],
    ['2026-03-01', 30, false],
    ['2030-01-01', 30, false],
    ['2025-12-31', 10, true],
  ])('on %s turns 10 into %i', (day, amount, extrapolated) => {
    expect(convert(tableOf('USD', march, january), 10, 'EUR', dayOf(day))).toEqual({ amount, extrapolated })
  })
  it('does not flag an amount of zero', () => {
    expect(convert(tableOf('USD', january), 0, 'EUR', dayOf('2020-01-01')).extrapolated).toBe(false)
  })
  it('ignores rates to other currencies and the way back', () => {
    const table = tableOf('USD', published('EUR', 'GBP', '2026-01-01', '2'), published('USD', 'EUR', '2026-01-01', '2'))
    expect(hasRate(table, 'EUR')).toBe(false)
    expect(hasRate(table, 'USD')).toBe(true)
  })
  it('is the one recorded last, by time and not by text', () => {
    const late = published('EUR', 'USD', '2026-03-01', '7', '2026-03-01T10:00:00.500Z')
    const early = published('EUR', 'USD', '2026-03-01', '5', '2026-03-01T10:00:00Z')
    for (const events of [
      [early, late],
      [late, early],
    ])
      for (const day of [on, dayOf('2026-01-01')]) expect(convert(tableOf('USD', ...events), 1, 'EUR', day).amount).toBe(7)
  })
  it('is that of the greater event id if both were recorded at the same time', () => {
    const [smaller, greater] = [published('EUR', 'USD', '2026-03-01', '5'), published('EUR', 'USD', '2026-03-01', '7')]
    for (const events of [
      [smaller, greater],
      [greater, smaller],
    ])
      expect(convert(tableOf('USD', ...events), 1, 'EUR', on).amount).toBe(7)
  })
})

it('refuses to convert without any rate, but for nothing', () => {
  expect(() => convert(tableOf('USD'), 1, 'EUR', on)).toThrow('no rate from EUR to USD')
  expect(convert(tableOf('USD'), 0, 'EUR', on)).toEqual({ amount: 0, extrapolated: false })
})

it('reads the rates of each version once', async () => {
  const asked: number[] = []
  const rates = [published('EUR', 'USD', '2026-01-01', '2')].map(factOf).filter((fact) => fact.type === 'rate')
  const tableAt = rateTables(async (version) => {
    asked.push(version)
    return version === 1 ? [] : rates
  }, 'USD')
  for (const version of [1, 2, 2, 1]) expect(hasRate(await tableAt(version), 'EUR')).toBe(version === 2)
  expect(asked).toEqual([1, 2])
})

test.each([
  ['2026-01-01T10:00Z', '2026-01-01T10:00:00'],
  ['2026-01-01T10:00:00Z', '2026-01-01T10:00:00'],
  ['2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00'],
  ['2026-01-01T10:00:00.120Z', '2026-01-01T10:00:00.12'],
  ['2026-01-01T10:00:10Z', '2026-01-01T10:00:10'],
])('the instant %s sorts as %s', (instant, text) => {
  expect(sortableInstant(instant)).toBe(text)
})
