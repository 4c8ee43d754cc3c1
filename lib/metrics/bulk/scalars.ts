import { firstDay } from '../calendar.ts'

// Values in the bytes of a line. Whatever is not plainly right is refused with -1: the schema then decides, and says what is wrong.
const QUOTE = 0x22
const BACKSLASH = 0x5c

const MAX_ID = 128
const MAX_TEXT = 100

/**
 * The bytes of a word that end an id, as their highest bits: what is not printable ASCII, spaces, quotes and backslashes. A borrow
 * may mark bytes behind such a one too, never before it.
 */
const endsIn = (word: number): number =>
  ((word - 0x21212121) | ((word ^ 0x22222222) - 0x01010101) | ((word ^ 0x5c5c5c5c) - 0x01010101) | (word + 0x01010101) | word) &
  0x80808080

/** How many bytes come before the first that is marked. */
const bytesBefore = (marks: number): number => (31 - Math.clz32(marks & -marks)) >> 3

/** Where the closing quote of an id is: 1 to 128 printable characters of ASCII without spaces. */
export const endOfId = (view: DataView, start: number): number => {
  let at = start
  let marks = endsIn(view.getInt32(at, true))
  while (marks === 0) {
    at += 4
    marks = endsIn(view.getInt32(at, true))
  }
  const end = at + bytesBefore(marks)
  return view.getUint8(end) === QUOTE && end > start && end - start <= MAX_ID ? end : -1
}

/** Where the closing quote of a text of 1 to 100 printable characters of ASCII is. */
export const endOfText = (bytes: Uint8Array, start: number): number => {
  let at = start
  for (
    let byte = bytes[at] ?? QUOTE;
    byte >= 0x20 && byte < 0x7f && byte !== QUOTE && byte !== BACKSLASH;
    byte = bytes[at] ?? QUOTE
  )
    at++
  return bytes[at] === QUOTE && at > start && at - start <= MAX_TEXT ? at : -1
}

const NO_NUMBER = 1000

const two = (bytes: Uint8Array, at: number): number => {
  const tens = (bytes[at] ?? 0) - 48
  const ones = (bytes[at + 1] ?? 0) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NO_NUMBER
}

const MONTHS = 100 * 12
const FIRST = 2000 * 12
const FIRST_DAYS = Int32Array.from({ length: MONTHS + 1 }, (_, month) => firstDay(FIRST + month))

/** Months since 2000-01 of `20yy-mm`. */
const monthAt = (bytes: Uint8Array, at: number): number => {
  const year = two(bytes, at + 2)
  const month = two(bytes, at + 5)
  const plain = two(bytes, at) === 20 && year < 100 && bytes[at + 4] === 0x2d && month >= 1 && month <= 12
  return plain ? year * 12 + month - 1 : -1
}

/** The month since year 0. */
export const monthIn = (bytes: Uint8Array, at: number): number => {
  const month = monthAt(bytes, at)
  return month < 0 ? -1 : FIRST + month
}

/** The day since 1970. */
export const dayIn = (bytes: Uint8Array, at: number): number => {
  const month = monthAt(bytes, at)
  if (month < 0 || bytes[at + 7] !== 0x2d) return -1
  const day = (FIRST_DAYS[month] ?? 0) + two(bytes, at + 8) - 1
  return day >= (FIRST_DAYS[month] ?? 0) && day < (FIRST_DAYS[month + 1] ?? 0) ? day : -1
}

/** The milliseconds since midnight of `…Thh:mm:ss[.sss]Z`, closed by a quote; `at` is where the date begins. */
export const timeIn = (bytes: Uint8Array, at: number): number => {
  const hour = two(bytes, at + 11)
  const minute = two(bytes, at + 14)
  const second = two(bytes, at + 17)
  const punctuated = bytes[at + 10] === 0x54 && bytes[at + 13] === 0x3a && bytes[at + 16] === 0x3a
  if (!punctuated || hour > 23 || minute > 59 || second > 59) return -1
  const whole = ((hour * 60 + minute) * 60 + second) * 1000
  if (bytes[at + 19] === 0x5a) return bytes[at + 20] === QUOTE ? whole : -1
  const tens = two(bytes, at + 20)
  const ones = (bytes[at + 22] ?? 0) - 48
  const closed = bytes[at + 19] === 0x2e && bytes[at + 23] === 0x5a && bytes[at + 24] === QUOTE
  return closed && tens < 100 && ones >= 0 && ones <= 9 ? whole + tens * 10 + ones : -1
}

/** Where the closing quote of an instant is that `timeIn` took. */
export const endOfInstant = (bytes: Uint8Array, at: number) => at + (bytes[at + 19] === 0x5a ? 20 : 24)

const MAX_DIGITS = 15

/** Where a whole number ends; it has a digit, no more than 15 of them, and no zero in front. */
export const endOfInteger = (bytes: Uint8Array, start: number): number => {
  const first = bytes[start] === 0x2d ? start + 1 : start
  let at = first
  while ((bytes[at] ?? 0) >= 0x30 && (bytes[at] ?? 0) <= 0x39) at++
  const digits = at - first
  const plain = digits >= 1 && digits <= MAX_DIGITS && (bytes[first] !== 0x30 || digits === 1)
  return plain ? at : -1
}

/** The number in these bytes. */
export const integerIn = (bytes: Uint8Array, start: number, end: number): number => {
  const negative = bytes[start] === 0x2d
  let value = 0
  for (let at = negative ? start + 1 : start; at < end; at++) value = value * 10 + (bytes[at] ?? 0) - 0x30
  return negative ? -value || 0 : value
}
