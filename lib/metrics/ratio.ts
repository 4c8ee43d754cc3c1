import { roundedQuotient } from '../core/money.ts'

/** A ratio with what it is made of; without a denominator it has no value, and says why. */
export type Ratio = { numerator: string; denominator: string; value: string | null; reason?: 'zero-denominator' }

const PLACES = 4

/** numerator / denominator as text with four places, rounded half to even; the denominator is not zero. */
export const quotientText = (numerator: bigint, denominator: bigint): string => {
  const sign = denominator < 0n ? -1n : 1n
  const units = roundedQuotient(sign * numerator * 10n ** BigInt(PLACES), sign * denominator)
  const digits = String(units < 0n ? -units : units).padStart(PLACES + 1, '0')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`
}

export const ratio = (numerator: number, denominator: number): Ratio => {
  const parts = { numerator: String(numerator), denominator: String(denominator) }
  if (denominator === 0) return { ...parts, value: null, reason: 'zero-denominator' }
  return { ...parts, value: quotientText(BigInt(numerator), BigInt(denominator)) }
}

/** The key that a value carries if an exchange rate was taken from before the first one published. */
export const flag = (extrapolated: boolean): { rateExtrapolated?: true } => (extrapolated ? { rateExtrapolated: true } : {})
