/** How many words a fingerprint has. */
export const FINGERPRINT = 3

// Ids are compared by 96 bits: three hashes of the kind of MurmurHash3 (Appleby, public domain), each with constants of its own.
// That any two among fifty million ids agree by chance is less likely than one in 10^12.
const mix = (hash: number, word: number, a: number, b: number) => {
  const scrambled = Math.imul(word, a)
  const mixed = hash ^ Math.imul((scrambled << 15) | (scrambled >>> 17), b)
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0
}

const finish = (hash: number, length: number) => {
  let h = hash ^ length
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** Writes the fingerprint of some bytes; up to three bytes behind the end are read and left out. */
export const fingerprint = (view: DataView, start: number, end: number, into: Int32Array, at: number) => {
  let a = 0x2f0b4c47
  let b = 0x51ed270b
  let c = 0x0a6d5e39
  for (let i = start; i < end; i += 4) {
    const left = end - i
    const word = left >= 4 ? view.getInt32(i, true) : view.getInt32(i, true) & ((1 << (left * 8)) - 1)
    a = mix(a, word, 0xcc9e2d51, 0x1b873593)
    b = mix(b, word, 0x239b961b, 0xab0e9789)
    c = mix(c, word, 0x38b34ae5, 0xa1e38b93)
  }
  into[at] = finish(a, end - start)
  into[at + 1] = finish(b, end - start)
  into[at + 2] = finish(c, end - start)
}

const encoder = new TextEncoder()
const ROOM = 3

/** The same for a text. */
export const fingerprintOf = (text: string, into: Int32Array, at: number) => {
  const bytes = encoder.encode(text)
  const roomy = new Uint8Array(bytes.length + ROOM)
  roomy.set(bytes)
  fingerprint(new DataView(roomy.buffer), 0, bytes.length, into, at)
}
