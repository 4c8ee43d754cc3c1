import { open } from 'node:fs/promises'

const CHUNK = 1 << 16

/** The bytes of a file; each chunk is valid only until the next one, which takes its memory. */
export const chunksOf = async function* (path: string): AsyncGenerator<Uint8Array> {
  await using file = await open(path)
  const buffer = new Uint8Array(CHUNK)
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
  }
}
