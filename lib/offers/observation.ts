import { emit } from '../../events/envelope.ts'
import { Observation } from '../../events/offer.ts'
import type { Actor, Context } from '../core/context.ts'
import { invalid } from '../core/errors.ts'
import { Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { type Decided, facts, must, type Offer } from './offer.ts'

// What no marketplace tells by its API, and somebody sees: the sender of the mail, a landing page, a person in the marketplace's portal.

export const ObservationReport = z.strictObject({
  state: Observation,
  at: z.described(z.optional(Instant), 'when it was so; default: now'),
})
export type ObservationReport = z.infer<typeof ObservationReport>

const GONE = ['withdrawn', 'expired'] as const

/** Notes what was seen of an offer. Its id is made of what was seen and when, so that the same report twice is one event. */
export const observe = (offer: Offer, report: ObservationReport, actor: Actor, context: Context): Decided => {
  const { state, at = context.now } = report
  if (state === 'deleted') must(offer, state, ...GONE)
  else must(offer, state, 'released', 'extending', 'withdrawing', 'accepted', ...GONE)
  if (at > context.now)
    throw invalid('nobody can have seen it yet', [{ target: 'at', message: `must not be after ${context.now}` }])
  const id = `evt_observed:${offer.id}:${state}:${at}`
  const data = { ...facts(offer), state, by: actor.subject }
  return { offer, events: [emit(context, 'offer.observed.v1', offer.id, data, { happened: at, id })] }
}
