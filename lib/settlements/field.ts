import { minorUnits } from './decimal.ts'
import { type Columns, type Flaw, nameOf } from './entry.ts'

const INSTANT = /^20\d{2}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?$/
const MAX_ID = 128
const [HYPHEN, ZERO, BLANK, TILDE] = [0x2d, 0x30, 0x20, 0x7e]

/** Where a column is; −1 where the file has none: such a field is empty. */
export const columnOf = (columns: Columns, name: string): number => columns.get(nameOf(name)) ?? -1

/** 1 to 128 printable characters without spaces. */
export const isIdentifier = (text: string): boolean => {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code <= BLANK || code > TILDE) return false
  }
  return text.length > 0 && text.length <= MAX_ID
}

/** An id that may be missing; what is none, is none. */
export const idOrNone = (text: string) => (isIdentifier(text) ? text : '')

/** Answers for the text asked for last without computing again: neighbouring rows say the same. */
export const lastOf = <T>(of: (text: string) => T): ((text: string) => T) => {
  let [last, value] = ['', of('')]
  return (text) => {
    if (text !== last) [last, value] = [text, of(text)]
    return value
  }
}

/** The code itself, if it is one by ISO 4217. */
export const currencyIn = (text: string): string | undefined => (/^[A-Z]{3}$/.test(text) ? text : undefined)

const digitsAt = (text: string, from: number, to: number): number => {
  let number = 0
  for (let index = from; index < to; index++) {
    const digit = text.charCodeAt(index) - ZERO
    if (!(digit >= 0 && digit <= 9)) return -1
    number = number * 10 + digit
  }
  return number
}

const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate()

/** The day that a date or an instant begins with; undefined: it is none from 2000 to 2099. */
export const dayIn = (text: string): string | undefined => {
  if (text.charCodeAt(4) !== HYPHEN || text.charCodeAt(7) !== HYPHEN) return undefined
  const year = digitsAt(text, 0, 4)
  const month = digitsAt(text, 5, 7)
  const day = digitsAt(text, 8, 10)
  if (year < 2000 || year > 2099 || month < 1 || month > 12 || day < 1) return undefined
  return day <= 28 || day <= daysIn(year, month) ? text.slice(0, 10) : undefined
}

/** An instant as text that sorts by time, at any precision; undefined: it is none. */
export const sortable = (text: string): string | undefined => {
  if (!INSTANT.test(text) || !dayIn(text)) return undefined
  const plain = text.endsWith('Z') ? text.slice(0, -1) : text
  const precise = plain.length === 16 ? `${plain}:00` : plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain
  return precise.charCodeAt(10) === BLANK ? precise.replace(' ', 'T') : precise
}

const shown = (text: string) => (text === '' ? 'empty' : JSON.stringify(text.slice(0, 60)))

export const notAn = (what: string, column: string, text: string): Flaw => ({ column, reason: `is ${shown(text)}, not ${what}` })
export const noAmount = (column: string, text: string) => notAn('an amount like -1200.00', column, text)
export const noDay = (column: string, text: string) => notAn('a date like 2026-12-01, from 2000 to 2099', column, text)
export const noId = (column: string, text: string) => notAn('an id of 1 to 128 printable characters without spaces', column, text)

export const usd = (text: string) => minorUnits(text, 'USD')
