import { quotientText } from '../metrics/ratio.ts'

/** The quantile of 97.5 % of the normal distribution, in units of 10^-15. */
const Z = 1_959_963_984_540_054n
const UNIT = 10n ** 15n

const squareRoot = (square: bigint): bigint => {
  if (square < 2n) return square
  let root = 1n << BigInt(Math.ceil(square.toString(2).length / 2))
  for (;;) {
    const next = (root + square / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

export type Interval = { lower: string; upper: string }

/**
 * The 95 % score interval of a share, `hits` of `n` > 0, as text with four places rounded half to even like a ratio:
 * (2h + z² ∓ z·√(z² + 4h(n − h)/n)) / 2(n + z²). It is computed in whole numbers of some 30 digits.
 * E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), 209–212.
 */
export const wilson = (hits: number, n: number): Interval => {
  const [h, size] = [BigInt(hits), BigInt(n)]
  const centre = size * (2n * h * UNIT * UNIT + Z * Z)
  const spread = Z * squareRoot(size * (size * Z * Z + 4n * h * (size - h) * UNIT * UNIT))
  const denominator = 2n * size * (size * UNIT * UNIT + Z * Z)
  return { lower: quotientText(centre - spread, denominator), upper: quotientText(centre + spread, denominator) }
}
