import { roundedQuotient } from '../core/money.ts'
import { quotientText, type Ratio } from '../metrics/ratio.ts'
import type { Interval } from '../surveys/wilson.ts'

/** Why a measure has no value. */
export type Reason =
  | 'zero-denominator'
  | 'too-few-cases'
  | 'not-reached'
  | 'not-onboarded'
  | 'no-answers'
  | 'too-few-respondents'
  | 'would-tell-others'

/** A value in units of its last place, of which it has none or four. */
export type Value = { units: bigint; places: 0 | 4 }

/** What a measure is for a partner; `cases` are the accounts, offers or respondents behind it, where it has any. */
export type Figure = { value: Value | undefined; cases?: number; interval?: Interval; reason?: Reason; rateExtrapolated?: true }

const PLACES = 10_000n

export const whole = (units: number): Value => ({ units: BigInt(units), places: 0 })

/** A ratio with its four places, as a figure. */
export const figureOf = ({ numerator, denominator, value }: Ratio, more: Omit<Figure, 'value' | 'reason'> = {}): Figure => {
  if (value === null) return { value: undefined, reason: 'zero-denominator', ...more }
  const sign = BigInt(denominator) < 0n ? -1n : 1n
  const units = roundedQuotient(sign * BigInt(numerator) * PLACES, sign * BigInt(denominator))
  return { value: { units, places: 4 }, ...more }
}

export const textOf = ({ units, places }: Value) => (places === 0 ? String(units) : quotientText(units, PLACES))

/** The middle value, of an even number the mean of the middle two rounded half to even; undefined of none. */
export const medianOf = (values: Value[]): Value | undefined => {
  const sorted = values.toSorted((a, b) => (a.units < b.units ? -1 : a.units > b.units ? 1 : 0))
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]]
  return low && high && { units: roundedQuotient(low.units + high.units, 2n), places: low.places }
}
