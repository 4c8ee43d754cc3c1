import { emit } from '../../events/envelope.ts'
import type { Actor, Context } from '../core/context.ts'
import type { Outcome } from './marketplace.ts'
import {
  closed,
  type Decided,
  facts,
  must,
  type Offer,
  type OfferStatus,
  type Problem,
  type Submission,
  unchanged,
  withoutExtension,
} from './offer.ts'

/** How often a call is made that the marketplace breaks down over. */
export const MAX_ATTEMPTS = 5

const CALLS = {
  approved: { kind: 'create', status: 'submitting' },
  extending: { kind: 'extend', status: 'extending' },
  withdrawing: { kind: 'withdraw', status: 'withdrawing' },
  deleting: { kind: 'delete', status: 'deleting' },
} as const

/** The call that an offer in a status waits for; undefined: none. */
const waitingFor = (status: OfferStatus) => Object.entries(CALLS).find(([waiting]) => waiting === status)?.[1]

/** Whether the next call must go out now. */
export const isDue = ({ status, submission }: Offer) => waitingFor(status) !== undefined && !submission?.open

/** Notes that a call to the marketplace begins; `attempt` is part of the deterministic token. */
export const begin = (offer: Offer, context: Context): Decided => {
  must(offer, 'sent', 'approved', 'extending', 'withdrawing', 'deleting')
  const { kind, status } = waitingFor(offer.status) ?? CALLS.approved
  const attempt = (offer.submission?.attempt ?? 0) + 1
  return {
    offer: { ...offer, status, submission: { kind, attempt, startedAt: context.now, open: true } },
    events: [emit(context, 'offer.submission-started.v1', offer.id, { ...facts(offer), kind, attempt })],
  }
}

/** Notes that the same call goes out once more; without a trace of the one before there is nothing else to tell it by. */
export const again = (offer: Offer, { now }: Context): Decided => ({
  offer: { ...offer, ...(offer.submission && { submission: { ...offer.submission, repeatedAt: now } }) },
  events: [],
})

/** The marketplace has taken the call and works on it as `jobId`. */
export const started = (offer: Offer, jobId: string, context: Context): Decided => {
  if (!offer.submission || offer.submission.jobId === jobId) return unchanged(offer)
  return {
    offer: { ...offer, submission: { ...offer.submission, jobId } },
    events: [emit(context, 'offer.submission-accepted.v1', offer.id, { ...facts(offer), jobId, kind: offer.submission.kind })],
  }
}

export const release = (
  offer: Offer,
  { externalId, externalName, acceptanceLink, at }: Omit<Extract<Outcome, { state: 'succeeded' }>, 'state'>,
  context: Context,
): Decided => {
  if (offer.externalId === externalId && offer.status !== 'submitting') return unchanged(offer)
  must(offer, 'released', 'submitting')
  return {
    offer: {
      ...offer,
      ...closed(offer),
      status: 'released',
      externalId,
      releasedAt: at,
      ...(externalName && { externalName }),
      ...(acceptanceLink && { acceptanceLink }),
    },
    events: [emit(context, 'offer.released.v1', offer.id, { ...facts(offer), externalId }, { happened: at })],
  }
}

const REFUSED: Partial<Record<OfferStatus, OfferStatus>> = { submitting: 'failed', deleting: 'withdrawn' }

/** The marketplace refused for good: someone has to change something. What is there stays as it is when its change is refused. */
export const fail = (offer: Offer, problems: Problem[], context: Context): Decided => {
  must(offer, 'failed', 'submitting', 'extending', 'withdrawing', 'deleting')
  const status = REFUSED[offer.status] ?? 'released'
  return {
    offer: { ...withoutExtension(offer), ...closed(offer), status, problems },
    events: [emit(context, 'offer.failed.v1', offer.id, { ...facts(offer), problems })],
  }
}

/** The marketplace broke down over the job: the next attempt has a new token. */
export const retry = (offer: Offer, context: Context): Decided => {
  must(offer, 'tried again', 'submitting', 'extending', 'withdrawing', 'deleting')
  const status = offer.status === 'submitting' ? 'approved' : offer.status
  return {
    offer: { ...offer, status, ...closed(offer) },
    events: [emit(context, 'offer.retried.v1', offer.id, { ...facts(offer), attempt: offer.submission?.attempt ?? 0 })],
  }
}

const NOT_YET_SENT: OfferStatus[] = ['draft', 'pending-approval', 'approved', 'rejected', 'failed']

export const withdraw = (offer: Offer, reason: string, actor: Pick<Actor, 'subject'>, context: Context): Decided => {
  if (offer.status === 'withdrawn' || offer.status === 'withdrawing') return unchanged(offer)
  must(offer, 'withdrawn', ...NOT_YET_SENT, 'released')
  const status = offer.status === 'released' ? 'withdrawing' : 'withdrawn'
  const type = status === 'withdrawn' ? 'offer.withdrawn.v1' : 'offer.withdrawal-requested.v1'
  return {
    offer: { ...offer, status },
    events: [emit(context, type, offer.id, { ...facts(offer), by: actor.subject, reason })],
  }
}

export const withdrawn = (offer: Offer, context: Context): Decided => {
  must(offer, 'withdrawn', 'withdrawing')
  return {
    offer: { ...offer, ...closed(offer), status: 'withdrawn' },
    events: [emit(context, 'offer.withdrawn.v1', offer.id, { ...facts(offer), by: 'marketplace', reason: 'withdrawn' })],
  }
}

/** A later (or earlier) last day for an offer on the marketplace; also for one that has just expired. */
export const extend = (offer: Offer, expiresOn: string, actor: Actor, context: Context): Decided => {
  if (offer.status === 'extending' && offer.extension?.expiresOn === expiresOn) return unchanged(offer)
  must(offer, 'extended', 'released', 'expired')
  return {
    offer: { ...offer, status: 'extending', extension: { expiresOn }, problems: [] },
    events: [emit(context, 'offer.extension-requested.v1', offer.id, { ...facts(offer), by: actor.subject, on: expiresOn })],
  }
}

export const extended = (offer: Offer, context: Context): Decided => {
  must(offer, 'extended', 'extending')
  const expiresOn = offer.extension?.expiresOn ?? offer.expiresOn
  return {
    offer: { ...withoutExtension(offer), ...closed(offer), status: 'released', expiresOn },
    events: [emit(context, 'offer.extended.v1', offer.id, { ...facts(offer), on: expiresOn })],
  }
}

export type Call = Pick<Submission, 'kind' | 'attempt'>

/** The call that is open, or was the last word on a published offer; otherwise the one that would come next. */
export const callOf = ({ submission, status, externalId }: Offer): Call => {
  const next = waitingFor(status)
  if (submission && (submission.open || (externalId && !next))) return submission
  return { kind: next?.kind ?? 'create', attempt: (submission?.attempt ?? 0) + 1 }
}
