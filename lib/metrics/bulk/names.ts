import { FINGERPRINT, fingerprint, fingerprintOf } from './fingerprint.ts'
import { type Fingerprints, newFingerprints, numberOf } from './fingerprints.ts'

/** Names by number, in the order in which they first come. */
export type Names = { list: string[]; table: Fingerprints; key: Int32Array; byText: Map<string, number> }

export const newNames = (): Names => ({ list: [], table: newFingerprints(), key: new Int32Array(FINGERPRINT), byText: new Map() })

const decoder = new TextDecoder()

/** The number of the name in these bytes. */
export const numberAt = ({ list, table, key }: Names, view: DataView, start: number, end: number): number => {
  fingerprint(view, start, end, key, 0)
  const number = numberOf(table, key, 0)
  if (number === list.length) list.push(decoder.decode(new Uint8Array(view.buffer, view.byteOffset + start, end - start)))
  return number
}

/** The number of a name; texts that come again and again are not looked at anew. */
export const numberOfName = ({ list, table, key, byText }: Names, name: string): number => {
  const known = byText.get(name)
  if (known !== undefined) return known
  fingerprintOf(name, key, 0)
  const number = numberOf(table, key, 0)
  if (number === list.length) list.push(name)
  byText.set(name, number)
  return number
}
