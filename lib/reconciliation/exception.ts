import { emit } from '../../events/envelope.ts'
import type { ExceptionEvent } from '../../events/exception.ts'
import { Id } from '../../events/vocabulary.ts'
import type { Context } from '../core/context.ts'
import { conflict } from '../core/errors.ts'
import { Money } from '../core/money.ts'
import { DateText, dayNumber, Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { type Finding, Kind } from './finding.ts'
import type { Matter } from './matter.ts'

export const State = z.enum(['open', 'assigned', 'accepted', 'resolved'])
export type State = z.infer<typeof State>
/** Nobody has explained these, and the facts do not agree. */
export const OPEN = ['open', 'assigned'] as const satisfies State[]
/** The facts do not agree. */
export const LIVE = [...OPEN, 'accepted'] as const satisfies State[]

/** A difference with its life: found, assigned, accepted by a person or resolved by the facts, and opened again by them. */
export const Exception = z.named(
  z.object({
    id: z.string(),
    version: z.int(),
    kind: Kind,
    state: State,
    marketplace: z.enum(['aws', 'azure']),
    accountId: Id,
    partnerId: z.optional(Id),
    agreementId: z.optional(Id),
    offerId: z.optional(Id),
    amount: z.described(Money, 'how much the ledgers differ; of payouts positive where money is still to come'),
    since: z.described(DateText, 'the day from which on it is wrong'),
    rows: z.described(z.array(z.string()), 'the transactions behind it, the first of them'),
    message: z.described(z.string(), 'what is wrong, and what to do'),
    openedAt: Instant,
    times: z.described(z.int(), 'how often it was opened'),
    owner: z.optional(z.string()),
    note: z.optional(z.string()),
    decidedBy: z.described(z.optional(z.string()), 'who assigned or accepted it last'),
    decidedAt: z.optional(Instant),
    resolvedAt: z.optional(Instant),
  }),
  'Exception',
)
export type Exception = z.infer<typeof Exception>

export const ExceptionView = z.extend(Exception, { ageDays: z.described(z.int(), 'days since `since`') })
export type ExceptionView = z.infer<typeof ExceptionView>

/** Days of an exception on a day; none for what is wrong from tomorrow on. */
export const ageOf = ({ since }: Pick<Exception, 'since'>, day: string) => Math.max(0, dayNumber(day) - dayNumber(since))
export const viewOf = (exception: Exception, day: string): ExceptionView => ({ ...exception, ageDays: ageOf(exception, day) })

export type Decided = { exception: Exception; events: ExceptionEvent[] }
type Hash = (text: string) => string
/** An exception as the facts have it. */
export type Found = Pick<
  Exception,
  'id' | 'kind' | 'marketplace' | 'accountId' | 'partnerId' | 'agreementId' | 'offerId' | 'amount' | 'since' | 'rows' | 'message'
>

const MAX_ROWS = 50

/** A finding under an id that is the same in each run: made of what it is about, not of how much or when. */
export const foundIn = (matter: Omit<Matter, 'rows' | 'standing'>, finding: Finding, hash: Hash): Found => {
  const { marketplace, accountId, agreementId, offer } = matter
  const { kind, key, rows, ...facts } = finding
  const subject = agreementId ?? offer?.id ?? ''
  return {
    id: `exc_${hash([kind, marketplace, accountId, subject, key].join('|'))}`,
    kind,
    marketplace,
    accountId,
    ...(agreementId && { agreementId }),
    ...(offer && { offerId: offer.id, partnerId: offer.partnerId }),
    ...facts,
    rows: rows.slice(0, MAX_ROWS),
  }
}

const factsOf = ({ id, kind, marketplace, accountId, agreementId, offerId, amount, since }: Exception) => ({
  exceptionId: id,
  kind,
  marketplace,
  accountId,
  ...(agreementId && { agreementId }),
  ...(offerId && { offerId }),
  amount,
  since,
})

/** The id of an event: of what happened to which version. */
const eventId = ({ id, version }: Exception, what: string) => ({ id: `evt_${id}_${version}_${what}` })

const opened = (found: Found, before: Exception | undefined, context: Context): Decided => {
  const { owner, note, version = 0, times = 0 } = before ?? {}
  const exception: Exception = {
    ...found,
    version,
    state: owner ? 'assigned' : 'open',
    openedAt: context.now,
    times: times + 1,
    ...(owner && { owner }),
    ...(note && { note }),
  }
  const data = { ...factsOf(exception), reason: exception.message, times: exception.times }
  return { exception, events: [emit(context, 'exception.opened.v1', found.id, data, eventId(exception, 'opened'))] }
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
const amountOf = ({ amount: { amount, currency } }: Pick<Found, 'amount'>) => [amount, currency]
const contentOf = (found: Found) => [amountOf(found), found.since, found.rows, found.message, found.offerId]

/** What the facts make of an exception; undefined: it stays as it is. One that was accepted is opened again by another amount. */
export const find = (found: Found, before: Exception | undefined, context: Context): Decided | undefined => {
  if (!before || before.state === 'resolved') return opened(found, before, context)
  if (before.state === 'accepted') return same(amountOf(found), amountOf(before)) ? undefined : opened(found, before, context)
  if (same(contentOf(found), contentOf(before))) return undefined
  const exception = { ...before, ...found }
  const data = { ...factsOf(exception), reason: exception.message }
  return { exception, events: [emit(context, 'exception.changed.v1', found.id, data, eventId(exception, 'changed'))] }
}

/** The facts agree again. */
export const resolve = (before: Exception, context: Context): Decided => {
  const exception: Exception = { ...before, state: 'resolved', resolvedAt: context.now }
  const event = emit(context, 'exception.resolved.v1', before.id, factsOf(before), eventId(before, 'resolved'))
  return { exception, events: [event] }
}

export const Assignment = z.named(
  z.strictObject({ owner: z.described(z.trimmed(100), 'who looks after it: a person or team'), note: z.trimmed(1000) }),
  'ExceptionAssignment',
)
export type Assignment = z.infer<typeof Assignment>
export const Acceptance = z.named(
  z.strictObject({ note: z.described(z.trimmed(1000), 'why the difference is right as it is') }),
  'ExceptionAcceptance',
)
export type Acceptance = z.infer<typeof Acceptance>

const decided = (before: Exception, by: string, { now }: Context) => ({ ...before, decidedBy: by, decidedAt: now })

export const assign = (before: Exception, { owner, note }: Assignment, by: string, context: Context): Decided => {
  const { id, state } = before
  if (state === 'resolved') throw conflict(`exception ${id} is resolved: there is nothing to look after`, 'state')
  const exception: Exception = { ...decided(before, by, context), state: 'assigned', owner, note }
  const data = { ...factsOf(exception), owner, by, reason: note }
  return { exception, events: [emit(context, 'exception.assigned.v1', id, data, eventId(before, 'assigned'))] }
}

export const accept = (before: Exception, { note }: Acceptance, by: string, context: Context): Decided => {
  const { id, state } = before
  if (state === 'resolved' || state === 'accepted')
    throw conflict(`exception ${id} is ${state}; only an open or assigned one can be accepted`, 'state')
  const exception: Exception = { ...decided(before, by, context), state: 'accepted', note }
  const data = { ...factsOf(exception), by, reason: note }
  return { exception, events: [emit(context, 'exception.accepted.v1', id, data, eventId(before, 'accepted'))] }
}
