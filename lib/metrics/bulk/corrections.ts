import { type Original, precedes } from '../transaction.ts'
import { type Fingerprints, find } from './fingerprints.ts'
import type { Group } from './group.ts'
import { AT, CODES, currencyIn, firstCodeIn, hasFingerprint, NOBODY, SORTS, secondCodeIn, sortIn, WORDS } from './record.ts'

const [LEDGERS, KINDS] = CODES.transaction
const TRANSACTION = SORTS.indexOf('transaction')
const BILLED = LEDGERS.indexOf('billed')
const [REFUND, CREDIT] = [KINDS.indexOf('refund'), KINDS.indexOf('credit')]

/** Whether the record is a refund or credit that names what it corrects. */
export const isCorrection = (records: Int32Array, at: number): boolean => {
  const head = records[at] ?? 0
  const kind = secondCodeIn(head)
  return sortIn(head) === TRANSACTION && (kind === REFUND || kind === CREDIT) && hasFingerprint(records, at + AT.corrects)
}

/** What is known of corrected transactions, by their numbers; transferred between threads as it is. */
export type Matches = {
  /** Number, kind, day and partner of each transaction that is corrected. */
  originals: Int32Array
  /** Number, currency and amount of each billed refund or credit. */
  reversals: Float64Array
}

/** Puts the numbers of corrected transactions where their fingerprints were; -1 where there is none. */
export const number = ({ records }: Group, corrected: Fingerprints) => {
  for (let at = 0; at < records.length; at += WORDS) {
    if (sortIn(records[at] ?? 0) !== TRANSACTION) continue
    const corrects = isCorrection(records, at) ? find(corrected, records, at + AT.corrects) : -1
    records[at + AT.transaction] = find(corrected, records, at + AT.transaction)
    records[at + AT.corrects] = corrects
  }
}

const addMatches = (records: Int32Array, amounts: Float64Array, originals: number[], reversals: number[]) => {
  for (let at = 0; at < records.length; at += WORDS) {
    const head = records[at] ?? 0
    if (sortIn(head) !== TRANSACTION) continue
    const transaction = records[at + AT.transaction] ?? -1
    const corrects = records[at + AT.corrects] ?? -1
    if (transaction >= 0)
      originals.push(transaction, secondCodeIn(head), records[at + AT.day] ?? 0, records[at + AT.partner] ?? NOBODY)
    if (corrects >= 0 && firstCodeIn(head) === BILLED)
      reversals.push(corrects, currencyIn(head), amounts[(at + AT.amount) / 2] ?? 0)
  }
}

/** The transactions of a numbered group that are corrected, and what billed corrections take from them, wherever those are. */
export const matchesIn = ({ records }: Group): Matches => {
  const amounts = new Float64Array(records.buffer, records.byteOffset, records.length / 2)
  const [originals, reversals]: [number[], number[]] = [[], []]
  addMatches(records, amounts, originals, reversals)
  return { originals: Int32Array.from(originals), reversals: Float64Array.from(reversals) }
}

/** What corrections refer to. */
export type Corrected = {
  originals: Map<number, Original>
  /** By `reversalKey`. */
  reversals: Map<number, number>
}

const CURRENCIES = 1 << 15
export const reversalKey = (number: number, currency: number) => number * CURRENCIES + currency

const originalsIn = (matches: Matches[], partners: string[]): Map<number, Original> => {
  const found = new Map<number, Original>()
  for (const { originals } of matches) {
    for (let at = 0; at < originals.length; at += 4) {
      const [number = 0, kind = 0, day = 0, partner = NOBODY] = originals.subarray(at, at + 4)
      const original: Original = { kind: KINDS[kind] ?? 'contract', day, partnerId: partners[partner] }
      const other = found.get(number)
      if (!other || precedes(original, other)) found.set(number, original)
    }
  }
  return found
}

const reversalsIn = (matches: Matches[]): Map<number, number> => {
  const sums = new Map<number, number>()
  for (const { reversals } of matches) {
    for (let at = 0; at < reversals.length; at += 3) {
      const key = reversalKey(reversals[at] ?? 0, reversals[at + 1] ?? 0)
      sums.set(key, (sums.get(key) ?? 0) + (reversals[at + 2] ?? 0))
    }
  }
  return sums
}

/** What all threads found, put together. */
export const correctedIn = (matches: Matches[], partners: string[]): Corrected => ({
  originals: originalsIn(matches, partners),
  reversals: reversalsIn(matches),
})
