import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { unprocessable } from '../core/errors.ts'

type Chunks = AsyncIterable<Uint8Array>

const MAGIC = [0x1f, 0x8b]

/** Whether a file begins as gzip does (RFC 1952). */
const isGzip = async (chunks: Chunks): Promise<boolean> => {
  let at = 0
  for await (const chunk of chunks) {
    for (const byte of chunk) {
      if (byte !== MAGIC[at++]) return false
      if (at === MAGIC.length) return true
    }
  }
  return false
}

const REASONS: Record<string, string> = {
  Z_BUF_ERROR: 'is cut off',
  Z_DATA_ERROR: 'is damaged',
}

const broken = (code: string) =>
  unprocessable('the compressed file cannot be read to its end', [
    { target: 'gzip', message: `${REASONS[code] ?? 'cannot be inflated'}: import it again, what is recorded stays` },
  ])

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '')

// Who gives the chunks may use their memory again.
const copies = async function* (chunks: Chunks): Chunks {
  for await (const chunk of chunks) yield Uint8Array.from(chunk)
}

/** In memory that does not grow with the file. Refused as unprocessable when it is cut off or damaged. */
const inflated = async function* (chunks: Chunks): Chunks {
  const source = Readable.from(copies(chunks), { highWaterMark: 1 })
  try {
    // The error of either stream destroys both and reaches whoever reads the last one.
    yield* pipeline(source, createGunzip(), () => {})
  } catch (error) {
    throw codeOf(error).startsWith('Z_') ? broken(codeOf(error)) : error
  }
}

const after = async function* (chunks: Chunks, bytes: number): Chunks {
  let left = bytes
  for await (const chunk of chunks) {
    if (left < chunk.length) yield chunk.subarray(left)
    left = Math.max(0, left - chunk.length)
  }
}

/**
 * What a file says from an offset on, which counts in what it says: a compressed one, told by its first bytes, is inflated from its
 * beginning each time. `open` gives the bytes of the file as it lies there from an offset on.
 */
export const contentFrom = async function* (open: (from: number) => Chunks, offset: number): Chunks {
  if (await isGzip(open(0))) yield* after(inflated(open(0)), offset)
  else yield* open(offset)
}
