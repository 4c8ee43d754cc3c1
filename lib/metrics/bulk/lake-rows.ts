import { unprocessable } from '../../core/errors.ts'
import { monthIndex } from '../../core/period.ts'
import { sortableInstant } from '../fact.ts'
import { FINGERPRINT, fingerprint } from './fingerprint.ts'
import { TYPES } from './layout.ts'
import { numberOfName } from './names.ts'
import type { Reader } from './reader.ts'
import { AT, CODES, currencyNumber, headOf, NOBODY, SORTS, type Sort, serviceWord } from './record.ts'

/** Ids, of which nearly each is another one, are wanted as their bytes; they have some bytes of room behind them. */
export const ID_COLUMNS = ['event_id', 'transaction_id', 'corrects'] as const
export const COLUMNS = [
  'event_type',
  'recorded_at',
  'recorded_text',
  'account_id',
  'partner_id',
  'role',
  'from_date',
  'milestone',
  'on_date',
  'ledger',
  'kind',
  'amount',
  'currency',
  'service_from',
  'service_to',
  'purpose',
  'channel',
  'period',
  'base',
  'quote',
  'rate',
] as const
type Column = (typeof COLUMNS)[number] | (typeof ID_COLUMNS)[number]

/** The columns of a file of the lake: texts, days since 1970, amounts, instants in microseconds; ids as their bytes. */
export type LakeRows = { rows: number; columns: Record<Column, ArrayLike<unknown>> }

const SORT_OF = new Map<unknown, Sort>(SORTS.map((sort) => [TYPES[sort], sort]))
const RATE = 'rate.published.v1'

/** Which columns have the two codes and the day of a record. */
const PLACES = {
  transaction: ['ledger', 'kind', 'on_date'],
  attached: ['role', undefined, 'from_date'],
  detached: ['role', undefined, 'from_date'],
  cost: ['purpose', 'channel', 'period'],
  milestone: ['milestone', undefined, 'on_date'],
} as const satisfies Record<Sort, readonly [Column, Column | undefined, Column]>

const micros = (instant: string) => BigInt(Date.parse(instant)) * 1000n

/** Reads rows of the lake into records. `where` names the file in errors. */
export const readLakeRows = (reader: Reader, { rows, columns }: LakeRows, where: string) => {
  const { draft, partners, accounts, asOf } = reader
  const { words, amounts } = draft
  const limit = asOf === undefined ? undefined : micros(asOf)
  let view: DataView = new DataView(new ArrayBuffer(0))

  const refuse = (row: number, column: string): never => {
    throw unprocessable(`${where} is no file of the lake`, [
      { target: `row ${row + 1}: ${column}`, message: 'is not what it must be' },
    ])
  }
  const codeOf = (row: number, column: Column | undefined, words: readonly string[]): number => {
    if (column === undefined) return 0
    const code = words.indexOf(String(columns[column][row]))
    return code >= 0 ? code : refuse(row, column)
  }
  const isKnown = (row: number): boolean => {
    const text = columns.recorded_text[row]
    if (asOf === undefined || limit === undefined) return true
    return typeof text === 'string'
      ? sortableInstant(text) <= sortableInstant(asOf)
      : BigInt(columns.recorded_at[row] as bigint) <= limit
  }
  const putId = (row: number, column: (typeof ID_COLUMNS)[number], at: number) => {
    const bytes = columns[column][row]
    if (!(bytes instanceof Uint8Array)) return
    if (bytes.buffer !== view.buffer) view = new DataView(bytes.buffer)
    fingerprint(view, bytes.byteOffset, bytes.byteOffset + bytes.length, words, at)
  }
  const putAccount = (row: number) => {
    const id = columns.account_id[row]
    if (typeof id !== 'string') return
    const key = FINGERPRINT * numberOfName(accounts, id)
    for (let i = 0; i < FINGERPRINT; i++) words[AT.key + i] = accounts.table.keys[key + i] ?? 0
  }
  const putMoney = (row: number): number => {
    const currency = columns.currency[row]
    if (typeof currency !== 'string') return 0
    amounts[AT.amount / 2] = Number(columns.amount[row])
    return currencyNumber(currency.charCodeAt(0), currency.charCodeAt(1), currency.charCodeAt(2))
  }
  const dayOf = (row: number, column: Column): number => {
    const cell = columns[column][row]
    if (typeof cell === 'string') return monthIndex(cell)
    return typeof cell === 'number' ? cell : refuse(row, column)
  }

  const putRecord = (row: number, sort: Sort) => {
    const [first, second, day] = PLACES[sort]
    words.fill(0)
    words[AT.head] = headOf(
      SORTS.indexOf(sort),
      codeOf(row, first, CODES[sort][0]),
      codeOf(row, second, CODES[sort][1]),
      putMoney(row),
    )
    words[AT.day] = dayOf(row, day)
    const partner = columns.partner_id[row]
    words[AT.partner] = typeof partner === 'string' ? numberOfName(partners, partner) : NOBODY
    putId(row, 'event_id', AT.event)
    putAccount(row)
    if (sort !== 'transaction') return
    putId(row, 'transaction_id', AT.transaction)
    putId(row, 'corrects', AT.corrects)
    const from = columns.service_from[row]
    if (typeof from === 'number') words[AT.service] = serviceWord(from, dayOf(row, 'service_to'))
  }

  const rateIn = (row: number) => {
    const text = (column: Column) => String(columns[column][row])
    const recorded = columns.recorded_text[row]
    const recordedAt = sortableInstant(
      typeof recorded === 'string'
        ? recorded
        : new Date(Number(BigInt(columns.recorded_at[row] as bigint) / 1000n)).toISOString(),
    )
    const id = new TextDecoder().decode(columns.event_id[row] as Uint8Array)
    const pair = { base: text('base'), quote: text('quote'), rate: text('rate') }
    return { type: 'rate' as const, id, recordedAt, ...pair, day: dayOf(row, 'on_date') }
  }

  for (let row = 0; row < rows; row++) {
    if (!isKnown(row)) continue
    const type = columns.event_type[row]
    const sort = SORT_OF.get(type)
    if (sort === undefined) {
      if (type !== RATE) refuse(row, 'event_type')
      reader.addRate(rateIn(row))
    } else {
      putRecord(row, sort)
      reader.keep()
    }
  }
}
