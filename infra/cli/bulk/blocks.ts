import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { EventFile } from '../event-files.ts'

const NEWLINE = 0x0a
const SIZE = 1 << 20
/** The scanner looks some bytes further than the last line. */
export const ROOM = 64

/** Whole lines: the bytes up to `end`. Who has read them gives the bytes back. */
export type Block = { bytes: Uint8Array<ArrayBuffer>; end: number }
/** Bytes of a file: the lines that begin there. */
export type Slice = { path: string; start: number; end: number }
/** What there is to read, part by part. */
export type Parts = {
  /** The next part; undefined when there are no more. */
  next: () => Promise<Block | Slice | EventFile | undefined>
  giveBack: (bytes: Uint8Array<ArrayBuffer>) => void
  close: () => Promise<void>
}

const open = (path: string): Readable => {
  const file = createReadStream(path, { highWaterMark: SIZE })
  // The error of either stream destroys both and reaches whoever reads the last one.
  return path.endsWith('.gz') ? pipeline(file, createGunzip({ chunkSize: SIZE }), () => {}) : file
}

/** The lines of a stream, plain or `.gz`, in blocks; the last one may lack its newline. */
export const openBlocks = (path: string): Parts => {
  const stream = open(path)
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]()
  const free: Uint8Array<ArrayBuffer>[] = []
  let rest = new Uint8Array()
  let begun = new Uint8Array()
  let ended = false

  /** Puts the next bytes at a place and returns how many; 0 at the end. */
  const fill = async (into: Uint8Array, at: number): Promise<number> => {
    if (rest.length === 0) rest = (await chunks.next()).value ?? rest
    const part = rest.subarray(0, into.length - ROOM - at)
    into.set(part, at)
    rest = rest.subarray(part.length)
    return part.length
  }

  const roomFor = (length: number) => {
    const bytes = free.pop()
    return bytes && bytes.length - ROOM > length ? bytes : new Uint8Array(Math.max(SIZE, length * 2) + ROOM)
  }

  /** Begins with the line that the block before did not end. */
  const nextBytes = async (): Promise<Block> => {
    const bytes = roomFor(begun.length)
    bytes.set(begun)
    const read = await fill(bytes, begun.length)
    ended = read === 0
    return { bytes, end: begun.length + read }
  }

  const next = async (): Promise<Block | undefined> => {
    if (ended) return undefined
    const { bytes, end } = await nextBytes()
    const newline = bytes.subarray(0, end).lastIndexOf(NEWLINE)
    begun = bytes.slice(newline + 1, end)
    if (newline >= 0 && !ended) return { bytes, end: newline + 1 }
    if (!ended) return next()
    if (end === 0) return undefined
    bytes[end] = NEWLINE
    return { bytes, end: end + 1 }
  }

  return { next, giveBack: (bytes: Uint8Array<ArrayBuffer>) => void free.push(bytes), close: async () => void stream.destroy() }
}

const openList = (parts: (Slice | EventFile)[]): Parts => ({
  next: async () => parts.pop(),
  giveBack: () => {},
  close: async () => {},
})

/** The lines of a file, for threads that read it themselves. */
export const openSlices = ({ path, size }: EventFile, each = SIZE): Parts =>
  openList(
    Array.from({ length: Math.ceil(size / each) }, (_, i) => ({
      path,
      start: i * each,
      end: Math.min(size, (i + 1) * each),
    })).reverse(),
  )

/** Files one by one, the largest first, so that all threads end at about the same time. */
export const openFiles = (files: EventFile[]): Parts => openList(files.toSorted((a, b) => a.size - b.size))
