import type { Context } from '../core/context.ts'
import { unprocessable } from '../core/errors.ts'
import type { Offer } from '../offers/offer.ts'
import type { AgreementSnapshot } from './agreement.ts'
import type { Owner } from './owned.ts'
import type { LastKnown } from './store.ts'

export type Dependencies = {
  offers: {
    get: (id: string) => Promise<Offer>
    ofExternalId: (marketplace: string, externalId: string) => Promise<string | undefined>
  }
  accounts: { ofBuyer: (buyer: { marketplace: 'aws' | 'azure'; id: string }) => Promise<string | undefined> }
  store: { lastKnown: (marketplace: AgreementSnapshot['marketplace'], id: string) => Promise<LastKnown | undefined> }
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

/** A subscription stays its account's. Where Microsoft names no offer, it is its offer's too as long as it has the same plan. */
export const asBefore = async ({ store }: Pick<Dependencies, 'store'>, agreement: AgreementSnapshot) => {
  const { marketplace, id, plan, offerExternalId } = agreement
  const known = plan ? await store.lastKnown(marketplace, id) : undefined
  const isStill = !offerExternalId && known?.planId === plan?.id
  return known && { accountId: known.owner.accountId, ...(isStill && { offerId: known.owner.offerId }) }
}

/** Whose an agreement is: its offer tells the account, or else what was known of it does, or the buyer. `unprocessable`: nobody's. */
export const ownerOf = async (dependencies: Dependencies, agreement: AgreementSnapshot, context: Context): Promise<Owner> => {
  const { offers, accounts } = dependencies
  const { marketplace, buyerId } = agreement
  const named = await offerIdOf(dependencies, agreement, context)
  const before = named ? undefined : await asBefore(dependencies, agreement)
  const offerId = named ?? before?.offerId
  if (offerId) {
    const offer = await offers.get(offerId)
    return { accountId: offer.accountId, offer }
  }
  const accountId = before?.accountId ?? (await accounts.ofBuyer({ marketplace, id: buyerId }))
  if (accountId) return { accountId }
  const message = `add ${buyerId} to the buyerIds of its account, then redrive this message`
  throw unprocessable(`agreement ${agreement.id} is neither of an offer of ours nor of a known buyer`, [
    { target: 'buyerId', message },
  ])
}
