import { emit } from '../../events/envelope.ts'
import type { Context } from '../core/context.ts'
import { type Decided, facts, type Message } from './message.ts'

/** How a try ended. `unsure`: it may have been sent, and nobody said so. */
export type Outcome = { sent: string } | { refused: string } | { later: string } | { unsure: string }

export const MAX_TRIES = 8
const MINUTE_MS = 60_000
/** A try is over after this time, whether it told or not: longer than its function may run. */
const LEASE_MS = 2 * MINUTE_MS
const FIRST_PAUSE_MS = 15 * MINUTE_MS
const LONGEST_PAUSE_MS = 6 * 60 * MINUTE_MS

const after = (instant: string, milliseconds: number) => new Date(Date.parse(instant) + milliseconds).toISOString()

/** 15 minutes, 30, 1 hour … up to 6 hours: the eighth try is some 20 hours after the first. */
export const pauseAfter = (tries: number) => Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1))

const isInFlight = ({ open, startedAt }: Message, now: string) =>
  open && startedAt !== undefined && now < after(startedAt, LEASE_MS)

/** Whether it is this message's turn. */
export const isDue = (message: Message, now: string) =>
  message.state === 'queued' && !isInFlight(message, now) && !(message.notBefore && now < message.notBefore)

/** A mail cannot be told from its repeat: after two tries that may have sent it there is none. A webhook's receiver knows the id. */
const isTooDoubtful = ({ channel, open, doubts }: Message) => channel === 'email' && open && doubts > 0

/** Why a message that is due is not to be tried again; undefined: it is. */
export const lastWord = (message: Message): string | undefined => {
  if (isTooDoubtful(message)) return 'it may have been sent twice, without an answer: ask the receiver'
  return message.tries >= MAX_TRIES ? `tried ${MAX_TRIES} times, last: ${message.reason ?? 'no answer'}` : undefined
}

/** Notes that a try begins, before it does. */
export const begin = (message: Message, { now }: Context): Decided => {
  const { notBefore: _, ...rest } = message
  const doubts = message.doubts + (message.open ? 1 : 0)
  return { message: { ...rest, open: true, startedAt: now, tries: message.tries + 1, doubts } }
}

const sent = (message: Message, providerId: string, context: Context): Decided => {
  const { reason: _, ...rest } = message
  const data = { ...facts(message), tries: message.tries }
  return {
    message: { ...rest, state: 'sent', open: false, sentAt: context.now, ...(providerId && { providerId }) },
    event: emit(context, 'message.sent.v1', message.id, data, { id: `evt_${message.id}_sent` }),
  }
}

export const fail = (message: Message, reason: string, context: Context): Decided => ({
  message: { ...message, state: 'failed', open: false, reason },
  event: emit(
    context,
    'message.failed.v1',
    message.id,
    { ...facts(message), tries: message.tries, reason },
    { id: `evt_${message.id}_failed` },
  ),
})

export const cancel = (message: Message, reason: string, context: Context): Decided => ({
  message: { ...message, state: 'cancelled', open: false, reason },
  event: emit(context, 'message.cancelled.v1', message.id, { ...facts(message), reason }, { id: `evt_${message.id}_cancelled` }),
})

/** What becomes of a message by the end of a try. */
export const settle = (message: Message, outcome: Outcome, context: Context): Decided => {
  if ('sent' in outcome) return sent(message, outcome.sent, context)
  if ('refused' in outcome) return fail(message, outcome.refused, context)
  const [open, reason] = 'later' in outcome ? [false, outcome.later] : [true, outcome.unsure]
  const tried: Message = { ...message, open, reason, notBefore: after(context.now, pauseAfter(message.tries)) }
  const end = lastWord(tried)
  return end ? fail(tried, end, context) : { message: tried }
}
