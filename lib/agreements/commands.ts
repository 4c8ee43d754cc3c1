import type { Actor, Context } from '../core/context.ts'
import { inParallel } from '../core/parallel.ts'
import type { Offer } from '../offers/offer.ts'
import { chained } from './chain.ts'
import { type Dependencies, syncAgreement } from './read.ts'
import type { AgreementStore } from './store.ts'

type Desk = {
  store: Pick<AgreementStore, 'chain'>
  /** The offer, if the actor may see it. */
  offer: (actor: Actor, id: string) => Promise<Pick<Offer, 'marketplace' | 'agreementId'>>
}

/** The agreements that the one of an offer belongs with, in their order; a partner is told its own. */
export const getAgreements =
  ({ store, offer }: Desk) =>
  async (actor: Actor, offerId: string) => {
    const { marketplace, agreementId } = await offer(actor, offerId)
    const all = chained(agreementId ? await store.chain(marketplace, agreementId) : [])
    return { items: all.filter(({ partnerId }) => actor.role !== 'partner' || partnerId === actor.partnerId) }
  }

const OVERLAP_MS = 3_600_000
const DAILY_MS = 86_400_000
const AT_ONCE = 4

const earlier = (instant: string, ms: number) => new Date(Date.parse(instant) - ms).toISOString()

export type Run = {
  context: () => Context
  /** Whether the run must stop: what is left is for the next one. */
  isOver: () => boolean
  onError: (error: unknown, agreementId: string) => Promise<void>
}

/**
 * Reads again what changed at the marketplace since the last time (with an overlap: its clock is not ours), and once a day every
 * agreement that may still bring invoices, since a new invoice is no change of an agreement. A run that ends early is gone on with by
 * the next one, which passes over what was read since the first began.
 */
export const reconcileAgreements =
  (dependencies: Dependencies) =>
  async ({ context, isOver, onError }: Run): Promise<void> => {
    const { source, store, marketplace } = dependencies
    const { since, startedAt } = await store.beginCycle(marketplace, context().now)
    const changed = source.changedSince(earlier(since, OVERLAP_MS))
    const due = store.syncedBefore(marketplace, earlier(startedAt, DAILY_MS))
    const read = async (id: string) => {
      if (isOver() || (await store.syncedAt(marketplace, id)) >= startedAt) return
      await syncAgreement(dependencies)(id, context()).catch(async (error: unknown) => {
        await onError(error, id)
        // What could not even be noted would be forgotten with this cycle: it stays open, and the next run begins where it did.
        if (!(await store.syncedAt(marketplace, id))) throw error
      })
    }
    for (const ids of [changed, due]) await inParallel(ids, AT_ONCE, read)
    if (!isOver()) await store.endCycle(marketplace, startedAt)
  }
