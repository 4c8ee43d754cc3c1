import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentFrom } from '../../../lib/runtime/content.ts'

/** Chunks that take the memory of those before them, as a reader of files gives them. */
const opened = (file: Uint8Array, size: number) => (from: number) =>
  (async function* () {
    const memory = new Uint8Array(size)
    for (let at = from; at < file.length; at += size) {
      const chunk = file.subarray(at, at + size)
      memory.set(chunk)
      yield memory.subarray(0, chunk.length)
    }
  })()

const contentOf = async (file: Uint8Array, offset = 0, size = 7) => {
  const read: Buffer[] = []
  for await (const chunk of contentFrom(opened(file, size), offset)) read.push(Buffer.from(chunk))
  return Buffer.concat(read)
}

describe('what a file says', () => {
  it('is the same whether it is compressed or not, from any offset and in chunks of any size', async () => {
    const text = fc.uint8Array({ maxLength: 300 }).filter((bytes) => bytes[0] !== 0x1f)
    await fc.assert(
      fc.asyncProperty(text, fc.nat(310), fc.integer({ min: 1, max: 40 }), async (bytes, offset, size) => {
        const rest = Buffer.from(bytes.subarray(offset))
        expect(await contentOf(bytes, offset, size)).toEqual(rest)
        expect(await contentOf(gzipSync(bytes), offset, size)).toEqual(rest)
      }),
      { numRuns: 60 },
    )
  })

  it('may be compressed in parts, one behind the other', async () => {
    const parts = ['one\n', 'two\n'].map((part) => gzipSync(part))
    expect(String(await contentOf(Buffer.concat(parts)))).toBe('one\ntwo\n')
  })

  const whole = gzipSync(randomBytes(1000))
  it.each([
    ['cut off', whole.subarray(0, 600), /is cut off: import it again/],
    ['cut off within its first bytes', whole.subarray(0, 3), /is cut off/],
    ['damaged', whole.map((byte, index) => (index === 20 ? 0xff ^ byte : byte)), /is damaged/],
    ['not what its sum says', whole.map((byte, index) => (index === whole.length - 6 ? byte + 1 : byte)), /is damaged/],
  ])('that is %s is refused with what to do', async (_, file, message) => {
    await expect(contentOf(file)).rejects.toMatchObject({
      code: 'unprocessable',
      details: [{ target: 'gzip', message: expect.stringMatching(message) }],
    })
  })

  it('cannot be told while the file is out of reach, which is no damage of it', async () => {
    const open = (from: number) =>
      (async function* () {
        yield whole.subarray(from, 10)
        throw new Error('connection lost')
      })()
    await expect(Array.fromAsync(contentFrom(open, 0))).rejects.toThrow('connection lost')
  })

  it('takes little memory, however much it is: reading stops where nobody reads on', async () => {
    let given = 0
    const large = gzipSync(randomBytes(1 << 22))
    const open = (from: number) =>
      (async function* () {
        for (let at = from; at < large.length; at += 4096) {
          given = Math.max(given, at)
          yield large.subarray(at, at + 4096)
        }
      })()
    for await (const _ of contentFrom(open, 0)) break
    expect(given).toBeLessThan(large.length / 4)
  })
})
