import { type Offer as Listed, OFFERS } from '../../infra/local/marketplaces/aws/offer.ts'
import { type OfferSet as ListedSet, OFFER_SETS } from '../../infra/local/marketplaces/aws/offer-set.ts'
import { awsSetMarketplace } from '../../lib/offer-sets/aws/marketplace.ts'
import { followSet, followSets } from '../../lib/offer-sets/follow.ts'
import type { OfferSet } from '../../lib/offer-sets/offer-set.ts'
import { awsMarketplace } from '../../lib/offers/aws/marketplace.ts'
import { followAll } from '../../lib/offers/follow.ts'
import type { AwsOffer } from '../../lib/offers/offer.ts'
import { type Crash, dyingIn } from '../storm/crash.ts'
import { openAwsAlone } from './aws-alone.ts'
import { memberOf, memorySets, offerSet, pair } from './offer-sets.ts'
import { contextAt } from './offers.ts'

/** AWS Marketplace, and a set of two drafts that Cosell makes there. */
export const openSetStory = async (set: Partial<OfferSet> = {}, offers: AwsOffer[] = pair()) => {
  const { world, sent, pass, fail, close } = await openAwsAlone()
  const made = offers.map((offer) => ({ ...offer, memberOf: memberOf() }))
  const memory = memorySets([offerSet(set)], made)
  const [marketplace, ofOffers] = [awsSetMarketplace(), awsMarketplace({ startsPerSecond: 1_000_000 })]
  const context = () => contextAt(world.now().toISOString())
  const following = (crash?: Crash) => {
    const life = { calls: 0 }
    return {
      store: dyingIn(memory.store, crash, life),
      marketplace: dyingIn(marketplace, crash, life),
      offers: dyingIn(memory.offers, crash, life),
    }
  }
  const run = { context, isOver: () => false, onError: async () => {} }
  /** The drafts that can be sent are, as if they were approved at once. */
  const submit = async () => {
    for (const { id } of made) {
      const offer = await memory.offers.get(id)
      if (offer.marketplace === 'aws' && offer.status === 'draft' && offer.offerSetId)
        await memory.offers.save({ offer: { ...offer, status: 'approved' }, events: [] }, offer, context())
    }
  }
  const followOffers = () => followAll({ store: memory.offers, marketplace: ofOffers }, 'aws')(run)
  /** Jobs and time go on until nothing more can come of it. */
  const calm = async (minutes = 40) => {
    for (let minute = 0; minute < minutes; minute += 2) {
      await followSets(following())(run)
      await submit()
      await followOffers()
      await pass(120)
    }
  }
  return {
    ...{ world, sent, pass, fail, close, followOffers, submit, context, memory, calm },
    follow: (crash?: Crash) => followSet(following(crash))('ofs_1', context()),
    set: () => memory.store.get('ofs_1'),
    listedSets: () => world.shelf.list<ListedSet>(OFFER_SETS),
    listedOffers: () => world.shelf.list<Listed>(OFFERS),
  }
}
export type SetStory = Awaited<ReturnType<typeof openSetStory>>
