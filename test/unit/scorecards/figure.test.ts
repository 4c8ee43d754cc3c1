import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ratio } from '../../../lib/metrics/ratio.ts'
import { figureOf, medianOf, textOf, type Value, whole } from '../../../lib/scorecards/figure.ts'

const median = (...units: number[]) => {
  const found = medianOf(units.map(whole))
  return found && textOf(found)
}
const share = (numerator: number, denominator: number): Value => figureOf(ratio(numerator, denominator)).value ?? whole(0)

describe('a median', () => {
  it.each<[number[], string | undefined]>([
    [[], undefined],
    [[7], '7'],
    [[9, 1, 5], '5'],
    [[1, 4], '2'],
    [[1, 6], '4'],
    [[-3, -6], '-4'],
    [[10, 9, 100, 2], '10'],
  ])('of %j is %s', (units, expected) => {
    expect(median(...units)).toBe(expected)
  })

  it('of ratios has their places', () => {
    expect(textOf(medianOf([share(1, 3), share(2, 3), share(-1, 2)]) ?? whole(0))).toBe('0.3333')
    expect(textOf(medianOf([share(1, 3), share(2, 3)]) ?? whole(0))).toBe('0.5000')
  })

  it('has as many values above as below it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }), (units) => {
        const middle = Number(median(...units))
        expect(units.filter((unit) => unit < middle - 1).length).toBeLessThanOrEqual(units.length / 2)
        expect(units.filter((unit) => unit > middle + 1).length).toBeLessThanOrEqual(units.length / 2)
      }),
    )
  })
})

it('a ratio is the text that it has elsewhere', () => {
  const parts = fc.tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: -1000, max: 1000 }).filter(Boolean))
  fc.assert(
    fc.property(parts, ([numerator, denominator]) => {
      expect(textOf(share(numerator, denominator))).toBe(ratio(numerator, denominator).value)
    }),
  )
})
