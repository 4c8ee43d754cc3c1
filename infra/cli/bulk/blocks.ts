import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { EventFile } from '../event-files.ts'

const NEWLINE = 0x0a
const SIZE = 1 << 20
/** The scanner looks some bytes further than the last line. */
const ROOM = 64

/** Whole lines: the bytes up to `end`. Who has read them gives the bytes back. */
export type Block = { bytes: Uint8Array<ArrayBuffer>; end: number }
/** What there is to read, part by part. */
export type Parts = {
  /** The next part; undefined when there are no more. */
  next: () => Promise<Block | EventFile | undefined>
  giveBack: (bytes: Uint8Array<ArrayBuffer>) => void
  close: () => Promise<void>
}

/** Puts the next bytes of a file at a place and returns how many; 0 at its end. */
type Source = { fill: (into: Uint8Array, at: number) => Promise<number>; close: () => Promise<void> }

const openPlain = async (path: string): Promise<Source> => {
  const file = await open(path)
  return {
    fill: async (into, at) => (await file.read(into, at, into.length - ROOM - at)).bytesRead,
    close: () => file.close(),
  }
}

const openZipped = (path: string): Source => {
  // The error of either stream destroys both and reaches whoever reads the last one.
  const stream = pipeline(createReadStream(path), createGunzip({ chunkSize: SIZE }), () => {})
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]()
  let rest = new Uint8Array()
  return {
    fill: async (into, at) => {
      if (rest.length === 0) rest = (await chunks.next()).value ?? rest
      const part = rest.subarray(0, into.length - ROOM - at)
      into.set(part, at)
      rest = rest.subarray(part.length)
      return part.length
    },
    close: async () => void stream.destroy(),
  }
}

/** The lines of a file, plain or `.gz`, in blocks. A file may end without a newline. */
export const openBlocks = async (path: string): Promise<Parts> => {
  const source = path.endsWith('.gz') ? openZipped(path) : await openPlain(path)
  const free: Uint8Array<ArrayBuffer>[] = []
  let begun = new Uint8Array()
  let ended = false

  const roomFor = (length: number) => {
    const bytes = free.pop()
    return bytes && bytes.length - ROOM > length ? bytes : new Uint8Array(Math.max(SIZE, length * 2) + ROOM)
  }

  /** Begins with the line that the block before did not end. */
  const nextBytes = async (): Promise<Block> => {
    const bytes = roomFor(begun.length)
    bytes.set(begun)
    const read = await source.fill(bytes, begun.length)
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

  return { next, giveBack: (bytes: Uint8Array<ArrayBuffer>) => void free.push(bytes), close: source.close }
}

/** Files one by one, the largest first, so that all threads end at about the same time. */
export const openFiles = (files: EventFile[]): Parts => {
  const left = files.toSorted((a, b) => a.size - b.size)
  return { next: async () => left.pop(), giveBack: () => {}, close: async () => {} }
}
