import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { ratio } from '../../../lib/metrics/ratio.ts'
import {
  amountText,
  counted,
  eachText,
  listed,
  moneyText,
  monthName,
  monthsBefore,
  percentText,
  ratioText,
  shortNumber,
} from '../../../lib/report/words.ts'

describe('amounts', () => {
  test.each([
    ['0', 'USD', '0.00'],
    ['5', 'USD', '0.05'],
    ['-5', 'USD', '−0.05'],
    ['-250000', 'USD', '−2,500.00'],
    ['123456789', 'EUR', '1,234,567.89'],
    ['1234567', 'JPY', '1,234,567'],
    ['-999', 'JPY', '−999'],
    ['1234567', 'KWD', '1,234.567'],
    ['5', 'CLF', '0.0005'],
    ['27021597764222973', 'USD', '270,215,977,642,229.73'],
  ])('%s of %s is %s', (minor, currency, text) => {
    expect(amountText(minor, currency)).toBe(text)
    expect(moneyText(minor, currency)).toBe(`${currency}\u00a0${text}`)
  })
  it('say exactly what they are made of', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
        fc.constantFrom('USD', 'JPY', 'KWD', 'CLF'),
        (minor, currency) => {
          const digits = amountText(String(minor), currency).replace(/[,.]/g, '').replace('−', '-')
          expect(BigInt(digits)).toBe(minor)
        },
      ),
    )
  })
  test.each([
    [100, 3, 'USD', '0.33'],
    [5, 2, 'USD', '0.02'],
    [-100, 3, 'USD', '−0.33'],
    [100, 0, 'USD', 'no value'],
    [1_000_000, 3, 'JPY', '333,333'],
  ])('%i for %i customers in %s is %s each', (spend, customers, currency, text) => {
    expect(eachText(ratio(spend, customers), currency)).toBe(text)
  })
})

describe('ratios', () => {
  test.each([
    ['1.0485', '104.85\u00a0%', '1.0485'],
    ['0.0000', '0.00\u00a0%', '0.0000'],
    ['-0.0451', '−4.51\u00a0%', '−0.0451'],
    ['12345.6789', '1,234,567.89\u00a0%', '12,345.6789'],
    [null, 'no value', 'no value'],
  ])('%s is %s and %s', (value, percent, plain) => {
    expect([percentText(value), ratioText(value)]).toEqual([percent, plain])
  })
})

test.each([
  [0, '0'],
  [0.25, '0.25'],
  [-2000, '−2k'],
  [1_500_000, '1.5M'],
  [4_068_806.5, '4.07M'],
  [2e9, '2B'],
  [-3e12, '−3T'],
])('on an axis %d is %s', (value, text) => expect(shortNumber(value)).toBe(text))

test.each([
  [0, '0 days'],
  [1, '1 day'],
  [12_345, '12,345 days'],
])('%i is %s', (count, text) => expect(counted(count, 'day')).toBe(text))

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a and b'],
  [['a', 'b', 'c'], 'a, b and c'],
])('%j is "%s"', (items, text) => expect(listed(items)).toBe(text))

test('months have names, also those before', () => {
  expect([monthName('2026-01'), monthName(monthsBefore('2026-01', 1)), monthName(monthsBefore('2026-01', 12))]).toEqual([
    'January 2026',
    'December 2025',
    'January 2025',
  ])
})
