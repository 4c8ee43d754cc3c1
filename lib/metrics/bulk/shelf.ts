import { AT, WORDS } from './record.ts'

/** Records that one thread read, kept apart by the partition that their account falls into. */
export type Shelf = { bins: Bin[]; bytes: number }
/** Pieces that are full, and the one that is being filled. */
type Bin = { full: Int32Array<ArrayBuffer>[]; data: Int32Array<ArrayBuffer>; used: number }

const SMALLEST = 64 * WORDS
const LARGEST = 4096 * WORDS

const newBin = (): Bin => ({ full: [], data: new Int32Array(0), used: 0 })

/** `partitions` is a power of two. */
export const newShelf = (partitions: number): Shelf => ({ bins: Array.from({ length: partitions }, newBin), bytes: 0 })

/** Each piece is twice as long as the one before: nothing is copied, and not much is empty. */
const turn = (shelf: Shelf, bin: Bin) => {
  if (bin.used > 0) bin.full.push(bin.data)
  bin.data = new Int32Array(Math.min(LARGEST, Math.max(SMALLEST, bin.data.length * 2)))
  bin.used = 0
  shelf.bytes += bin.data.byteLength
}

/** Puts a copy of the record into its partition. */
export const put = (shelf: Shelf, record: Int32Array) => {
  const bin = shelf.bins[(record[AT.key] ?? 0) & (shelf.bins.length - 1)] as Bin
  if (bin.used === bin.data.length) turn(shelf, bin)
  const { data, used } = bin
  for (let i = 0; i < WORDS; i++) data[used + i] = record[i] as number
  bin.used = used + WORDS
}

/** Takes the records of a partition off the shelf. */
export const takeOff = (shelf: Shelf, partition: number): Int32Array<ArrayBuffer>[] => {
  const { full, data, used } = shelf.bins[partition] ?? newBin()
  shelf.bins[partition] = newBin()
  for (const piece of [...full, data]) shelf.bytes -= piece.byteLength
  return used > 0 ? [...full, data.subarray(0, used)] : full
}
