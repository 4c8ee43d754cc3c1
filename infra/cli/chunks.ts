import { open } from 'node:fs/promises'

const CHUNK = 1 << 16

/** The bytes of a file; each chunk is valid only until the next one. While one is worked on, the next one is read. */
export const chunksOf = async function* (path: string): AsyncGenerator<Uint8Array> {
  await using file = await open(path)
  let [chunk, next] = [new Uint8Array(CHUNK), new Uint8Array(CHUNK)]
  let reading = file.read(chunk, 0, CHUNK)
  for (;;) {
    const { bytesRead } = await reading
    if (bytesRead === 0) return
    reading = file.read(next, 0, CHUNK)
    yield chunk.subarray(0, bytesRead)
    ;[chunk, next] = [next, chunk]
  }
}
