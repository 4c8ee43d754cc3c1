import { mustBeOwn, mustSee } from '../core/access.ts'
import { type Actor, type Context, today } from '../core/context.ts'
import { missingOf, mustExist } from '../core/errors.ts'
import { asOf } from './ending.ts'
import { type Offer, type OfferRequest, request } from './offer.ts'
import { type Planners, planned } from './planned.ts'
import { predecessorOf } from './renewal.ts'
import type { OfferQuery, OfferStore } from './store.ts'
import { timelineOf } from './timeline.ts'

export type Dependencies = {
  store: OfferStore
  partners: { get: (id: string) => Promise<unknown> }
  /** The account, if the actor may see it. */
  account: (actor: Actor, id: string, context: Context) => Promise<unknown>
  marketplaces: Planners
  /** Whether it draws down what its buyer has promised the cloud to spend. */
  drawsDown: (offer: Offer, context: Context) => Promise<boolean>
}

/** The offer, if the actor may see it. */
export const visible = async (store: OfferStore, actor: Actor, id: string): Promise<Offer> => {
  const offer = await store.get(id)
  mustSee(actor, offer.partnerId, 'offer', id)
  return offer
}

/** What Cosell knows of the offer that a request renews. */
export const knownOf = async (store: OfferStore, actor: Actor, input: OfferRequest) => {
  if (input.marketplace !== 'azure' || !input.upgradedFrom) return {}
  const earlier = visible(store, actor, input.upgradedFrom)
  await mustExist({ upgradedFrom: earlier })
  return { predecessor: predecessorOf(input, await earlier) }
}

export const getOffer =
  ({ store, drawsDown }: Pick<Dependencies, 'store' | 'drawsDown'>) =>
  async (actor: Actor, id: string, context: Context) => {
    const offer = await visible(store, actor, id)
    return { ...asOf(offer, today(context)), drawsDown: await drawsDown(offer, context) }
  }

/** A partner's list holds its own offers; a foreign partnerId finds nothing. */
export const listOffers =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, query: OfferQuery, context: Context) => {
    if (actor.role === 'partner' && query.partnerId && query.partnerId !== actor.partnerId) return { items: [] }
    const { items, ...page } = await store.list(actor.role === 'partner' ? { ...query, partnerId: actor.partnerId } : query)
    return { ...page, items: items.map((offer) => asOf(offer, today(context))) }
  }

export const planOffer =
  (dependencies: Pick<Dependencies, 'store' | 'marketplaces' | 'drawsDown'>) =>
  async (actor: Actor, id: string, context: Context) => {
    const offer = await visible(dependencies.store, actor, id)
    return { ...(await planned(dependencies, offer, context)), drawsDown: await dependencies.drawsDown(offer, context) }
  }

/** Also what it names and is not there is a problem of the plan: whoever asks sees all that is wrong at once. */
export const planRequest =
  (dependencies: Omit<Dependencies, 'drawsDown'>) => async (actor: Actor, input: OfferRequest, context: Context) => {
    const { store, partners, account } = dependencies
    mustBeOwn(actor, input.partnerId)
    const { partnerId, accountId } = input
    const missing = await missingOf({ partnerId: partners.get(partnerId), accountId: account(actor, accountId, context) })
    const { offer } = request(input, actor, context, await knownOf(store, actor, input))
    const { problems, ...plan } = await planned(dependencies, offer, context)
    return { ...plan, problems: [...missing.map((each) => ({ code: 'not_found', ...each })), ...problems] }
  }

export const getTimeline =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, id: string) => {
    const { requestedAt, releasedAt, acceptedAt, purchasedAt, activatedAt, firstPaidOn } = await visible(store, actor, id)
    return {
      requestedAt,
      ...(releasedAt && { releasedAt }),
      ...(acceptedAt && { acceptedAt }),
      ...(purchasedAt && { purchasedAt }),
      ...(activatedAt && { activatedAt }),
      ...(firstPaidOn && { firstPaidOn }),
      events: timelineOf(await store.timeline(id)),
    }
  }
