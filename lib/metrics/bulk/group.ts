import { type Fingerprints, newFingerprints, numberOf } from './fingerprints.ts'
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

// The loops return nothing: while one runs for the first time, nothing is known of what comes behind it, and what was compiled
// of a function until then would be thrown away at its end.

/** Numbers the account of each record, and counts the records of each; those whose event came before are marked. */
const numberAccounts = (records: Int32Array, keys: Fingerprints, accounts: Int32Array, sizes: Int32Array) => {
  const events = newFingerprints(accounts.length)
  for (let i = 0, at = 0; i < accounts.length; i++, at += WORDS) {
    const before = events.size
    const isNew = numberOf(events, records, at + AT.event) === before
    const account = isNew ? numberOf(keys, records, at + AT.key) : -1
    accounts[i] = account
    if (isNew) sizes[account] = (sizes[account] ?? 0) + 1
    else records[at] = REPEATED
  }
}

/** Where the records of each account begin, from how many there are. */
const startsOf = (sizes: Int32Array): Int32Array => {
  const starts = new Int32Array(sizes.length + 1)
  for (let account = 0; account < sizes.length; account++) starts[account + 1] = (starts[account] ?? 0) + (sizes[account] ?? 0)
  return starts
}

/** Puts the records of each account at the places that `next` gives. */
const place = (accounts: Int32Array, next: Int32Array, order: Int32Array) => {
  for (let i = 0; i < accounts.length; i++) {
    const account = accounts[i] ?? -1
    if (account < 0) continue
    const at = next[account] ?? 0
    order[at] = i * WORDS
    next[account] = at + 1
  }
}

/** Puts the pieces of a partition together: by account, repeated events left out. */
export const groupByAccount = (pieces: Piece[]): Group => {
  const records = joined(pieces)
  const count = records.length / WORDS
  const [accounts, sizes] = [new Int32Array(count), new Int32Array(count)]
  const keys = newFingerprints(count >> 4)
  numberAccounts(records, keys, accounts, sizes)
  const starts = startsOf(sizes.subarray(0, keys.size))
  const order = new Int32Array(starts.at(-1) ?? 0)
  place(accounts, starts.slice(), order)
  return { records, order, starts }
}
