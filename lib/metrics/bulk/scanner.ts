import { fingerprint } from './fingerprint.ts'
import { DATA, ENVELOPE, type Field, VALUE } from './layout.ts'
import { isAt, type Literal } from './literal.ts'
import { type Names, numberAt } from './names.ts'
import { AT, CODES, currencyNumber, type Draft, headOf, NOBODY, newDraft, SORTS, serviceWord, WORDS } from './record.ts'
import { dayIn, endOfId, endOfInstant, endOfInteger, endOfText, integerIn, monthIn, timeIn } from './scalars.ts'

const [OPEN, CLOSE, COMMA, QUOTE] = [0x7b, 0x7d, 0x2c, 0x22]
const REFUSED = -1
const TRANSACTION = SORTS.indexOf('transaction')
const BOOKED = CODES.transaction[0].indexOf('booked')
const MAX_MONTHS = 120
const DATA_OF = SORTS.map((sort) => DATA[sort])

/** Reads events of the usual form from bytes into a draft, several times faster than by way of objects. */
export type Scanner = {
  draft: Draft
  /** When the event that was read last was recorded: the day since 1970, and the milliseconds of that day. */
  recorded: { day: number; time: number }
  /** Looks at other bytes; they need some bytes of room behind the last line, as literals are compared four bytes at a time. */
  look: (bytes: Uint8Array<ArrayBuffer>) => void
  /** Reads the event whose line starts there. Returns where its last brace ends; -1 where it is not plainly right. */
  read: (start: number) => number
}

/** `partners` numbers the partners as they come. */
export const openScanner = (partners: Names): Scanner => {
  const draft = newDraft()
  const { words, amounts } = draft
  const codes = new Int32Array(3)
  let bytes = new Uint8Array()
  let view = new DataView(bytes.buffer)
  const recorded = { day: 0, time: 0 }
  let sort = 0
  let currency = 0
  let from = 0
  let to = 0

  const wordAt = (at: number, field: Field): number => {
    for (let code = 0; code < field.words.length; code++) {
      const each = field.words[code] as Literal
      if (!isAt(view, at, each)) continue
      codes[field.place] = code
      return at + each.length
    }
    return REFUSED
  }

  const behind = (end: number) => (end < 0 ? REFUSED : end + 1)

  const fingerprintAt = (at: number, { place }: Field): number => {
    const end = endOfId(bytes, at)
    if (end >= 0) fingerprint(view, at, end, words, place)
    return behind(end)
  }

  const partnerAt = (at: number): number => {
    const end = endOfId(bytes, at)
    if (end >= 0) words[AT.partner] = numberAt(partners, view, at, end)
    return behind(end)
  }

  const instantAt = (at: number): number => {
    recorded.day = dayIn(bytes, at)
    recorded.time = timeIn(bytes, at)
    return recorded.day < 0 || recorded.time < 0 ? REFUSED : endOfInstant(bytes, at) + 1
  }

  const dateAt = (at: number): number => (bytes[at + 10] === QUOTE ? dayIn(bytes, at) : REFUSED)

  const dayAt = (at: number, place: number): number => {
    words[place] = dateAt(at)
    return words[place] === REFUSED ? REFUSED : at + 11
  }

  const monthAt = (at: number, place: number): number => {
    words[place] = bytes[at + 7] === QUOTE ? monthIn(bytes, at) : REFUSED
    return words[place] === REFUSED ? REFUSED : at + 8
  }

  const amountAt = (at: number): number => {
    const end = endOfInteger(bytes, at)
    if (end >= 0) amounts[AT.amount / 2] = integerIn(bytes, at, end)
    return end
  }

  const currencyAt = (at: number): number => {
    const a = bytes[at] ?? 0
    const b = bytes[at + 1] ?? 0
    const c = bytes[at + 2] ?? 0
    const letters = a > 64 && a < 91 && b > 64 && b < 91 && c > 64 && c < 91
    currency = currencyNumber(a, b, c)
    return letters && bytes[at + 3] === QUOTE ? at + 4 : REFUSED
  }

  const valueAt = (at: number, field: Field): number => {
    switch (field.value) {
      case VALUE.text:
        return behind(endOfText(bytes, at))
      case VALUE.id:
        return behind(endOfId(bytes, at))
      case VALUE.fingerprint:
        return fingerprintAt(at, field)
      case VALUE.word:
        return wordAt(at, field)
      case VALUE.type:
        return typeAt(at, field)
      case VALUE.instant:
      case VALUE.recorded:
        return instantAt(at)
      case VALUE.day:
        return dayAt(at, field.place)
      case VALUE.month:
        return monthAt(at, field.place)
      case VALUE.amount:
        return amountAt(at)
      case VALUE.currency:
        return currencyAt(at)
      case VALUE.from:
        from = dateAt(at)
        return from < 0 ? REFUSED : at + 11
      case VALUE.to:
        to = dateAt(at)
        return to < 0 ? REFUSED : at + 11
      case VALUE.partner:
        return partnerAt(at)
      case VALUE.object:
        return objectAt(at, field.fields)
      default:
        return objectAt(at, DATA_OF[sort] ?? [])
    }
  }

  const typeAt = (at: number, field: Field): number => {
    const end = wordAt(at, field)
    sort = codes[field.place] ?? 0
    return end
  }

  const objectAt = (start: number, fields: Field[]): number => {
    if (bytes[start] !== OPEN) return REFUSED
    let at = start
    for (const field of fields) {
      // Behind the opening brace there is no comma.
      const separated = at === start || bytes[at] === COMMA
      if (separated && isAt(view, at + 1, field.key)) at = valueAt(at + 1 + field.key.length, field)
      else if (!field.optional) return REFUSED
      if (at < 0) return REFUSED
    }
    return bytes[at] === CLOSE ? at + 1 : REFUSED
  }

  /** A service ends after it begins, within ten years; a booking has one. */
  const isService = () => {
    if (to === 0) return sort !== TRANSACTION || codes[0] !== BOOKED
    return from < to && to - from < MAX_MONTHS * 30
  }

  return {
    draft,
    recorded,
    look: (other) => {
      bytes = other
      view = new DataView(other.buffer, other.byteOffset, other.byteLength)
    },
    read: (start) => {
      // A loop is faster than `fill` for so few.
      for (let i = 0; i < WORDS; i++) words[i] = 0
      words[AT.partner] = NOBODY
      codes[0] = codes[1] = 0
      currency = 0
      to = 0
      const end = objectAt(start, ENVELOPE)
      if (end < 0 || !isService()) return REFUSED
      words[AT.head] = headOf(sort, codes[0] ?? 0, codes[1] ?? 0, currency)
      if (to > 0) words[AT.service] = serviceWord(from, to)
      return end
    },
  }
}
