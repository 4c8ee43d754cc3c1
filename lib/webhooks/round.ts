import type { WebhookEvent } from '../../events/webhook.ts'
import type { Context } from '../core/context.ts'
import { type Delivery, deadEvent } from './delivery.ts'
import type { Endpoint, Held, Progress } from './endpoint.ts'
import { isGone, type Outcome } from './outcome.ts'
import { pause } from './registration.ts'

/** At so many that wait for it an endpoint is failing: the feed waits, until it takes the oldest of them. */
export const MAX_WAITING = 100
/** So many are sent between two notes of it: what a crash sends twice. */
export const ROUND = 10
/** A round takes less, or its calls are not in time for themselves. */
const LEASE_MS = 150_000

/** What happened in a round: how far it came in the feed, what is put aside or was tried again, and how each call ended, in order. */
export type Round = { cursor: string; deliveries: Delivery[]; outcomes: Outcome[] }

/** What is to be kept, all or nothing. */
export type Kept = { endpoint?: Endpoint; progress?: Progress; deliveries?: Delivery[]; events?: WebhookEvent[] }

export const isLeased = ({ leasedUntil }: Progress, now: string) => leasedUntil !== undefined && leasedUntil > now

/** Noted before a round, so that nobody else begins one. */
export const leased = (progress: Progress, now: string): Progress => ({
  ...progress,
  leasedUntil: new Date(Date.parse(now) + LEASE_MS).toISOString(),
})

/** It is failing from the failure on at which too much waits, until it takes something. */
const isFailing = ({ failing }: Progress, last: Outcome | undefined, waiting: number) => {
  if (!last) return failing
  return !last.delivered && (failing || waiting >= MAX_WAITING)
}

/** `waiting`: how many wait for the endpoint now. A receiver that is gone is not called again before someone resumes it. */
export const settled = (
  { endpoint, progress }: Held,
  { cursor, deliveries, outcomes }: Round,
  waiting: number,
  context: Context,
): Kept => {
  const gone = outcomes.find(isGone)
  const paused = gone && !gone.delivered ? pause(endpoint, gone.reason, { subject: 'receiver' }, context) : undefined
  const dead = deliveries.filter(({ state }) => state === 'dead').map((each) => deadEvent(each, context))
  const { leasedUntil: _, ...rest } = progress
  return {
    ...(paused && { endpoint: paused.endpoint }),
    progress: { ...rest, cursor, failing: isFailing(progress, outcomes.at(-1), waiting) },
    deliveries,
    events: [...(paused?.events ?? []), ...dead],
  }
}
