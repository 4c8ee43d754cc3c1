import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { minorUnits } from '../../../lib/settlements/decimal.ts'

describe('a decimal of a file in minor units', () => {
  it.each([
    ['40000.00', 'USD', 4_000_000, false],
    ['-1200.00', 'USD', -120_000, false],
    ['48000', 'USD', 4_800_000, false],
    ['0.1', 'USD', 10, false],
    ['-0.10', 'USD', -10, false],
    ['-0', 'USD', 0, false],
    ['-0.00', 'USD', 0, false],
    ['1.10000', 'USD', 110, false],
    ['1200', 'JPY', 1200, false],
    ['1.234', 'KWD', 1234, false],
    ['0.005', 'USD', 0, true],
    ['0.015', 'USD', 2, true],
    ['-0.015', 'USD', -2, true],
    ['0.0150000001', 'USD', 2, true],
    ['0.0249999', 'USD', 2, true],
    ['46560.123456789012', 'USD', 4_656_012, true],
    ['1.5', 'JPY', 2, true],
    ['1E-05', 'USD', 0, true],
    ['4.8E4', 'USD', 4_800_000, false],
    ['90071992547409.91', 'USD', Number.MAX_SAFE_INTEGER, false],
  ] as [string, string, number, boolean][])('is exact: %s %s is %i', (text, currency, amount, rounded) => {
    expect(minorUnits(text, currency)).toEqual({ amount, rounded })
  })

  it.each(['', '-', '.', '.5', '1,000.00', '$5', '+5', '1.2.3', 'NaN', '1e', ' 1', '--1', '90071992547409.92', '1e400'])(
    'is refused: %j',
    (text) => {
      expect(minorUnits(text, 'USD')).toBeUndefined()
    },
  )

  it('is never touched by floating point', () => {
    const cents = fc.integer({ min: -(10 ** 13), max: 10 ** 13 })
    fc.assert(
      fc.property(cents, (amount) => {
        const digits = String(Math.abs(amount)).padStart(3, '0')
        const text = `${amount < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
        expect(minorUnits(text, 'USD')).toEqual({ amount, rounded: false })
      }),
    )
  })
})
