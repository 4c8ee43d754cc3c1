import type { Context } from '../core/context.ts'
import { isCode } from '../core/errors.ts'
import { inParallel } from '../core/parallel.ts'
import type { Offer, Decided as OfferDecided, OfferStatus } from '../offers/offer.ts'
import { MAX_ATTEMPTS, withdraw } from '../offers/submission.ts'
import type { Outcome, SetMarketplace } from './marketplace.ts'
import { freed, isLive, isOf, isStuck, type Moved, placed } from './members.ts'
import { type Decided, type OfferSet, type OfferSetStatus, unchanged } from './offer-set.ts'
import { isComplete, judged, takenBack, watched } from './progress.ts'
import type { OfferSetStore } from './store.ts'
import { begin, created, fail, released, retry, started } from './submission.ts'

// What Cosell does by itself with a set: make it, give its offers its id, release it when all of them are, see what becomes of it.
// Every step may be repeated after a crash.

export type Dependencies = {
  store: OfferSetStore
  marketplace: SetMarketplace
  offers: {
    get: (id: string) => Promise<Offer>
    save: (decided: OfferDecided, before: Offer, context: Context) => Promise<Offer>
  }
}

const keep = async ({ store }: Dependencies, decided: Decided, before: OfferSet, context: Context): Promise<OfferSet> =>
  decided.set === before ? before : store.save(decided, context)

const send = async (dependencies: Dependencies, set: OfferSet, context: Context) => {
  const sent = await dependencies.marketplace.send(set)
  const decided = 'jobId' in sent ? started(set, sent.jobId, context) : fail(set, sent.refused, context)
  return keep(dependencies, decided, set, context)
}

/** Stores that the call begins, then makes it: what happens between is found by `recover`. */
const call = async (dependencies: Dependencies, decided: Decided, context: Context) =>
  send(dependencies, await dependencies.store.save(decided, context), context)

const recover = async (dependencies: Dependencies, set: OfferSet, context: Context) => {
  const trace = await dependencies.marketplace.recover(set)
  return trace ? keep(dependencies, started(set, trace.jobId, context), set, context) : send(dependencies, set, context)
}

const concluded = (set: OfferSet, outcome: Outcome, context: Context): Decided => {
  if (outcome.state === 'running') return unchanged(set)
  const { kind, attempt } = set.submission ?? { kind: 'create', attempt: 0 }
  if (outcome.state === 'failed')
    return outcome.retry && attempt < MAX_ATTEMPTS ? retry(set, context) : fail(set, outcome.problems, context)
  const succeed = kind === 'create' ? created : released
  return succeed(set, outcome.externalId, outcome.at, context)
}

const membersOf = ({ offers }: Dependencies, { offerIds }: OfferSet) => Promise.all(offerIds.map(offers.get))

const moveTo = async ({ offers }: Dependencies, moved: Moved | undefined, offer: Offer, context: Context) =>
  moved ? offers.save({ offer: moved.offer, events: [] }, moved.before, context) : offer

/** Gives the drafts the id of their set, then releases the set once all of them are released. */
const prepare = async (dependencies: Dependencies, set: OfferSet, context: Context): Promise<OfferSet> => {
  const offers: Offer[] = []
  for (const offer of await membersOf(dependencies, set))
    offers.push(await moveTo(dependencies, placed(offer, set), offer, context))
  const ready = await keep(dependencies, judged(set, offers, context), set, context)
  if (ready.problems.length || !isComplete(offers)) return ready
  const ids = offers.map(({ externalId = '' }) => externalId)
  return call(dependencies, begin(ready, 'release', ids, context), context)
}

/** Looks what has become of the call; a set that has just been made gives its drafts its id at once. */
const look = async (dependencies: Dependencies, set: OfferSet, context: Context): Promise<OfferSet> => {
  const outcome = await dependencies.marketplace.observe(set)
  const after = await keep(dependencies, concluded(set, outcome, context), set, context)
  return outcome.state === 'succeeded' && after.status === 'preparing' ? prepare(dependencies, after, context) : after
}

const WAITING: OfferStatus[] = ['submitting', 'extending', 'withdrawing']

const isToGo = (offer: Offer) => isLive(offer) && !WAITING.includes(offer.status) && !isStuck(offer)

/** What the marketplace does not have is free again, everything else is withdrawn as soon as it can be. */
const takeBack = async (dependencies: Dependencies, set: OfferSet, context: Context): Promise<OfferSet> => {
  const { by: subject = '', reason = '' } = set.withdrawal ?? {}
  const left: Offer[] = []
  for (const offer of await membersOf(dependencies, set)) {
    const kept = await moveTo(dependencies, freed(offer, set), offer, context)
    if (!isOf(set, kept)) continue
    const decided = isToGo(kept) ? withdraw(kept, reason, { subject }, context) : undefined
    left.push(decided ? await dependencies.offers.save(decided, kept, context) : kept)
  }
  return keep(dependencies, takenBack(set, left, context), set, context)
}

const step = async (dependencies: Dependencies, set: OfferSet, context: Context): Promise<OfferSet> => {
  if (set.submission?.open) return set.submission.jobId ? look(dependencies, set, context) : recover(dependencies, set, context)
  switch (set.status) {
    case 'requested':
      return call(dependencies, begin(set, 'create', [], context), context)
    case 'preparing':
    case 'attention-needed':
      return prepare(dependencies, set, context)
    case 'released':
      return keep(dependencies, watched(set, await membersOf(dependencies, set), context), set, context)
    case 'withdrawing':
      return takeBack(dependencies, set, context)
    default:
      return set
  }
}

/** Takes the set one step on, whatever it waits for. Safe to call at any time and again: who comes second finds the step taken. */
export const followSet =
  (dependencies: Dependencies) =>
  async (id: string, context: Context): Promise<OfferSet> => {
    try {
      return await step(dependencies, await dependencies.store.get(id), context)
    } catch (error) {
      if (isCode(error, 'stale_version')) return dependencies.store.get(id)
      throw error
    }
  }

// What ends makes room for what begins.
const OPEN: OfferSetStatus[] = ['creating', 'releasing', 'requested', 'preparing', 'attention-needed', 'released', 'withdrawing']
const AT_ONCE = 4

export type Run = { context: () => Context; isOver: () => boolean; onError: (error: unknown, setId: string) => Promise<void> }

/** Takes every open set one step on; one that fails does not hold up the others. */
export const followSets =
  (dependencies: Dependencies) =>
  async ({ context, isOver, onError }: Run): Promise<void> => {
    const follow = async (id: string) => {
      if (!isOver()) await followSet(dependencies)(id, context()).catch((error: unknown) => onError(error, id))
    }
    for (const status of OPEN) {
      const ids = await Array.fromAsync(dependencies.store.idsWithStatus(status))
      await inParallel(ids, AT_ONCE, follow)
    }
  }
