import { readFile } from 'node:fs/promises'
import { zstdDecompressSync } from 'node:zlib'
import { unprocessable } from '../../../lib/core/errors.ts'
import { COLUMNS, ID_COLUMNS, type LakeRows } from '../../../lib/metrics/bulk/lake-rows.ts'

/** Ids are compared four bytes at a time: behind the last one some are read that do not matter. */
const ROOM = 8

const decompress = (bytes: Uint8Array, length: number): Uint8Array => {
  const roomy = new Uint8Array(length + ROOM)
  roomy.set(zstdDecompressSync(bytes))
  return roomy.subarray(0, length)
}

// Without these, days and instants would become dates, and ids texts.
const PARSERS = { dateFromDays: (days: number) => days, timestampFromMicroseconds: (micros: bigint) => micros }
const BYTES = { ...PARSERS, stringFromBytes: (bytes: Uint8Array) => bytes }

type Found = { column: string; values: ArrayLike<unknown> }

const joined = (parts: Found[], column: string): ArrayLike<unknown> => {
  const of = parts.filter((part) => part.column === column)
  return of.length === 1 ? (of[0]?.values ?? []) : of.flatMap(({ values }) => Array.from(values))
}

const columnsOf = async (bytes: Buffer<ArrayBuffer>): Promise<LakeRows> => {
  const { parquetMetadata, parquetRead } = await import('hyparquet')
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const metadata = parquetMetadata(file)
  const found: Found[] = []
  const read = (columns: readonly string[], parsers: object) =>
    parquetRead({
      file,
      metadata,
      columns: [...columns],
      compressors: { ZSTD: decompress },
      parsers,
      onChunk: ({ columnName, columnData }) => void found.push({ column: columnName, values: columnData }),
    })
  await read(COLUMNS, PARSERS)
  await read(ID_COLUMNS, BYTES)
  const names = [...COLUMNS, ...ID_COLUMNS]
  const columns = Object.fromEntries(names.map((name) => [name, joined(found, name)])) as LakeRows['columns']
  return { rows: Number(metadata.num_rows), columns }
}

/** The columns of a Parquet file of the lake that metrics need. */
export const lakeRowsIn = async (path: string): Promise<LakeRows> => {
  const bytes = await readFile(path)
  return columnsOf(bytes).catch((cause: unknown) => {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw unprocessable(`${path} is no file of the lake: ${message}`, [])
  })
}
