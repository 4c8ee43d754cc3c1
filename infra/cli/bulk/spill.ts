import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Records in memory, or the file that they are in. */
export type Records = Int32Array<ArrayBuffer> | { path: string }

/** Files of records, one for each partition. */
export const openSpill = (folder: string, thread: number) => {
  const paths = new Map<number, string>()
  return {
    append: (partition: number, records: Int32Array) => {
      const path = join(folder, `${partition}-${thread}`)
      paths.set(partition, path)
      appendFileSync(path, new Uint8Array(records.buffer, records.byteOffset, records.byteLength))
    },
    used: () => paths.size > 0,
    of: (partition: number): Records[] | undefined => {
      const path = paths.get(partition)
      return path === undefined ? undefined : [{ path }]
    },
  }
}

/** The memory that records lie in; two pieces never share it. */
export const buffersIn = (pieces: Records[]): ArrayBuffer[] =>
  pieces.flatMap((piece) => (piece instanceof Int32Array ? [piece.buffer] : []))

export const load = (records: Records): Int32Array<ArrayBuffer> => {
  if (records instanceof Int32Array) return records
  const { buffer, byteOffset, byteLength } = readFileSync(records.path)
  return new Int32Array(buffer, byteOffset, byteLength / 4)
}
