import type { Context } from '../core/context.ts'
import { isCode } from '../core/errors.ts'
import { agreed } from '../offers/acceptance.ts'
import { asBought, isChoice } from '../offers/bought.ts'
import type { Offer } from '../offers/offer.ts'
import { isAcceptedOnce } from '../offers/worth.ts'
import type { AgreementSnapshot } from './agreement.ts'
import { transactionsOf } from './billing.ts'
import { itemBought } from './bought.ts'
import { type Dependencies as Corrections, correctedRows, correctOffers, isCertain, keepOwner } from './correction.ts'
import { hasOneOffer } from './handover.ts'
import { type Dependencies as Keeping, keepBooks, recordAll } from './keeping.ts'
import { commonOf, type Owner } from './owned.ts'
import { type Dependencies as Owners, ownerOf } from './owner.ts'
import { runningOf } from './running.ts'
import type { AgreementSource } from './source.ts'
import type { AgreementStore } from './store.ts'

export type Dependencies = Pick<Corrections, 'isRecorded' | 'idOf'> &
  Pick<Keeping, 'record'> &
  Pick<Owners, 'accounts' | 'catchUp'> & {
    marketplace: AgreementSnapshot['marketplace']
    source: AgreementSource
    store: Omit<AgreementStore, 'running' | 'ending' | 'resold' | 'standing' | 'ownerOf' | 'chain'>
    offers: Corrections['offers'] & Owners['offers']
    join: (accountId: string, partnerId: string, from: string, context: Context) => Promise<void>
  }

/** Of several items of an offer the one whose plan it is; as long as it has the same plan, the one that it was before. */
const itemOf = async ({ source, store }: Dependencies, offer: Offer, agreement: AgreementSnapshot) => {
  const told = await itemBought(source, offer, agreement)
  if (told !== undefined || !isChoice(offer)) return told
  const known = await store.lastKnown(agreement.marketplace, agreement.id)
  return known?.planId === agreement.plan?.id ? known?.item : undefined
}

const later = (a: string, b: string | undefined) => (b && b > a ? b : a)

/** When an agreement became the offer's. A subscription that goes on with a new offer is older than that. */
const begunAt = ({ acceptedAt, ...agreement }: AgreementSnapshot, offer: Offer) =>
  hasOneOffer(agreement) ? acceptedAt : later(acceptedAt, offer.acceptedAt ?? offer.releasedAt)

type Bought = { agreement: AgreementSnapshot; item: number | undefined }

const markOffer = async ({ offers }: Dependencies, offer: Offer, { agreement, item }: Bought, context: Context) => {
  if (!isAcceptedOnce(offer)) return
  const acceptedAt = begunAt(agreement, offer)
  const activatedAt = agreement.activatedAt && later(agreement.activatedAt, acceptedAt)
  const decided = agreed(offer, { agreementId: agreement.id, acceptedAt, activatedAt, item }, context)
  if (decided.offer !== offer) await offers.save(decided, offer, context)
}

const sync = async (dependencies: Dependencies, agreementId: string, context: Context): Promise<AgreementSnapshot> => {
  // Before the agreement itself: what another reading learns meanwhile is newer than ours.
  const before = await dependencies.store.owners(dependencies.marketplace, agreementId)
  const agreement = await dependencies.source.read(agreementId)
  const owner = await ownerOf(dependencies, agreement, context)
  const { accountId, offer } = owner
  const item = offer && (await itemOf(dependencies, offer, agreement))
  const owners = await keepOwner(dependencies, agreement, commonOf(agreement, owner), before)
  await correctOffers(dependencies, agreement, commonOf(agreement, owner), context)
  if (offer) {
    if (isCertain(agreement, context))
      await dependencies.join(accountId, offer.partnerId, begunAt(agreement, offer).slice(0, 10), context)
    await markOffer(dependencies, offer, { agreement, item }, context)
  }
  const sold: Owner = offer ? { accountId, offer: asBought(offer, item) } : owner
  const term = await keepBooks(dependencies, { agreement, owner: sold, owners }, context)
  const rows = transactionsOf(agreement, sold, dependencies.idOf)
  await recordAll(dependencies, [...term, ...(await correctedRows(dependencies, rows, owners, context))], context)
  const known = { owner: commonOf(agreement, sold), item, running: runningOf(agreement, sold) }
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
