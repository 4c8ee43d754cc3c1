import { CHANNELS } from '../../../events/words.ts'
import { CAUSES } from '../../core/cause.ts'
import { type Literal, literal } from './literal.ts'
import { AT, CODES, type Sort } from './record.ts'

// The order in which Cosell writes the fields of an event. Other orders are read too, but slower.
export const VALUE = {
  text: 0,
  id: 1,
  fingerprint: 2,
  word: 3,
  type: 4,
  instant: 5,
  day: 7,
  month: 8,
  amount: 9,
  currency: 10,
  from: 11,
  to: 12,
  partner: 13,
  object: 14,
  data: 15,
  end: 16,
} as const

/** A field, what its value is, and where that goes: `place` is a word of the record or which of its codes. */
export type Field = {
  /** Up to where the value begins. */
  key: string
  value: number
  place: number
  optional: boolean
  words: Literal[]
  fields: Field[]
}

const BARE = new Set<number>([VALUE.amount, VALUE.object, VALUE.data])

const field = (name: string, value: number, rest: Partial<Field> = {}): Field => ({
  key: `"${name}":${BARE.has(value) ? '' : '"'}`,
  value,
  place: 0,
  optional: false,
  words: [],
  fields: [],
  ...rest,
})
const optional = { optional: true }
const quoted = (words: readonly string[]) => words.map((word) => literal(`${word}"`))
const word = (name: string, words: readonly string[], place: number) => field(name, VALUE.word, { words: quoted(words), place })
const fingerprint = (name: string, place: number) => field(name, VALUE.fingerprint, { place })
const partner = (rest: Partial<Field> = {}) => field('partnerId', VALUE.partner, rest)

const MONEY = [field('amount', VALUE.amount), field('currency', VALUE.currency)]
const SERVICE = [field('from', VALUE.from), field('to', VALUE.to)]
const money = field('amount', VALUE.object, { fields: MONEY })

const [FIRST, SECOND, UNUSED] = [0, 1, 2]

const attachment = [
  fingerprint('accountId', AT.key),
  partner(),
  word('role', CODES.attached[0], FIRST),
  field('from', VALUE.day, { place: AT.day }),
]

/** The fields of the data of an event, by its sort. */
export const DATA: Record<Sort, Field[]> = {
  transaction: [
    fingerprint('transactionId', AT.transaction),
    word('ledger', CODES.transaction[0], FIRST),
    word('kind', CODES.transaction[1], SECOND),
    fingerprint('accountId', AT.key),
    field('productId', VALUE.id),
    word('marketplace', CHANNELS, UNUSED),
    partner(optional),
    field('offerId', VALUE.id, optional),
    field('agreementId', VALUE.id, optional),
    money,
    field('on', VALUE.day, { place: AT.day }),
    field('service', VALUE.object, { fields: SERVICE, optional: true }),
    { ...fingerprint('corrects', AT.corrects), optional: true },
  ],
  attached: attachment,
  detached: attachment,
  cost: [
    field('costId', VALUE.id),
    word('purpose', CODES.cost[0], FIRST),
    word('channel', CODES.cost[1], SECOND),
    partner(optional),
    field('category', VALUE.text),
    money,
    field('period', VALUE.month, { place: AT.day }),
    field('corrects', VALUE.id, optional),
  ],
  milestone: [partner(), word('milestone', CODES.milestone[0], FIRST), field('on', VALUE.day, { place: AT.day })],
}

export const TYPES: Record<Sort, string> = {
  transaction: 'transaction.recorded.v1',
  attached: 'account.attached.v1',
  detached: 'account.detached.v1',
  cost: 'cost.recorded.v1',
  milestone: 'partner.milestone-reached.v1',
}

export const ENVELOPE: Field[] = [
  word('specversion', ['1.0'], UNUSED),
  fingerprint('id', AT.event),
  field('source', VALUE.text),
  field('type', VALUE.type),
  field('subject', VALUE.text),
  field('time', VALUE.instant),
  field('recordedat', VALUE.instant),
  { ...word('cause', CAUSES, UNUSED), optional: true },
  field('data', VALUE.data),
]
