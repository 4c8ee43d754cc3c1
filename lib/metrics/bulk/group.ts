import { newFingerprints, numberOf } from './fingerprints.ts'
import { AT, NOBODY, REPEATED, WORDS } from './record.ts'

/** Records of a partition as one thread read them; `partners` has for each of its partner numbers the one that all threads know. */
export type Piece = { records: Int32Array<ArrayBuffer>; partners: Int32Array }

/** The records of a partition, each event once: those of account n begin at `order[starts[n]]` and end before `order[starts[n + 1]]`. */
export type Group = { records: Int32Array<ArrayBuffer>; order: Int32Array; starts: Int32Array }

const renamed = (records: Int32Array, partners: Int32Array) => {
  for (let at = AT.partner; at < records.length; at += WORDS) {
    const partner = records[at] ?? NOBODY
    if (partner !== NOBODY) records[at] = partners[partner] ?? NOBODY
  }
}

const joined = (pieces: Piece[]): Int32Array<ArrayBuffer> => {
  const all = new Int32Array(pieces.reduce((length, { records }) => length + records.length, 0))
  let at = 0
  for (const { records, partners } of pieces) {
    all.set(records, at)
    renamed(all.subarray(at, at + records.length), partners)
    at += records.length
  }
  return all
}

/** For each record the number of its account, and how many of each account there are; those whose event came before are marked. */
const accountsIn = (records: Int32Array): { accounts: Int32Array; sizes: Int32Array } => {
  const count = records.length / WORDS
  const [keys, events] = [newFingerprints(count >> 4), newFingerprints(count)]
  const accounts = new Int32Array(count)
  const sizes = new Int32Array(count)
  for (let i = 0, at = 0; i < count; i++, at += WORDS) {
    const before = events.size
    const isNew = numberOf(events, records, at + AT.event) === before
    const account = isNew ? numberOf(keys, records, at + AT.key) : -1
    accounts[i] = account
    if (isNew) sizes[account] = (sizes[account] ?? 0) + 1
    else records[at] = REPEATED
  }
  return { accounts, sizes: sizes.subarray(0, keys.size) }
}

/** Puts the pieces of a partition together: by account, repeated events left out. */
export const groupByAccount = (pieces: Piece[]): Group => {
  const records = joined(pieces)
  const { accounts, sizes } = accountsIn(records)
  const starts = new Int32Array(sizes.length + 1)
  for (const [account, size] of sizes.entries()) starts[account + 1] = (starts[account] ?? 0) + size
  const next = starts.slice()
  const order = new Int32Array(starts.at(-1) ?? 0)
  for (let i = 0; i < accounts.length; i++) {
    const account = accounts[i] ?? -1
    if (account < 0) continue
    const place = next[account] ?? 0
    order[place] = i * WORDS
    next[account] = place + 1
  }
  return { records, order, starts }
}
