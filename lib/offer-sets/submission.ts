import { emit } from '../../events/envelope.ts'
import type { Context } from '../core/context.ts'
import type { Problem } from '../offers/offer.ts'
import { type Decided, facts, must, type OfferSet, type Submission, unchanged } from './offer-set.ts'

type Kind = Submission['kind']

const CALLS = {
  create: { from: ['requested'], status: 'creating' },
  release: { from: ['preparing'], status: 'releasing' },
} as const

const closed = ({ submission }: OfferSet) => (submission ? { submission: { ...submission, open: false } } : {})

/** Notes that a call begins; `offers` are the marketplace's ids of what is released. The attempt is part of the token. */
export const begin = (set: OfferSet, kind: Kind, offers: string[], context: Context): Decided => {
  const { from, status } = CALLS[kind]
  must(set, 'sent', ...from)
  const attempt = (set.submission?.kind === kind ? set.submission.attempt : 0) + 1
  return {
    set: { ...set, status, problems: [], submission: { kind, attempt, startedAt: context.now, open: true, offers } },
    events: [emit(context, 'offer-set.submission-started.v1', set.id, { ...facts(set), kind, attempt })],
  }
}

/** The marketplace has taken the call and works on it as `jobId`. */
export const started = (set: OfferSet, jobId: string, context: Context): Decided => {
  if (!set.submission || set.submission.jobId === jobId) return unchanged(set)
  const { kind } = set.submission
  return {
    set: { ...set, submission: { ...set.submission, jobId } },
    events: [emit(context, 'offer-set.submission-accepted.v1', set.id, { ...facts(set), kind, jobId })],
  }
}

/** The set is there, without offers: now they can be made for it. */
export const created = (set: OfferSet, externalId: string, at: string, context: Context): Decided => {
  must(set, 'created', 'creating')
  return {
    set: { ...set, ...closed(set), status: 'preparing', externalId },
    events: [emit(context, 'offer-set.created.v1', set.id, { ...facts(set), externalId }, { happened: at })],
  }
}

export const released = (set: OfferSet, externalId: string, at: string, context: Context): Decided => {
  must(set, 'released', 'releasing')
  return {
    set: { ...set, ...closed(set), status: 'released', releasedAt: at },
    events: [emit(context, 'offer-set.released.v1', set.id, { ...facts(set), externalId }, { happened: at })],
  }
}

/** The marketplace refused for good: someone has to change something, then the set can be resumed. */
export const fail = (set: OfferSet, problems: Problem[], context: Context): Decided => {
  must(set, 'failed', 'creating', 'releasing')
  return {
    set: { ...set, ...closed(set), status: 'failed', problems },
    events: [emit(context, 'offer-set.failed.v1', set.id, { ...facts(set), problems })],
  }
}

/** The marketplace broke down over the call: the next attempt has a new token. */
export const retry = (set: OfferSet, context: Context): Decided => {
  must(set, 'tried again', 'creating', 'releasing')
  const { kind = 'create', attempt = 0 } = set.submission ?? {}
  return {
    set: { ...set, ...closed(set), status: kind === 'create' ? 'requested' : 'preparing' },
    events: [emit(context, 'offer-set.retried.v1', set.id, { ...facts(set), kind, attempt })],
  }
}
