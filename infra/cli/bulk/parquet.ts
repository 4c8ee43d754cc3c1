import { readFileSync } from 'node:fs'
import { unprocessable } from '../../../lib/core/errors.ts'
import { DATES, type LakeRows, LONGS, TEXTS, WORDS } from '../../../lib/metrics/bulk/lake-rows.ts'
import { numbersOf, textsOf, wordsOf } from './column.ts'
import { type Chunk, pagesOf } from './page.ts'

/** Every name with what is made of it. */
const each = <Name extends string, Value>(names: readonly Name[], make: (name: Name) => Value) =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, Value>

/** Behind its columns a file has what is known of them, how long that is, and a mark. */
const footerOf = (bytes: Buffer<ArrayBuffer>): ArrayBuffer => {
  const length = bytes.length < 8 ? 0 : bytes.readUInt32LE(bytes.length - 8) + 8
  const start = bytes.byteOffset + Math.max(0, bytes.length - length)
  return bytes.buffer.slice(start, bytes.byteOffset + bytes.length)
}

const chunksIn = async (bytes: Buffer<ArrayBuffer>): Promise<{ rows: number; chunkOf: (name: string) => Chunk }> => {
  const { parquetMetadata } = await import('hyparquet')
  const { num_rows, row_groups, schema } = parquetMetadata(footerOf(bytes))
  if (row_groups.length > 1) throw new RangeError('it has several row groups')
  const columns = new Map(row_groups[0]?.columns.map(({ meta_data }) => [meta_data?.path_in_schema.join('.'), meta_data]))
  const optional = new Set(schema.filter(({ repetition_type }) => repetition_type === 'OPTIONAL').map(({ name }) => name))
  const chunkOf = (name: string): Chunk => {
    const found = columns.get(name)
    if (!found) throw new RangeError(`it has no column ${name}`)
    const { codec, dictionary_page_offset, data_page_offset, total_compressed_size } = found
    if (codec !== 'ZSTD' && codec !== 'UNCOMPRESSED') throw new RangeError(`the column ${name} is compressed by ${codec}`)
    const start = Number(dictionary_page_offset ?? data_page_offset)
    return { start, end: start + Number(total_compressed_size), compressed: codec === 'ZSTD', optional: optional.has(name) }
  }
  return { rows: Number(num_rows), chunkOf }
}

const columnsOf = async (bytes: Buffer<ArrayBuffer>): Promise<LakeRows> => {
  const { rows, chunkOf } = await chunksIn(bytes)
  const pages = (name: string) => pagesOf(bytes, chunkOf(name))
  return {
    rows,
    words: each(WORDS, (name) => wordsOf(pages(name))),
    texts: each(TEXTS, (name) => textsOf(pages(name))),
    dates: each(DATES, (name) => numbersOf(pages(name), 4)),
    longs: each(LONGS, (name) => numbersOf(pages(name), 8)),
  }
}

/** The columns of a Parquet file of the lake that metrics need. */
export const lakeRowsIn = async (path: string): Promise<LakeRows> => {
  // The thread has nothing else to do.
  const bytes = readFileSync(path)
  return columnsOf(bytes).catch((cause: unknown) => {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw unprocessable(`${path} is no file of the lake: ${message}`, [])
  })
}
