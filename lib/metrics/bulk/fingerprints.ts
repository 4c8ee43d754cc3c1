import { FINGERPRINT } from './fingerprint.ts'

/** Fingerprints by number: each gets the next number when it first comes. `bits` tells most of those apart that are not there. */
export type Fingerprints = { size: number; keys: Int32Array; slots: Int32Array; bits: Int32Array }

const BITS_EACH = 16

const emptyTable = (room: number): Fingerprints => ({
  size: 0,
  keys: new Int32Array(FINGERPRINT * room),
  slots: new Int32Array(2 * room).fill(-1),
  bits: new Int32Array((room * BITS_EACH) / 32),
})

export const newFingerprints = (expected = 0): Fingerprints => emptyTable(2 ** Math.ceil(Math.log2(Math.max(expected, 32))))

/** The slot of the fingerprint at a place: its own, or the empty one where it belongs. */
const slotOf = ({ keys, slots }: Fingerprints, words: Int32Array, at: number): number => {
  const last = slots.length - 1
  // Partitions go by the first word: the second spreads within one.
  let slot = (words[at + 1] ?? 0) & last
  for (;;) {
    const number = slots[slot] ?? -1
    if (number < 0) return slot
    const key = FINGERPRINT * number
    if (keys[key] === words[at] && keys[key + 1] === words[at + 1] && keys[key + 2] === words[at + 2]) return slot
    slot = (slot + 1) & last
  }
}

const mayHave = ({ bits }: Fingerprints, words: Int32Array, at: number): boolean => {
  const word = words[at + 2] ?? 0
  return (((bits[(word >>> 5) & (bits.length - 1)] ?? 0) >>> (word & 31)) & 1) === 1
}

/** The number of the fingerprint at a place; -1 if it has none. */
export const find = (table: Fingerprints, words: Int32Array, at: number): number =>
  mayHave(table, words, at) ? (table.slots[slotOf(table, words, at)] ?? -1) : -1

const insert = (table: Fingerprints, slot: number, words: Int32Array, at: number): number => {
  const number = table.size++
  table.slots[slot] = number
  for (let i = 0; i < FINGERPRINT; i++) table.keys[FINGERPRINT * number + i] = words[at + i] ?? 0
  const word = words[at + 2] ?? 0
  const bit = (word >>> 5) & (table.bits.length - 1)
  table.bits[bit] = (table.bits[bit] ?? 0) | (1 << (word & 31))
  return number
}

const grow = (table: Fingerprints) => {
  const { keys, size } = table
  Object.assign(table, emptyTable((keys.length / FINGERPRINT) * 2))
  for (let at = 0; at < FINGERPRINT * size; at += FINGERPRINT) insert(table, slotOf(table, keys, at), keys, at)
}

/** The number of the fingerprint at a place, which it gets if it has none. */
export const numberOf = (table: Fingerprints, words: Int32Array, at: number): number => {
  const slot = slotOf(table, words, at)
  const known = table.slots[slot] ?? -1
  if (known >= 0) return known
  const number = insert(table, slot, words, at)
  if (table.size * 2 >= table.slots.length) grow(table)
  return number
}
