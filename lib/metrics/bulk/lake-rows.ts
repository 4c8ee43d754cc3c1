import { monthIndex } from '../../core/calendar.ts'
import { unprocessable } from '../../core/errors.ts'
import { type PublishedRate, sortableInstant } from '../fact.ts'
import { FINGERPRINT, fingerprint } from './fingerprint.ts'
import { TYPES } from './layout.ts'
import { numberOfName } from './names.ts'
import type { Reader } from './reader.ts'
import { AT, CODES, currencyNumber, headOf, NOBODY, WORDS as RECORD, SORTS, type Sort, serviceWord } from './record.ts'

/** Columns of texts that repeat. */
export const WORDS = [
  'event_type',
  'account_id',
  'partner_id',
  'role',
  'milestone',
  'ledger',
  'kind',
  'currency',
  'purpose',
  'channel',
  'period',
  'base',
  'quote',
] as const
export const TEXTS = ['event_id', 'transaction_id', 'corrects', 'rate', 'recorded_text'] as const
export const DATES = ['from_date', 'on_date', 'service_from', 'service_to'] as const
export const LONGS = ['amount', 'recorded_at'] as const

type Word = (typeof WORDS)[number]
/** NaN where a row has none. */
export type Numbers = Float64Array
/** Where the text of each row lies; starts are -1 where a row has none. Behind the last text there is some room. */
export type Texts = { view: DataView; starts: Int32Array; ends: Int32Array }

/** Texts that repeat, and for each row the number of its text; -1 where it has none. */
export type Words = { words: Texts; codes: Int32Array }

/** The columns of a file of the lake: days since 1970, amounts in minor units, instants in microseconds. */
export type LakeRows = {
  rows: number
  words: Record<Word, Words>
  texts: Record<(typeof TEXTS)[number], Texts>
  dates: Record<(typeof DATES)[number], Numbers>
  longs: Record<(typeof LONGS)[number], Numbers>
}

const RATE = 'rate.published.v1'

/** The columns of the two codes of a record. */
const CODED = {
  transaction: ['ledger', 'kind'],
  attached: ['role'],
  detached: ['role'],
  cost: ['purpose', 'channel'],
  milestone: ['milestone'],
} as const satisfies Record<Sort, readonly Word[]>

const decoder = new TextDecoder()
const textIn = ({ view, starts, ends }: Texts, row: number): string | undefined => {
  const start = starts[row] ?? -1
  if (start < 0) return undefined
  return decoder.decode(new Uint8Array(view.buffer, view.byteOffset + start, (ends[row] ?? 0) - start))
}

/** What the word of each row stands for, looked up once for each word; -1 where there is none. */
const meanings = ({ words, codes }: Words, of: (word: string) => number): Int32Array => {
  const found = words.starts.map((_, place) => of(textIn(words, place) ?? ''))
  const each = new Int32Array(codes.length)
  for (let row = 0; row < each.length; row++) each[row] = found[codes[row] ?? -1] ?? -1
  return each
}

const currencyOf = (text: string) => currencyNumber(text.charCodeAt(0), text.charCodeAt(1), text.charCodeAt(2))

const fingerprintsOf = ({ words: { view, starts, ends } }: Words): Int32Array => {
  const all = new Int32Array(starts.length * FINGERPRINT)
  for (const [place, start] of starts.entries()) fingerprint(view, start, ends[place] ?? 0, all, place * FINGERPRINT)
  return all
}

/** Reads rows of the lake into records. `where` names the file in errors. */
export const readLakeRows = (reader: Reader, { rows, words, texts, dates, longs }: LakeRows, where: string) => {
  const { draft, asOf } = reader
  const record = draft.words
  const limit = asOf === undefined ? Infinity : Date.parse(asOf) * 1000
  const sorts = meanings(words.event_type, (type) => SORTS.findIndex((sort) => TYPES[sort] === type))
  const codes = SORTS.map((sort) =>
    CODED[sort].map((column, place) =>
      meanings(words[column], (word) => (CODES[sort][place] as readonly string[]).indexOf(word)),
    ),
  )
  const currencies = meanings(words.currency, currencyOf)
  const months = meanings(words.period, monthIndex)
  const partners = meanings(words.partner_id, (id) => numberOfName(reader.partners, id))
  const accounts = fingerprintsOf(words.account_id)

  // By names of their own: what is looked up by its name for each row is slow.
  const { event_id: eventIds, transaction_id: transactionIds, corrects: corrected } = texts
  const { from_date: fromDates, on_date: onDates, service_from: serviceFrom, service_to: serviceTo } = dates
  const accountCodes = words.account_id.codes
  const amounts = longs.amount

  const refuse = (row: number, column: string): never => {
    const target = `row ${row + 1}: ${column}`
    throw unprocessable(`${where} is no file of the lake`, [{ target, message: 'is not what it must be' }])
  }
  const mustHave = (value: number, row: number, column: string) => (value >= 0 ? value : refuse(row, column))
  const wordAt = (column: Word, row: number) => textIn(words[column].words, words[column].codes[row] ?? -1) ?? refuse(row, column)

  const instantOf = (row: number) =>
    sortableInstant(textIn(texts.recorded_text, row) ?? new Date((longs.recorded_at[row] ?? 0) / 1000).toISOString())
  const isKnown = (row: number): boolean => {
    if (asOf === undefined) return true
    const isPlain = (texts.recorded_text.starts[row] ?? -1) < 0
    return isPlain ? (longs.recorded_at[row] ?? 0) <= limit : instantOf(row) <= sortableInstant(asOf)
  }

  const codeOf = (row: number, sort: number, place: number): number => {
    const of = codes[sort]?.[place]
    return of ? mustHave(of[row] ?? -1, row, CODED[SORTS[sort] ?? 'cost'][place] ?? '') : 0
  }
  const dayOf = (row: number, sort: Sort): number => {
    if (sort === 'cost') return mustHave(months[row] ?? -1, row, 'period')
    if (sort === 'attached' || sort === 'detached') return mustHave(fromDates[row] ?? -1, row, 'from_date')
    return mustHave(onDates[row] ?? -1, row, 'on_date')
  }
  const putId = (row: number, { view, starts, ends }: Texts, at: number) => {
    const start = starts[row] ?? -1
    if (start >= 0) fingerprint(view, start, ends[row] ?? 0, record, at)
  }
  const putAccount = (row: number) => {
    const key = FINGERPRINT * (accountCodes[row] ?? -1)
    if (key >= 0) for (let i = 0; i < FINGERPRINT; i++) record[AT.key + i] = accounts[key + i] ?? 0
  }
  const putTransaction = (row: number) => {
    putId(row, transactionIds, AT.transaction)
    putId(row, corrected, AT.corrects)
    const from = serviceFrom[row] ?? Number.NaN
    if (from >= 0) record[AT.service] = serviceWord(from, mustHave(serviceTo[row] ?? -1, row, 'service_to'))
  }

  const putRecord = (row: number, place: number, sort: Sort) => {
    for (let i = 0; i < RECORD; i++) record[i] = 0
    const currency = currencies[row] ?? -1
    record[AT.head] = headOf(place, codeOf(row, place, 0), codeOf(row, place, 1), Math.max(currency, 0))
    record[AT.day] = dayOf(row, sort)
    record[AT.partner] = Math.max(partners[row] ?? -1, NOBODY)
    if (currency >= 0) draft.amounts[AT.amount / 2] = amounts[row] ?? 0
    putId(row, eventIds, AT.event)
    putAccount(row)
    if (sort === 'transaction') putTransaction(row)
  }

  const rateIn = (row: number): PublishedRate => {
    const text = (column: 'event_id' | 'rate') => textIn(texts[column], row) ?? refuse(row, column)
    const pair = { base: wordAt('base', row), quote: wordAt('quote', row), rate: text('rate') }
    return { type: 'rate', id: text('event_id'), recordedAt: instantOf(row), ...pair, day: dayOf(row, 'milestone') }
  }

  for (let row = 0; row < rows; row++) {
    if (!isKnown(row)) continue
    const place = sorts[row] ?? -1
    const sort = SORTS[place]
    if (sort) {
      putRecord(row, place, sort)
      reader.keep()
    } else if (wordAt('event_type', row) === RATE) reader.addRate(rateIn(row))
    else refuse(row, 'event_type')
  }
}
