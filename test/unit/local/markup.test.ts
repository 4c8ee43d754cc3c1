import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { raised } from '../../../infra/local/marketplaces/aws/markup.ts'

describe('a price with a markup', () => {
  it.each([
    ['80000.00', '5.0', 2, '84000.00'],
    ['33.33', '7.5', 2, '35.83'],
    ['0.10', '5', 2, '0.11'],
    ['0.00', '12.5', 2, '0.00'],
    ['100000000', '.5', 2, '100500000.00'],
    ['180.125', '0.000000001', 3, '180.125'],
    ['0.00000001', '50', 8, '0.00000002'],
  ])('of %s and %s %% with %i decimals is %s', (price, percentage, decimals, expected) => {
    expect(raised(price, percentage, decimals)).toBe(expected)
  })

  it('is never below the price, and the price itself without a markup', () => {
    const cents = fc.integer({ min: 0, max: 10_000_000_000 })
    fc.assert(
      fc.property(cents, fc.integer({ min: 0, max: 9999 }), (amount, percent) => {
        const price = (amount / 100).toFixed(2)
        expect(raised(price, '0', 2)).toBe(price)
        expect(Number(raised(price, String(percent), 2))).toBeGreaterThanOrEqual(amount / 100)
      }),
    )
  })
})
