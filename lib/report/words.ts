import { digitsOf, roundedQuotient } from '../core/money.ts'
import { monthIndex, monthText } from '../core/period.ts'
import type { Ratio } from '../metrics/ratio.ts'

// How figures are written for people: exactly, with a minus sign, and grouped by thousands.

const NAMES = 'January February March April May June July August September October November December'.split(' ')
const MINUS = '−'
/** What stands where there is no value. */
export const NOTHING = 'no value'

const nameOf = (month: string) => NAMES[Number(month.slice(5, 7)) - 1] ?? month
export const yearOf = (month: string) => month.slice(0, 4)
/** 2026-10 → October 2026 */
export const monthName = (month: string) => `${nameOf(month)} ${yearOf(month)}`
export const shortMonth = (month: string) => nameOf(month).slice(0, 3)
export const monthsBefore = (month: string, months: number) => monthText(monthIndex(month) - months)

const grouped = (digits: string) => digits.replace(/\B(?=(\d{3})+$)/g, ',')
const signed = (isNegative: boolean, text: string) => (isNegative ? `${MINUS}${text}` : text)
const numberText = (whole: string, fraction: string) => `${grouped(whole)}${fraction && `.${fraction}`}`

export const countText = (count: number | string) => {
  const text = String(count)
  return signed(text.startsWith('-'), grouped(text.replace('-', '')))
}

/** Minor units as a decimal with the digits of their currency: -250000 USD → −2,500.00 */
export const amountText = (minor: string, currency: string): string => {
  const digits = digitsOf(currency)
  const text = minor.replace('-', '').padStart(digits + 1, '0')
  const point = text.length - digits
  return signed(minor.startsWith('-'), numberText(text.slice(0, point), text.slice(point)))
}
export const moneyText = (minor: string, currency: string) => `${currency}\u00a0${amountText(minor, currency)}`

/** Money for each unit of the denominator in whole minor units, rounded half to even. */
export const eachText = ({ numerator, denominator, value }: Ratio, currency: string, text = amountText): string =>
  value === null ? NOTHING : text(String(roundedQuotient(BigInt(numerator), BigInt(denominator))), currency)

/** A ratio with four places: -0.0451 → −0.0451 */
export const ratioText = (value: string | null): string => {
  if (value === null) return NOTHING
  const [whole = '', fraction = ''] = value.replace('-', '').split('.')
  return signed(value.startsWith('-'), numberText(whole, fraction))
}

/** The same as a percentage, as exact: 1.0485 → 104.85 % */
export const percentText = (value: string | null): string => {
  if (value === null) return NOTHING
  const digits = value.replace(/[-.]/g, '')
  const whole = digits.slice(0, -2).replace(/^0+(?=\d)/, '')
  return `${signed(value.startsWith('-'), numberText(whole, digits.slice(-2)))}\u00a0%`
}

/** Marks a value in a text as the tables do. */
export const dagger = ({ rateExtrapolated }: { rateExtrapolated?: boolean }) => (rateExtrapolated ? '†' : '')

/** With the word for one or for many. */
export const counted = (count: number, one: string, many = `${one}s`) => `${countText(count)} ${count === 1 ? one : many}`

/** a, b and c */
export const listed = (items: readonly string[]) =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`

const STEPS: [size: number, suffix: string][] = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
]

/** A number in three digits or so, for axes: 4068806.5 → 4.07M */
export const shortNumber = (value: number): string => {
  const size = Math.abs(value)
  const [step, suffix] = STEPS.find(([least]) => size >= least) ?? [1, '']
  return signed(value < 0, `${Number((size / step).toPrecision(3))}${suffix}`)
}
