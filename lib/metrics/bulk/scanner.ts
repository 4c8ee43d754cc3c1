import { fingerprint } from './fingerprint.ts'
import { VALUE } from './layout.ts'
import { isAt, type Literal } from './literal.ts'
import { type Names, numberAt } from './names.ts'
import { PATH, type Step } from './path.ts'
import { AT, CODES, currencyNumber, type Draft, headOf, NOBODY, newDraft, SORTS, serviceWord, WORDS } from './record.ts'
import { dayIn, endOfId, endOfInstant, endOfInteger, endOfText, integerIn, monthIn, timeIn } from './scalars.ts'

const REFUSED = -1
const TRANSACTION = SORTS.indexOf('transaction')
const BOOKED = CODES.transaction[0].indexOf('booked')
const MAX_MONTHS = 120
const DATE = 'yyyy-mm-dd'.length
const MONTH = 'yyyy-mm'.length
const CURRENCY = 3

/** Reads events of the usual form from bytes into a draft, several times faster than by way of objects. */
export type Scanner = {
  draft: Draft
  /** When the event that was read last was recorded: the day since 1970, and the milliseconds of that day. */
  recorded: { day: number; time: number }
  /** Looks at other bytes; they need some bytes of room behind the last line, as literals are compared four bytes at a time. */
  look: (bytes: Uint8Array<ArrayBuffer>) => void
  /** Reads the event whose line starts there. Returns where the next line starts; -1 where it is not plainly right. */
  read: (start: number) => number
}

/** The first step that fits; undefined if none does. */
const fitting = (view: DataView, at: number, steps: Step[]): Step | undefined => {
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as Step
    if (isAt(view, at, step.literal)) return step
  }
  return undefined
}

/** Three capital letters as a number. */
const currencyIn = (bytes: Uint8Array, at: number): number => {
  const [a, b, c] = [bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0]
  const letters = a > 64 && a < 91 && b > 64 && b < 91 && c > 64 && c < 91
  return letters ? currencyNumber(a, b, c) : REFUSED
}

/** `partners` numbers the partners as they come. */
export const openScanner = (partners: Names): Scanner => {
  const draft = newDraft()
  const { words, amounts } = draft
  const recorded = { day: 0, time: 0 }
  const codes = new Int32Array(3)
  let bytes = new Uint8Array()
  let view = new DataView(bytes.buffer)

  const wordAt = (view: DataView, at: number, { words, place }: Step): number => {
    for (let code = 0; code < words.length; code++) {
      const word = words[code] as Literal
      if (!isAt(view, at, word)) continue
      codes[place] = code
      return at + word.length - 1
    }
    return REFUSED
  }

  /** Whether the service is one; only a booking needs it. */
  const isService = (sort: number, from: number, to: number) => {
    if (to === 0) return sort !== TRANSACTION || codes[0] !== BOOKED
    return from < to && to - from < MAX_MONTHS * 30
  }

  const begin = () => {
    // A loop is faster than `fill` for so few.
    for (let i = 0; i < WORDS; i++) words[i] = 0
    words[AT.partner] = NOBODY
    codes[0] = codes[1] = 0
  }

  // One loop for all values of a line: there is no faster way to what each of a million lines needs.
  const readLine = (bytes: Uint8Array<ArrayBuffer>, view: DataView, start: number): number => {
    let [sort, currency, from, to] = [0, 0, 0, 0]
    let at = start
    begin()
    for (let step = fitting(view, at, PATH); step !== undefined; step = fitting(view, at, step.next)) {
      at += step.literal.length
      const value = at
      switch (step.value) {
        case VALUE.fingerprint:
          at = endOfId(view, at)
          if (at >= 0) fingerprint(view, value, at, words, step.place)
          break
        case VALUE.id:
          at = endOfId(view, at)
          break
        case VALUE.word:
          at = wordAt(view, at, step)
          break
        case VALUE.instant:
          recorded.day = dayIn(bytes, at)
          recorded.time = timeIn(bytes, at)
          at = recorded.day < 0 || recorded.time < 0 ? REFUSED : endOfInstant(bytes, at)
          break
        case VALUE.text:
          at = endOfText(bytes, at)
          break
        case VALUE.day:
          words[step.place] = dayIn(bytes, at)
          at = words[step.place] === REFUSED ? REFUSED : at + DATE
          break
        case VALUE.amount:
          at = endOfInteger(bytes, at)
          if (at >= 0) amounts[AT.amount / 2] = integerIn(bytes, value, at)
          break
        case VALUE.currency:
          currency = currencyIn(bytes, at)
          at = currency < 0 ? REFUSED : at + CURRENCY
          break
        case VALUE.type:
          sort = step.place
          break
        case VALUE.from:
          from = dayIn(bytes, at)
          at = from < 0 ? REFUSED : at + DATE
          break
        case VALUE.to:
          to = dayIn(bytes, at)
          at = to < 0 ? REFUSED : at + DATE
          break
        case VALUE.partner:
          at = endOfId(view, at)
          if (at >= 0) words[AT.partner] = numberAt(partners, view, value, at)
          break
        case VALUE.month:
          words[step.place] = monthIn(bytes, at)
          at = words[step.place] === REFUSED ? REFUSED : at + MONTH
          break
        default:
          if (!isService(sort, from, to)) return REFUSED
          words[AT.head] = headOf(sort, codes[0] ?? 0, codes[1] ?? 0, currency)
          if (to > 0) words[AT.service] = serviceWord(from, to)
          return at
      }
      if (at < 0) return REFUSED
    }
    return REFUSED
  }

  return {
    draft,
    recorded,
    look: (other) => {
      bytes = other
      view = new DataView(other.buffer, other.byteOffset, other.byteLength)
    },
    read: (start) => readLine(bytes, view, start),
  }
}
