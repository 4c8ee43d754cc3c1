import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Cell, Column, ColumnType } from '../core/column.ts'
import { dateText, dayNumber } from '../core/period.ts'

/** The places of a decimal: those of the currency with the most. */
const PLACES = 4

type Physical = {
  type: 'BYTE_ARRAY' | 'INT32' | 'INT64' | 'BOOLEAN' | 'FIXED_LEN_BYTE_ARRAY'
  converted_type?: 'UTF8' | 'DATE' | 'TIMESTAMP_MICROS' | 'DECIMAL'
  type_length?: number
  precision?: number
  scale?: number
}

const TEXT: Physical = { type: 'BYTE_ARRAY', converted_type: 'UTF8' }

const PHYSICAL: Record<ColumnType, Physical> = {
  text: TEXT,
  month: TEXT,
  integer: { type: 'INT64' },
  decimal: { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, converted_type: 'DECIMAL', precision: 38, scale: PLACES },
  boolean: { type: 'BOOLEAN' },
  date: { type: 'INT32', converted_type: 'DATE' },
  instant: { type: 'INT64', converted_type: 'TIMESTAMP_MICROS' },
}

const NUMBERS: readonly ColumnType[] = ['integer', 'date', 'instant']

/** Numbers lie there as they are, and the smallest and the largest of them; texts that repeat are looked up in a dictionary. */
const encodingOf = ({ type, repeats }: Column<never>) => ({
  encoding: repeats ? ('RLE_DICTIONARY' as const) : ('PLAIN' as const),
  statistics: NUMBERS.includes(type),
})

/** Microseconds since 1970; what an instant tells beyond them is cut off. */
const microsOf = (instant: string): bigint => {
  const beyond = /\.\d{3}(\d{1,3})/.exec(instant)?.[1] ?? ''
  return BigInt(Date.parse(instant)) * 1000n + BigInt(beyond.padEnd(3, '0'))
}

const unscaled = (decimal: string): bigint => {
  const [whole = '', places = ''] = decimal.split('.')
  if (places.length > PLACES) throw new RangeError(`${decimal} has more than ${PLACES} decimal places`)
  return BigInt(whole + places.padEnd(PLACES, '0'))
}

const daysByText = () => {
  const known = new Map<string, number>()
  return (date: string): number => {
    const day = known.get(date) ?? dayNumber(date)
    known.set(date, day)
    return day
  }
}

const encoderOf = (type: ColumnType): ((cell: NonNullable<Cell>) => unknown) => {
  const days = daysByText()
  switch (type) {
    case 'integer':
      return (cell) => BigInt(cell)
    case 'decimal':
      return (cell) => unscaled(String(cell))
    case 'boolean':
      return Boolean
    case 'date':
      return (cell) => days(String(cell))
    case 'instant':
      return (cell) => microsOf(String(cell))
    default:
      return String
  }
}

const dataOf = <Row>({ name, type, required, of }: Column<Row>, rows: readonly Row[]): unknown[] => {
  const encode = encoderOf(type)
  return rows.map((row) => {
    const cell = of(row) ?? null
    if (cell === null && required) throw new RangeError(`the column ${name} has no value in some row`)
    return cell === null ? null : encode(cell)
  })
}

/**
 * Rows as a Parquet file of one row group, compressed with Zstandard: texts in UTF-8, integers as INT64, decimals as DECIMAL(38,4), dates
 * as DATE, instants as TIMESTAMP in microseconds. The same rows give the same bytes. What a row lacks is null.
 */
export const parquetOf = async <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Promise<Uint8Array> => {
  const { parquetWriteBuffer } = await import('hyparquet-writer')
  const elements = columns.map(({ name, type, required }) => ({
    name,
    ...PHYSICAL[type],
    repetition_type: required ? ('REQUIRED' as const) : ('OPTIONAL' as const),
  }))
  const columnData = columns.map((column) => ({
    name: column.name,
    data: dataOf(column, rows),
    ...encodingOf(column),
  }))
  const file = parquetWriteBuffer({
    columnData,
    schema: [{ name: 'root', num_children: columns.length }, ...elements],
    rowGroupSize: Math.max(rows.length, 1),
    codec: 'ZSTD',
    compressors: { ZSTD: (bytes) => zstdCompressSync(bytes) },
    createdBy: 'Cosell',
  })
  return new Uint8Array(file)
}

const PARSERS = {
  dateFromDays: dateText,
  timestampFromMicroseconds: (micros: bigint) => new Date(Number(micros / 1000n)).toISOString(),
}

const cellOf = (value: Cell | bigint): Cell => (typeof value === 'bigint' ? String(value) : value)

/** The rows of a Parquet file of ours, by the names of the columns: integers, dates and instants, to the millisecond, as texts. */
export const rowsIn = async (file: Uint8Array): Promise<Record<string, Cell>[]> => {
  const { parquetReadObjects } = await import('hyparquet')
  const compressors = { ZSTD: (bytes: Uint8Array) => zstdDecompressSync(bytes) }
  const rows = await parquetReadObjects({ file: Uint8Array.from(file).buffer, compressors, parsers: PARSERS })
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cellOf(value)])))
}

/** The texts of one column of a Parquet file of ours. */
export const textsIn = async (file: Uint8Array, column: string): Promise<string[]> => {
  const { parquetReadObjects } = await import('hyparquet')
  const rows = await parquetReadObjects({
    file: Uint8Array.from(file).buffer,
    columns: [column],
    compressors: { ZSTD: (bytes) => zstdDecompressSync(bytes) },
  })
  return rows.map((row) => String(row[column]))
}
