import { FINGERPRINT, fingerprint, fingerprintOf } from './fingerprint.ts'
import { type Fingerprints, newFingerprints, numberOf } from './fingerprints.ts'

/** Names by number, in the order in which they first come. */
export type Names = { list: string[]; table: Fingerprints; key: Int32Array }

export const newNames = (): Names => ({ list: [], table: newFingerprints(), key: new Int32Array(FINGERPRINT) })

const decoder = new TextDecoder()

/** The number of the name in these bytes. */
export const numberAt = ({ list, table, key }: Names, view: DataView, start: number, end: number): number => {
  fingerprint(view, start, end, key, 0)
  const number = numberOf(table, key, 0)
  if (number === list.length) list.push(decoder.decode(new Uint8Array(view.buffer, view.byteOffset + start, end - start)))
  return number
}

export const numberOfName = ({ list, table, key }: Names, name: string): number => {
  fingerprintOf(name, key, 0)
  const number = numberOf(table, key, 0)
  if (number === list.length) list.push(name)
  return number
}
