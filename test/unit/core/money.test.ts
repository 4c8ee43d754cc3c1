import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  allocate,
  decimalText,
  digitsOf,
  exact,
  Money,
  parseDecimal,
  roundedQuotient,
  scale,
  splitEqually,
} from '../../../lib/core/money.ts'

const SAFE = Number.MAX_SAFE_INTEGER
const sum = (parts: readonly number[]) => parts.reduce((total, part) => total + BigInt(part), 0n)
const amounts = fc.maxSafeInteger()

describe('money', () => {
  it.each([
    ['a cent', { amount: 1, currency: 'USD' }, true],
    ['nothing', { amount: 0, currency: 'EUR' }, true],
    ['a refund', { amount: -1, currency: 'USD' }, true],
    ['the most that is exact', { amount: SAFE, currency: 'USD' }, true],
    ['more than is exact', { amount: SAFE + 1, currency: 'USD' }, false],
    ['half a cent', { amount: 0.5, currency: 'USD' }, false],
    ['text', { amount: '1', currency: 'USD' }, false],
    ['no number', { amount: Number.NaN, currency: 'USD' }, false],
    ['a currency in small letters', { amount: 1, currency: 'usd' }, false],
    ['a sign of a currency', { amount: 1, currency: '$' }, false],
  ])('of %s: %o is valid: %s', (_, money, isValid) => {
    expect(Money.safeParse(money).success).toBe(isValid)
  })

  it.each([
    ['USD', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['CLF', 4],
  ])('in %s has %i digits', (currency, digits) => {
    expect(digitsOf(currency)).toBe(digits)
  })

  it('past 2^53 minor units is refused with the place', () => {
    expect(exact(SAFE, 'revenue')).toBe(SAFE)
    expect(() => exact(SAFE + 1, 'revenue')).toThrow(expect.objectContaining({ code: 'unprocessable', target: 'revenue' }))
  })
})

describe('rounding', () => {
  it.each([
    [1n, 2n, 0n],
    [3n, 2n, 2n],
    [5n, 2n, 2n],
    [-1n, 2n, 0n],
    [-3n, 2n, -2n],
    [7n, 3n, 2n],
    [8n, 3n, 3n],
    [-8n, 3n, -3n],
  ])('makes %i / %i to %i: half to even', (numerator, denominator, expected) => {
    expect(roundedQuotient(numerator, denominator)).toBe(expected)
  })

  it('is the same for small and large products', () => {
    const factors = fc.record({
      numerator: fc.integer({ min: 1, max: 2_000_000_000 }),
      denominator: fc.integer({ min: 1, max: 1_000_000_000 }),
    })
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), factors, (amount, { numerator, denominator }) => {
        const expected = Number(roundedQuotient(BigInt(amount) * BigInt(numerator), BigInt(denominator)))
        expect(scale(amount, { numerator, denominator }) === expected).toBe(true)
      }),
    )
  })

  it.each([
    [10_000, 10_850, 10_000, 10_850],
    [1, 5, 10, 0],
    [3, 5, 10, 2],
    [-3, 5, 10, -2],
    [SAFE, 3, 3, SAFE],
  ])('scales %i by %i / %i to %i', (amount, numerator, denominator, expected) => {
    expect(scale(amount, { numerator, denominator })).toBe(expected)
  })
})

describe('splitting', () => {
  it.each([
    [100, 3, [34, 33, 33]],
    [-100, 3, [-34, -33, -33]],
    [2, 4, [1, 1, 0, 0]],
    [0, 2, [0, 0]],
  ])('%i into %i parts gives %o', (amount, count, expected) => {
    expect(splitEqually(amount, count)).toEqual(expected)
  })

  it.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [100, [31, 28, 31], [35, 31, 34]],
    [-100, [31, 28, 31], [-35, -31, -34]],
    [5, [0, 1, 0], [0, 5, 0]],
  ])('%i by the weights %o gives %o', (amount, weights, expected) => {
    expect(allocate(amount, weights)).toEqual(expected)
  })

  it('refuses weights of nothing', () => {
    expect(() => allocate(1, [0, 0])).toThrow(RangeError)
  })

  it('loses nothing and invents nothing', () => {
    const weights = fc.array(fc.nat(1000), { minLength: 1, maxLength: 40 }).filter((all) => all.some((weight) => weight > 0))
    fc.assert(
      fc.property(amounts, weights, (amount, by) => {
        expect(sum(allocate(amount, by))).toBe(BigInt(amount))
      }),
    )
    fc.assert(
      fc.property(amounts, fc.integer({ min: 1, max: 60 }), (amount, count) => {
        expect(sum(splitEqually(amount, count))).toBe(BigInt(amount))
      }),
    )
  })

  it('into equal parts is the same by both ways', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 1, max: 60 }), (amount, count) => {
        expect(splitEqually(amount, count)).toEqual(
          allocate(
            amount,
            Array.from({ length: count }, () => 1),
          ),
        )
      }),
    )
  })
})

describe('an amount as text', () => {
  it.each([
    [4_000_000, 'USD', '40000.00'],
    [-5, 'USD', '-0.05'],
    [0, 'USD', '0.00'],
    [1234, 'JPY', '1234'],
    [1234, 'KWD', '1.234'],
  ])('of %i %s is %s', (amount, currency, text) => {
    expect(decimalText({ amount, currency })).toBe(text)
  })

  it.each([
    ['1', 'USD', 100],
    ['1.5', 'USD', 150],
    ['1.', 'USD', 100],
    ['1.500', 'USD', 150],
    [' 1.50 ', 'USD', 150],
    ['-0.00', 'USD', 0],
    ['1.005', 'USD', undefined],
    ['1.5', 'JPY', undefined],
    ['1,5', 'USD', undefined],
    ['1e3', 'USD', undefined],
    ['', 'USD', undefined],
    ['90071992547409.93', 'USD', undefined],
  ])('%o in %s is read as %o', (text, currency, amount) => {
    expect(parseDecimal(text, currency)?.amount).toBe(amount)
  })

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(amounts, fc.constantFrom('USD', 'JPY', 'KWD', 'CLF'), (amount, currency) => {
        expect(parseDecimal(decimalText({ amount, currency }), currency)).toEqual({ amount: amount || 0, currency })
      }),
    )
  })
})
