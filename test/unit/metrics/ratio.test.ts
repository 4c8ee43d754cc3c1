import { describe, expect, it, test } from 'vitest'
import { quotientText, ratio } from '../../../lib/metrics/ratio.ts'

describe('a ratio', () => {
  test.each<[numerator: number | bigint, denominator: number | bigint, value: string]>([
    [1, 3, '0.3333'],
    [2, 3, '0.6667'],
    [1, 20_000, '0.0000'],
    [3, 20_000, '0.0002'],
    [-3, 20_000, '-0.0002'],
    [3, -20_000, '-0.0002'],
    [-3, -20_000, '0.0002'],
    [-1, 1_000_000, '0.0000'],
    [0, -7, '0.0000'],
    [1_000_000_000_000_003, 4, '250000000000000.7500'],
    [-1_000_000_000_000_003, 4, '-250000000000000.7500'],
    [1_000_000_000_000_003, -4, '-250000000000000.7500'],
    [9_007_199_254_740_991, 20_000, '450359962737.0496'],
    [2n ** 70n, 3n ** 44n, '1.1988'],
  ])('%s / %s is %s, half to even in the fourth place', (numerator, denominator, value) => {
    expect(quotientText(numerator, denominator)).toBe(value)
  })

  it('is exact where the denominator alone passes 2^53', () => {
    expect(quotientText(500_000_000_000n, 10n ** 16n - 1n)).toBe('0.0001')
    expect(quotientText(500_000_000_000n, 10n ** 16n)).toBe('0.0000')
  })

  it('without a denominator has no value, and says why', () => {
    expect(ratio(5, 0)).toEqual({ numerator: '5', denominator: '0', value: null, reason: 'zero-denominator' })
    expect(ratio(5, -2)).toEqual({ numerator: '5', denominator: '-2', value: '-2.5000' })
  })
})
