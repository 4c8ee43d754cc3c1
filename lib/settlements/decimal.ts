import { digitsOf, roundedQuotient } from '../core/money.ts'

const DECIMAL = /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/
const [MINUS, POINT, ZERO, NINE] = [0x2d, 0x2e, 0x30, 0x39]
/** Below 2^53 whatever the digits. */
const SAFE_DIGITS = 15

/** A decimal in minor units. `rounded` where it has more places than the currency: half to even, as the rest of the books. */
export type MinorUnits = { amount: number; rounded: boolean }

const rounding = (text: string, digits: number): MinorUnits | undefined => {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? []
  if (!whole) return undefined
  const shift = digits - fraction.length + Number(exponent)
  const value = BigInt(whole + fraction) * 10n ** BigInt(Math.max(0, shift))
  const divisor = 10n ** BigInt(Math.max(0, -shift))
  const amount = Number(roundedQuotient(value, divisor))
  return Number.isSafeInteger(amount) ? { amount: sign ? -amount || 0 : amount, rounded: value % divisor !== 0n } : undefined
}

/** Exact, without floating point: "-1200.005" USD is −120000 cents, rounded. undefined: no decimal, or past 2^53 units. */
export const minorUnits = (text: string, currency: string): MinorUnits | undefined => {
  const digits = currency === 'USD' ? 2 : digitsOf(currency)
  const isNegative = text.charCodeAt(0) === MINUS
  let amount = 0
  let places = 0
  let isPast = false
  for (let index = isNegative ? 1 : 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === POINT && !isPast) isPast = true
    else if (code < ZERO || code > NINE) return rounding(text, digits)
    else {
      amount = amount * 10 + code - ZERO
      if (isPast) places++
    }
  }
  const isPlain = text.length > (isNegative ? 1 : 0) && text.length <= SAFE_DIGITS - digits && places <= digits
  if (!isPlain || text.endsWith('.') || text.startsWith('.')) return rounding(text, digits)
  return { amount: (isNegative ? -amount : amount) * (places === digits ? 1 : 10 ** (digits - places)) || 0, rounded: false }
}
