import { roundedQuotient, scale } from '../core/amount.ts'

/** A ratio with what it is made of; without a denominator it has no value, and says why. */
export type Ratio = { numerator: string; denominator: string; value: string | null; reason?: 'zero-denominator' }

const PLACES = 4
const UNIT = 10 ** PLACES

/** numerator × 10^places / denominator rounded half to even. */
const unitsOf = (numerator: number | bigint, denominator: number | bigint): number | bigint => {
  if (denominator < 0) return unitsOf(-numerator, -denominator)
  const [scaled, divisor] = [Number(numerator) * UNIT, Number(denominator)]
  if (Number.isSafeInteger(scaled) && Number.isSafeInteger(divisor)) return scale(1, { numerator: scaled, denominator: divisor })
  return roundedQuotient(BigInt(numerator) * BigInt(UNIT), BigInt(denominator))
}

/** numerator / denominator as text with four places, rounded half to even; whole numbers, the denominator is not zero. */
export const quotientText = (numerator: number | bigint, denominator: number | bigint): string => {
  const units = unitsOf(numerator, denominator)
  const digits = String(units)
    .replace('-', '')
    .padStart(PLACES + 1, '0')
  return `${units < 0 ? '-' : ''}${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`
}

export const ratio = (numerator: number, denominator: number): Ratio => {
  const parts = { denominator: String(denominator), numerator: String(numerator) }
  if (denominator === 0) return { ...parts, reason: 'zero-denominator', value: null }
  return { ...parts, value: quotientText(numerator, denominator) }
}

/** The key that a value carries if an exchange rate was taken from before the first one published. */
export const flag = (extrapolated: boolean): { rateExtrapolated?: true } => (extrapolated ? { rateExtrapolated: true } : {})
