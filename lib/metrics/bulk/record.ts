import { ATTACHMENT_ROLES, COST_CHANNELS, COST_PURPOSES, LEDGERS, MILESTONES, TRANSACTION_KINDS } from '../../../events/words.ts'

// A fact as 18 words of 32 bits, so that millions of them lie side by side. Ids are told apart by fingerprints of three words.
export const WORDS = 18

/** Where in a record a thing lies. The amount takes two words, as a float64. */
export const AT = { head: 0, day: 1, amount: 2, key: 4, event: 7, transaction: 10, corrects: 13, partner: 16, service: 17 }

export const SORTS = ['transaction', 'attached', 'detached', 'cost', 'milestone'] as const
export type Sort = (typeof SORTS)[number]

/** What the two codes in the head of a record stand for, by its sort. */
export const CODES = {
  transaction: [LEDGERS, TRANSACTION_KINDS],
  attached: [ATTACHMENT_ROLES, []],
  detached: [ATTACHMENT_ROLES, []],
  cost: [COST_PURPOSES, COST_CHANNELS],
  milestone: [MILESTONES, []],
} as const satisfies Record<Sort, readonly [readonly string[], readonly string[]]>

/** The first word: what the fact is, its two codes, its currency. */
export const headOf = (sort: number, first: number, second: number, currency: number) =>
  sort | (first << 3) | (second << 6) | (currency << 9)
/** A head of an event that came before. */
export const REPEATED = 7

export const sortIn = (head: number) => head & 7
export const firstCodeIn = (head: number) => (head >> 3) & 7
export const secondCodeIn = (head: number) => (head >> 6) & 7
export const currencyIn = (head: number) => head >> 9

/** No partner is named. */
export const NOBODY = -1

/** Days fit 16 bits from 1970 to 2149; no service is 0. */
export const serviceWord = (from: number, to: number) => (from << 16) | to
export const serviceIn = (word: number) => (word === 0 ? undefined : { from: word >>> 16, to: word & 0xffff })

const LETTER = 64
/** Three capital letters as a number. */
export const currencyNumber = (a: number, b: number, c: number) => ((a - LETTER) << 10) | ((b - LETTER) << 5) | (c - LETTER)
export const currencyName = (number: number) =>
  String.fromCharCode(LETTER + (number >> 10), LETTER + ((number >> 5) & 31), LETTER + (number & 31))

export const hasFingerprint = (record: Int32Array, at: number) => record[at] !== 0 || record[at + 1] !== 0 || record[at + 2] !== 0

/** One record that is being filled. */
export type Draft = { words: Int32Array<ArrayBuffer>; amounts: Float64Array }
export const newDraft = (): Draft => {
  const words = new Int32Array(WORDS)
  return { words, amounts: new Float64Array(words.buffer) }
}
