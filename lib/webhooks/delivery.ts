import { emit } from '../../events/envelope.ts'
import type { WebhookEvent } from '../../events/webhook.ts'
import type { Context } from '../core/context.ts'
import { conflict } from '../core/errors.ts'
import { Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'
import type { Entry } from '../feed/sequence.ts'
import type { Outcome } from './outcome.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** The pause after the first failure, the second …; after the last of them it stays. */
const PAUSES_MS = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
] as const
const LONGEST_PAUSE_MS = 12 * HOUR_MS
/** Calls that fail together are not repeated together: a pause is longer by up to this share. */
const SPREAD = 0.2
/** After its first failure an event is tried for so long. */
export const TRIED_FOR_MS = 72 * HOUR_MS
const PROBE_MS = 10 * MINUTE_MS

export const DeliveryState = z.enum(['open', 'delivered', 'dead'])
export type DeliveryState = z.infer<typeof DeliveryState>

const seen = {
  id: z.described(z.string(), 'the webhook-id of its calls'),
  webhookId: z.string(),
  eventId: z.string(),
  type: z.string(),
  state: z.described(DeliveryState, 'dead: it was tried for three days'),
  attempts: z.int(),
  firstAt: Instant,
  lastAt: Instant,
  nextAt: z.described(z.optional(Instant), 'not tried again before'),
  status: z.optional(z.int()),
  reason: z.optional(z.string()),
}
export const DeliveryView = z.named(z.object(seen), 'WebhookDelivery')
export type DeliveryView = z.infer<typeof DeliveryView>

/** An event that could not be sent at once; `partition` is where it lies. */
export const Delivery = z.object({ ...seen, partition: z.string(), version: z.int() })
export type Delivery = z.infer<typeof Delivery>

export const viewOf = ({ partition: _, version: __, ...delivery }: Delivery): DeliveryView => delivery

export const entryOf = ({ partition: pk, eventId: id, type }: Delivery): Entry => ({ pk, id, type })

const after = (instant: string, milliseconds: number) => new Date(Date.parse(instant) + milliseconds).toISOString()

/**
 * When to try again after so many failures, the last of them now; undefined: not any more. `jitter` is from 0 to 1. The last try is three
 * days after the first.
 */
export const nextTry = (
  { attempts, firstAt }: Pick<Delivery, 'attempts' | 'firstAt'>,
  now: string,
  jitter: number,
  retryAfterMs = 0,
): string | undefined => {
  const end = Date.parse(firstAt) + TRIED_FOR_MS
  if (Date.parse(now) >= end) return undefined
  const pause = PAUSES_MS[attempts - 1] ?? LONGEST_PAUSE_MS
  const next = Date.parse(now) + Math.max(retryAfterMs, Math.round(pause * (1 + SPREAD * jitter)))
  return new Date(Math.min(next, end)).toISOString()
}

/** An event whose first call is about to be noted. `before` is its delivery of an earlier drive. */
export const begun = (webhookId: string, id: string, entry: Entry, before: Delivery | undefined, now: string): Delivery => {
  if (before?.state === 'open') return before
  const { pk: partition, id: eventId, type } = entry
  return {
    id,
    webhookId,
    partition,
    eventId,
    type,
    state: 'open',
    attempts: 0,
    firstAt: now,
    lastAt: now,
    version: before?.version ?? 0,
  }
}

/** What becomes of a delivery by a call. */
export const tried = (delivery: Delivery, outcome: Outcome, now: string, jitter: number): Delivery => {
  const { nextAt: _, status: __, reason: ___, ...rest } = delivery
  const noted: Delivery = { ...rest, attempts: delivery.attempts + 1, lastAt: now }
  if (outcome.delivered) return { ...noted, state: 'delivered' }
  const { status, reason, retryAfterMs } = outcome
  const nextAt = nextTry(noted, now, jitter, retryAfterMs)
  return { ...noted, state: nextAt ? 'open' : 'dead', ...(nextAt && { nextAt }), ...(status !== undefined && { status }), reason }
}

/** Whether it is a delivery's turn. The one that tells whether an endpoint takes anything again is tried every ten minutes. */
export const isDue = ({ nextAt = '', lastAt }: Delivery, now: string, isProbe: boolean) =>
  nextAt <= now || (isProbe && after(lastAt, PROBE_MS) <= now)

/** Tried anew, for three days from now on. */
export const reopened = (delivery: Delivery, now: string): Delivery => {
  if (delivery.state === 'delivered') throw conflict(`${delivery.id} was taken: redrive the webhook from a cursor before it`)
  return { ...delivery, state: 'open', attempts: 0, firstAt: now, nextAt: now }
}

export const deadEvent = (delivery: Delivery, context: Context): WebhookEvent => {
  const { webhookId, id: deliveryId, eventId, type: eventType, attempts, reason = '' } = delivery
  return emit(context, 'webhook.dead.v1', webhookId, { webhookId, deliveryId, eventId, eventType, attempts, reason })
}
