import { conflict, notFound } from '../../../../lib/core/errors.ts'
import type { World } from '../stand-in.ts'
import { type Agreement, acceptance } from './agreements.ts'
import { commit, transact } from './journal.ts'
import { OFFERS, type Offer } from './offer.ts'
import { OFFER_SETS, type OfferSet } from './offer-set.ts'

const offersOf = async ({ shelf }: World, { offerIds }: OfferSet) => {
  const offers = await Promise.all(offerIds.map((id) => shelf.get<Offer>(OFFERS, id)))
  return offers.filter((offer) => offer !== undefined)
}

/** The buyer accepts a released set with one click: each of its offers becomes an agreement, or none does. */
export const acceptOfferSet = (world: World, setId: string, buyerAccountId: string) =>
  transact(world, async (): Promise<Agreement[]> => {
    const set = await world.shelf.get<OfferSet>(OFFER_SETS, setId)
    if (!set) throw notFound('offer set', setId)
    if (set.state !== 'Released')
      throw conflict('the offer set is not released: wait until its change set has succeeded', 'setId')
    const made: Awaited<ReturnType<typeof acceptance>>[] = []
    for (const offer of await offersOf(world, set)) made.push(await acceptance(world, offer, buyerAccountId))
    await commit(
      world,
      made.flatMap(({ writes }) => writes),
      made.flatMap(({ events }) => events),
    )
    return made.map(({ agreement }) => agreement)
  })
