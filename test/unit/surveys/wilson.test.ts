import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wilson } from '../../../lib/surveys/wilson.ts'

describe("Wilson's interval", () => {
  // R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I, method 3.
  it.each([
    [81, 263, '0.2553', '0.3662'],
    [15, 148, '0.0624', '0.1605'],
    [0, 20, '0.0000', '0.1611'],
    [1, 29, '0.0061', '0.1718'],
  ])('of %i in %i is as published', (hits, n, lower, upper) => {
    expect(wilson(hits, n)).toEqual({ lower, upper })
  })

  // By hand, z² = 3.8415: 5 of 5 is 5/(5 + z²); 1 of 2 is 1/2 ∓ z/(2·√(2 + z²)).
  it.each([
    [5, 5, '0.5655', '1.0000'],
    [0, 5, '0.0000', '0.4345'],
    [1, 2, '0.0945', '0.9055'],
  ])('of %i in %i is as worked by hand', (hits, n, lower, upper) => {
    expect(wilson(hits, n)).toEqual({ lower, upper })
  })

  it('holds the share, is mirrored by the other one, and is the formula in floating point', () => {
    const counts = fc.integer({ min: 1, max: 100_000 }).chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)))
    fc.assert(
      fc.property(counts, ([hits, n]) => {
        const [{ lower, upper }, other] = [wilson(hits, n), wilson(n - hits, n)]
        const [z, share] = [1.959963984540054, hits / n]
        const centre = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n)
        const half = ((z / (1 + z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n * n))) as number
        expect(Math.abs(Number(lower) - (centre - half))).toBeLessThan(0.000051)
        expect(Math.abs(Number(upper) - (centre + half))).toBeLessThan(0.000051)
        expect(Number(lower)).toBeLessThanOrEqual(Number(share.toFixed(4)))
        expect(Number(upper)).toBeGreaterThanOrEqual(Number(share.toFixed(4)))
        expect(Math.abs(Number(lower) + Number(other.upper) - 1)).toBeLessThan(1e-9)
      }),
    )
  })
})
