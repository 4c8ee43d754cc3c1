import type { Context } from '../core/context.ts'
import { isCode, unprocessable } from '../core/errors.ts'
import { inParallel } from '../core/parallel.ts'
import { agreed } from '../offers/acceptance.ts'
import { asBought } from '../offers/bought.ts'
import type { Offer } from '../offers/offer.ts'
import { isAcceptedOnce } from '../offers/worth.ts'
import type { AgreementSnapshot } from './agreement.ts'
import { commonOf, type Owner, transactionsOf } from './booking.ts'
import { itemBought } from './bought.ts'
import { type Dependencies as Corrections, correctedRows, correctOffers, isCertain, keepOwner } from './correction.ts'
import { type Dependencies as Keeping, keepBooks, recordAll } from './keeping.ts'
import { runningOf } from './running.ts'
import type { AgreementSource } from './source.ts'
import type { AgreementStore } from './store.ts'

export type Dependencies = Pick<Corrections, 'isRecorded' | 'idOf'> &
  Pick<Keeping, 'record'> & {
    marketplace: AgreementSnapshot['marketplace']
    source: AgreementSource
    store: Omit<AgreementStore, 'running' | 'ending' | 'resold' | 'standing'>
    offers: Corrections['offers'] & {
      ofExternalId: (marketplace: string, externalId: string) => Promise<string | undefined>
    }
    accounts: { ofBuyer: (buyer: { marketplace: 'aws' | 'azure'; id: string }) => Promise<string | undefined> }
    join: (accountId: string, partnerId: string, from: string, context: Context) => Promise<void>
    /**
     * Looks at the offers that are on their way: one may have been released, and accepted, before we heard of it. Throws `unavailable`
     * where that cannot be told yet.
     */
    catchUp: (context: Context) => Promise<void>
  }

const offerIdOf = async ({ offers, catchUp }: Dependencies, agreement: AgreementSnapshot, context: Context) => {
  const { marketplace, offerExternalId } = agreement
  if (!offerExternalId) return undefined
  const known = await offers.ofExternalId(marketplace, offerExternalId)
  if (known) return known
  await catchUp(context)
  return offers.ofExternalId(marketplace, offerExternalId)
}

const ownerOf = async (dependencies: Dependencies, agreement: AgreementSnapshot, context: Context): Promise<Owner> => {
  const { offers, accounts } = dependencies
  const { marketplace, buyerId } = agreement
  const offerId = await offerIdOf(dependencies, agreement, context)
  if (offerId) {
    const offer = await offers.get(offerId)
    return { accountId: offer.accountId, offer }
  }
  const accountId = await accounts.ofBuyer({ marketplace, id: buyerId })
  if (accountId) return { accountId }
  const message = `add ${buyerId} to the buyerIds of its account, then redrive this message`
  throw unprocessable(`agreement ${agreement.id} is neither of an offer of ours nor of a known buyer`, [
    { target: 'buyerId', message },
  ])
}

type Bought = { agreement: AgreementSnapshot; item: number | undefined }

const markOffer = async ({ offers }: Dependencies, offer: Offer, { agreement, item }: Bought, context: Context) => {
  if (!isAcceptedOnce(offer)) return
  const decided = agreed(offer, { ...agreement, agreementId: agreement.id, item }, context)
  if (decided.offer !== offer) await offers.save(decided, offer, context)
}

const sync = async (dependencies: Dependencies, agreementId: string, context: Context): Promise<AgreementSnapshot> => {
  // Before the agreement itself: what another reading learns meanwhile is newer than ours.
  const before = await dependencies.store.owners(dependencies.marketplace, agreementId)
  const agreement = await dependencies.source.read(agreementId)
  const owner = await ownerOf(dependencies, agreement, context)
  const { accountId, offer } = owner
  const item = offer && (await itemBought(dependencies.source, offer, agreement))
  const owners = await keepOwner(dependencies, agreement, commonOf(agreement, owner), before)
  await correctOffers(dependencies, agreement, commonOf(agreement, owner), context)
  if (offer) {
    if (isCertain(agreement, context))
      await dependencies.join(accountId, offer.partnerId, agreement.acceptedAt.slice(0, 10), context)
    await markOffer(dependencies, offer, { agreement, item }, context)
  }
  const sold: Owner = offer ? { accountId, offer: asBought(offer, item) } : owner
  const term = await keepBooks(dependencies, { agreement, owner: sold, owners }, context)
  const rows = transactionsOf(agreement, sold, dependencies.idOf)
  await recordAll(dependencies, [...term, ...(await correctedRows(dependencies, rows, owners, context))], context)
  const known = { owner: commonOf(agreement, sold), running: runningOf(agreement, sold) }
  await dependencies.store.synced(agreement, known, context.now)
  return agreement
}

/**
 * Reads an agreement and makes Cosell agree with it: the offer's dates, the partner's attachment, the books. May be repeated.
 * One that cannot be taken in is noted with the reason and tried again, whatever becomes of the message that named it.
 */
export const syncAgreement =
  (dependencies: Dependencies) =>
  async (agreementId: string, context: Context): Promise<AgreementSnapshot> => {
    const read = () => sync(dependencies, agreementId, context)
    try {
      // An event and a reconciling run often read the same agreement at once: the slower one begins again.
      return await read().catch((error: unknown) => (isCode(error, 'stale_version') ? read() : Promise.reject(error)))
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      const soon = isCode(error, 'unavailable') || isCode(error, 'stale_version')
      await dependencies.store.unsettled(dependencies.marketplace, agreementId, reason, soon ? undefined : context.now)
      throw error
    }
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
