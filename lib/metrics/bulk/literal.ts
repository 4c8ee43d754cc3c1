const encoder = new TextEncoder()

/** Bytes to be found at a place, as words of four; the last word is compared under a mask. */
export type Literal = { words: Int32Array; mask: number; length: number }

export const literal = (text: string): Literal => {
  const bytes = encoder.encode(text)
  const words = new Int32Array(Math.ceil(bytes.length / 4))
  new Uint8Array(words.buffer).set(bytes)
  const tail = bytes.length % 4
  return { words, mask: tail === 0 ? -1 : (1 << (tail * 8)) - 1, length: bytes.length }
}

/** Whether the literal is at that place; needs three more bytes of room behind it. */
export const isAt = (view: DataView, at: number, { words, mask }: Literal): boolean => {
  const last = words.length - 1
  for (let i = 0; i < last; i++) if (view.getInt32(at + 4 * i, true) !== words[i]) return false
  return (view.getInt32(at + 4 * last, true) & mask) === words[last]
}
