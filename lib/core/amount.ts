import { ServiceError } from './errors.ts'

// Arithmetic of money without its schemas, which take longer to load than a short command to run.

// Digits after the point by ISO 4217; every other currency has two.
const DIGITS: Record<string, number> = Object.fromEntries([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0]),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3]),
  ...'CLF UYW'.split(' ').map((code) => [code, 4]),
])
export const digitsOf = (currency: string) => DIGITS[currency] ?? 2

/** The number itself; past 2^53 it would be wrong by some units, so that it is refused. */
export const exact = (value: number, where: string): number => {
  if (Number.isSafeInteger(value)) return value
  throw new ServiceError('unprocessable', `${where}: the sum passes 2^53 minor units; use a currency with larger units`, {
    target: where,
  })
}

/** A factor that amounts are multiplied by, like an exchange rate in minor units; the denominator is positive. */
export type Fraction = { numerator: number | bigint; denominator: number }

/** numerator / denominator rounded half to even; the denominator is positive. */
export const roundedQuotient = (numerator: bigint, denominator: bigint): bigint => {
  const size = numerator < 0n ? -numerator : numerator
  const [whole, twice] = [size / denominator, (size % denominator) * 2n]
  const rounded = twice > denominator || (twice === denominator && whole % 2n === 1n) ? whole + 1n : whole
  return numerator < 0n ? -rounded : rounded
}

/** amount × fraction rounded half to even; exact, also where the product passes 2^53. */
export const scale = (amount: number, { numerator, denominator }: Fraction): number => {
  const product = amount * Number(numerator)
  if (!Number.isSafeInteger(product)) return Number(roundedQuotient(BigInt(amount) * BigInt(numerator), BigInt(denominator)))
  const size = Math.abs(product)
  // The quotient may be one too large by rounding; % would be exact, but is many times slower.
  const guess = Math.floor(size / denominator)
  const whole = guess * denominator > size ? guess - 1 : guess
  const rest = size - whole * denominator
  const rounded = rest * 2 > denominator || (rest * 2 === denominator && whole % 2 === 1) ? whole + 1 : whole
  return product < 0 ? -rounded : rounded
}

/** Splits into equal parts; the units that are left go to the first ones. The same as `allocate` with equal weights. */
export const splitEqually = (amount: number, count: number): number[] => {
  const size = Math.abs(amount)
  const sign = amount < 0 ? -1 : 1
  const whole = Math.floor(size / count)
  const left = size - whole * count
  const parts: number[] = []
  for (let index = 0; index < count; index++) parts.push(sign * (index < left ? whole + 1 : whole) || 0)
  return parts
}

const isExact = (product: number, weights: readonly number[]) =>
  Number.isSafeInteger(product) && weights.every((weight) => weight >= 0)

/** Shares of an amount that is not negative, rounded down, and what each would still get. */
type Shares = { whole: number[]; rest: (number | bigint)[] }

/** Where no product passes 2^53. */
const sharesOf = (size: number, weights: readonly number[], total: number): Shares => {
  const shares: Shares = { whole: [], rest: [] }
  for (const weight of weights) {
    const product = size * weight
    // The quotient may be one too large by rounding.
    const guess = Math.floor(product / total)
    const whole = guess * total > product ? guess - 1 : guess
    shares.whole.push(whole)
    shares.rest.push(product - whole * total)
  }
  return shares
}

const bigSharesOf = (size: number, weights: readonly number[]): Shares => {
  const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n)
  const products = weights.map((weight) => BigInt(size) * BigInt(weight))
  return { whole: products.map((product) => Number(product / total)), rest: products.map((product) => product % total) }
}

/** Gives one unit each to those with the largest rests, of equal ones to the first. They are few: sorting takes longer. */
const giveUnits = ({ whole, rest }: Shares, units: number) => {
  for (let unit = 0; unit < units; unit++) {
    let first = 0
    for (let i = 1; i < rest.length; i++) if ((rest[i] ?? 0) > (rest[first] ?? 0)) first = i
    whole[first] = (whole[first] ?? 0) + 1
    rest[first] = -Infinity
  }
}

/** Splits by weights, largest remainder, ties to the lower index; the sign is taken out first. The parts add up to the amount. */
export const allocate = (amount: number, weights: readonly number[]): number[] => {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (total <= 0) throw new RangeError('weights must add up to more than zero')
  const size = Math.abs(amount)
  const shares = isExact(size * total, weights) ? sharesOf(size, weights, total) : bigSharesOf(size, weights)
  giveUnits(shares, size - shares.whole.reduce((sum, share) => sum + share, 0))
  return shares.whole.map((share) => (Math.sign(amount) || 1) * share || 0)
}
