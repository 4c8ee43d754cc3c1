import type { Context } from '../core/context.ts'
import { agreed } from '../offers/acceptance.ts'
import type { Resold } from './aws-events.ts'
import type { Dependencies } from './read.ts'
import type { AgreementStore } from './store.ts'

type Needed = Pick<Dependencies, 'catchUp' | 'join'> & {
  offers: Pick<Dependencies['offers'], 'get' | 'ofExternalId' | 'save'>
  store: Pick<AgreementStore, 'resold'>
}

const offerOf = async ({ offers, catchUp }: Needed, authorizationId: string, context: Context) => {
  const known = await offers.ofExternalId('aws', authorizationId)
  if (known) return known
  await catchUp(context)
  return offers.ofExternalId('aws', authorizationId)
}

/**
 * A reseller has sold what we authorised: our offer is accepted, and the money that will name the agreement is its offer's. Nothing is
 * read: the agreement is the reseller's. An authorisation that was not given through Cosell is nothing to it. May be repeated.
 */
export const acceptResold =
  (dependencies: Needed) =>
  async ({ authorizationId, agreementId, at }: Resold, context: Context): Promise<void> => {
    const { offers, store, join } = dependencies
    const offerId = await offerOf(dependencies, authorizationId, context)
    if (!offerId) return
    const offer = await offers.get(offerId)
    const { accountId, partnerId, productId } = offer
    await join(accountId, partnerId, at.slice(0, 10), context)
    await store.resold('aws', agreementId, { accountId, productId, marketplace: 'aws', agreementId, partnerId, offerId })
    const decided = agreed(offer, { agreementId, acceptedAt: at }, context)
    if (decided.offer !== offer) await offers.save(decided, offer, context)
  }
