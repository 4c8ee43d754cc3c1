import { type Context, today } from '../core/context.ts'
import { isCode, unavailable } from '../core/errors.ts'
import { inParallel } from '../core/parallel.ts'
import { accept, expire } from './acceptance.ts'
import { deleted } from './deletion.ts'
import { type Gate, openGate } from './gate.ts'
import { handOver } from './handover.ts'
import type { Marketplace, Outcome } from './marketplace.ts'
import { type Decided, type Offer, type OfferStatus, type Problem, unchanged } from './offer.ts'
import type { OfferStore } from './store.ts'
import { again, begin, extended, fail, isDue, MAX_ATTEMPTS, release, retry, started, withdrawn } from './submission.ts'

// What Cosell does by itself with an offer: send it, follow the job, look for the acceptance. Every step may be repeated after a crash.

/** The offers are all of this one marketplace. Those that are followed together share a gate. */
export type Dependencies = { store: OfferStore; marketplace: Marketplace; gate?: Gate }

const keep = async (store: OfferStore, decided: Decided, before: Offer, context: Context) =>
  decided.offer === before ? before : store.save(decided, before, context)

const succeed = (offer: Offer, outcome: Extract<Outcome, { state: 'succeeded' }>, context: Context): Decided => {
  if (offer.submission?.kind === 'delete') return deleted(offer, context)
  if (offer.submission?.kind === 'withdraw') return withdrawn(offer, context)
  return offer.submission?.kind === 'extend' ? extended(offer, context) : release(offer, outcome, context)
}

const conclude = (offer: Offer, outcome: Outcome, context: Context): Decided => {
  if (outcome.state === 'running') return { offer, events: [] }
  if (outcome.state === 'succeeded') return succeed(offer, outcome, context)
  const again = outcome.retry && (offer.submission?.attempt ?? 0) < MAX_ATTEMPTS
  return again ? retry(offer, context) : fail(offer, outcome.problems, context)
}

const ANOTHER_PLAN: Problem = {
  code: 'PLAN_CHANGED',
  target: 'planHash',
  message:
    'the request is no longer the one that was approved, most likely since Cosell was updated meanwhile: submit the offer again',
}

/** What is sent for an offer is what was submitted and approved, to the letter. */
const isAsApproved = (offer: Offer, { plan }: Marketplace, context: Context) =>
  offer.submission?.kind !== 'create' || !offer.planHash || plan(offer, today(context)).hash === offer.planHash

const send = async ({ store, marketplace }: Dependencies, offer: Offer, context: Context) => {
  const sent = isAsApproved(offer, marketplace, context) ? await marketplace.send(offer) : { refused: [ANOTHER_PLAN] }
  const decided = 'jobId' in sent ? started(offer, sent.jobId, context) : fail(offer, sent.refused, context)
  return keep(store, decided, offer, context)
}

const isSafeToRepeat = ({ submission }: Offer, { recoverySeconds }: Marketplace, context: Context) =>
  Date.parse(context.now) - Date.parse(submission?.repeatedAt ?? submission?.startedAt ?? context.now) >= recoverySeconds * 1000

/** The answer to a call was lost: adopt what the marketplace made of it, or repeat it once it surely made nothing. */
const recover = async (dependencies: Dependencies, offer: Offer, context: Context) => {
  const { store, marketplace } = dependencies
  const trace = await marketplace.recover(offer)
  if (!trace && !isSafeToRepeat(offer, marketplace, context)) return offer
  if (!trace) return send(dependencies, await store.save(again(offer, context), offer, context), context)
  const decided = 'jobId' in trace ? started(offer, trace.jobId, context) : conclude(offer, trace.outcome, context)
  return keep(store, decided, offer, context)
}

const watch = async ({ store, marketplace }: Dependencies, offer: Offer, context: Context) => {
  const news = await marketplace.acceptance(offer)
  if (news && 'at' in news) return keep(store, accept(offer, news, context), offer, context)
  const handed = news ? handOver(offer, news, context) : unchanged(offer)
  return keep(store, handed.events.length ? handed : expire(offer, context), offer, context)
}

/** Begins the call that is due, or leaves it to a later step when the marketplace has no place for it. */
const start = async (dependencies: Dependencies, offer: Offer, context: Context) => {
  const { store, marketplace, gate = openGate(store, marketplace, offer.marketplace) } = dependencies
  if (!(await gate())) return offer
  return send(dependencies, await store.save(begin(offer, context), offer, context), context)
}

const step = async (dependencies: Dependencies, offer: Offer, context: Context): Promise<Offer> => {
  const { store, marketplace } = dependencies
  if (isDue(offer)) return start(dependencies, offer, context)
  if (offer.submission?.open && !offer.submission.jobId) return recover(dependencies, offer, context)
  if (offer.submission?.open) {
    const outcome = await marketplace.observe(offer)
    return keep(store, conclude(offer, outcome, context), offer, context)
  }
  return offer.status === 'released' ? watch(dependencies, offer, context) : offer
}

/**
 * Takes the offer one step on, whatever it waits for; returns its state after the step. Safe to call at any time and again: where
 * the queue and the reconciler meet over one offer, the first takes the step and the other finds it taken.
 */
export const followOffer =
  (dependencies: Dependencies) =>
  async (id: string, context: Context): Promise<Offer> => {
    try {
      return await step(dependencies, await dependencies.store.get(id), context)
    } catch (error) {
      if (isCode(error, 'stale_version')) return dependencies.store.get(id)
      throw error
    }
  }

// What ends makes room for what begins.
const OPEN = ['submitting', 'extending', 'withdrawing', 'deleting', 'approved', 'released'] as const
const AT_ONCE = 4

export type Run = { context: () => Context; isOver: () => boolean; onError: (error: unknown, offerId: string) => void }

const rotated = <T>(items: T[], now: string): T[] => {
  const start = items.length ? (Math.floor(Date.parse(now) / 60_000) * 37) % items.length : 0
  return [...items.slice(start), ...items.slice(0, start)]
}

/**
 * Takes every open offer of a marketplace one step on and returns those that moved. One that fails does not hold up the others, and
 * where there are too many for one run, every run begins elsewhere.
 */
export const followAll =
  (dependencies: Dependencies, name: Offer['marketplace']) =>
  async ({ context, isOver, onError }: Run): Promise<Offer[]> => {
    const moved: Offer[] = []
    const gated = { ...dependencies, gate: openGate(dependencies.store, dependencies.marketplace, name) }
    const follow = async (id: string, status: OfferStatus) => {
      const after = isOver() ? undefined : await followOffer(gated)(id, context())
      if (after && after.status !== status) moved.push(after)
    }
    for (const status of OPEN) {
      const ids = await Array.fromAsync(dependencies.store.idsWithStatus(status, name))
      const one = (id: string) => follow(id, status).catch((error: unknown) => onError(error, id))
      await inParallel(rotated(ids, context().now), AT_ONCE, one)
    }
    return moved
  }

/** Looks at every offer that is on its way to the marketplace. Throws `unavailable` while one of them has not arrived. */
export const catchUp =
  (dependencies: Dependencies, name: Offer['marketplace']) =>
  async (context: Context): Promise<void> => {
    for await (const id of dependencies.store.idsWithStatus('submitting', name)) {
      const { status } = await followOffer(dependencies)(id, context)
      if (status === 'submitting')
        throw unavailable(`offer ${id} is on its way to the marketplace: whose agreement this is shows then`)
    }
  }
