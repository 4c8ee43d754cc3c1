import { zstdDecompressSync } from 'node:zlib'
import { type Cursor, readStruct, type Struct, varint } from './thrift.ts'

/** Where and how a column lies in a file. */
export type Chunk = { start: number; end: number; compressed: boolean; optional: boolean }

/** A page of values: which rows have one, and the bytes of those that there are. */
export type Page = { rows: number; present: Uint8Array | undefined; values: number; encoding: number; data: Uint8Array }
export type Pages = { dictionary: { values: number; data: Uint8Array } | undefined; pages: Page[] }

export const [PLAIN, DICTIONARY] = [0, 8]
const [DATA_V1, DICTIONARY_PAGE, DATA_V2] = [0, 2, 3]
/** Ids are compared four bytes at a time: behind the last one some are read that do not matter. */
const ROOM = 8

/** Numbers of so many bits, in runs of equal ones or packed next to each other; `into` says how many there are. */
export const unpackRuns = <Into extends Int32Array | Uint8Array>(cursor: Cursor, width: number, into: Into): Into => {
  for (let at = 0; at < into.length; ) {
    const head = varint(cursor)
    const count = head & 1 ? (head >> 1) * 8 : head >> 1
    const end = Math.min(at + count, into.length)
    if (head & 1) at = unpackBits(cursor, width, into, at, end, count)
    else at = repeat(cursor, width, into, at, end)
  }
  return into
}

const repeat = (cursor: Cursor, width: number, into: Int32Array | Uint8Array, from: number, end: number): number => {
  let value = 0
  for (let shift = 0; shift < width; shift += 8) value |= (cursor.bytes[cursor.at++] ?? 0) << shift
  into.fill(value, from, end)
  return end
}

const unpackBits = (
  cursor: Cursor,
  width: number,
  into: Int32Array | Uint8Array,
  from: number,
  end: number,
  count: number,
): number => {
  const mask = 2 ** width - 1
  let [buffer, bits, at] = [0, 0, cursor.at]
  cursor.at += (count * width) / 8
  for (let place = from; place < end; place++) {
    while (bits < width) {
      buffer += (cursor.bytes[at++] ?? 0) * 2 ** bits
      bits += 8
    }
    into[place] = buffer & mask
    buffer = Math.floor(buffer / 2 ** width)
    bits -= width
  }
  return end
}

const unpacked = (bytes: Uint8Array, isCompressed: boolean, length: number): Uint8Array => {
  const data = new Uint8Array(length + ROOM)
  // By default Node takes much more room than a small page needs.
  if (length > 0) data.set(isCompressed ? zstdDecompressSync(bytes, { chunkSize: Math.max(length, 64) }) : bytes)
  return data.subarray(0, length)
}

const number = (struct: Struct | undefined, field: number, otherwise = 0) => struct?.numbers.get(field) ?? otherwise

/** A page of version 2: levels as they are, then the values. */
const pageOf = (head: Struct, bytes: Uint8Array, { compressed, optional }: Chunk): Page => {
  const v2 = head.structs.get(8)
  const [rows, nulls, levels] = [number(v2, 1), number(v2, 2), number(v2, 5) + number(v2, 6)]
  const isCompressed = compressed && number(v2, 7, 1) === 1
  const present = optional && nulls > 0 ? unpackRuns({ bytes, at: number(v2, 6) }, 1, new Uint8Array(rows)) : undefined
  const data = unpacked(bytes.subarray(levels), isCompressed, number(head, 2) - levels)
  return { rows, present, values: rows - nulls, encoding: number(v2, 4), data }
}

/** The pages of a column. Only what Cosell's own writer makes is understood. */
export const pagesOf = (file: Uint8Array, chunk: Chunk): Pages => {
  const found: Pages = { dictionary: undefined, pages: [] }
  const cursor = { bytes: file, at: chunk.start }
  while (cursor.at < chunk.end) {
    const head = readStruct(cursor)
    const bytes = file.subarray(cursor.at, cursor.at + number(head, 3))
    cursor.at += bytes.length
    const type = number(head, 1)
    if (type === DATA_V1) throw new RangeError('a page of version 1')
    if (type === DICTIONARY_PAGE)
      found.dictionary = { values: number(head.structs.get(7), 1), data: unpacked(bytes, chunk.compressed, number(head, 2)) }
    if (type === DATA_V2) found.pages.push(pageOf(head, bytes, chunk))
  }
  return found
}
