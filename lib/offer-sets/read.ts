import { mustSee } from '../core/access.ts'
import { type Actor, type Context, today } from '../core/context.ts'
import { mustExist } from '../core/errors.ts'
import type { AwsOffer, Offer, Problem } from '../offers/offer.ts'
import type { Planner } from './marketplace.ts'
import { type OfferSet, type OfferSetRequest, type OfferSetStatus, request } from './offer-set.ts'
import { obstacles } from './progress.ts'
import { misfits, unfit } from './rules.ts'
import type { OfferSetQuery, OfferSetStore } from './store.ts'
import { timelineOf } from './timeline.ts'

export type Dependencies = {
  store: OfferSetStore
  /** The offer, if the actor may see it. */
  offer: (actor: Actor, id: string) => Promise<Offer>
  /** What the marketplace would refuse about the offer itself. */
  offerProblems: (offer: AwsOffer, today: string) => Problem[]
  planner: Planner
}

/** The set, if the actor may see it. */
export const visible = async ({ store }: Pick<Dependencies, 'store'>, actor: Actor, id: string): Promise<OfferSet> => {
  const set = await store.get(id)
  mustSee(actor, set.partnerId, 'offer set', id)
  return set
}

/** The offers that a request names, in its order. */
export const offersOf = async ({ offer }: Pick<Dependencies, 'offer'>, actor: Actor, ids: string[]): Promise<Offer[]> => {
  const found = ids.map((id) => offer(actor, id))
  await mustExist(Object.fromEntries(found.map((each, index) => [`offerIds.${index}`, each])))
  return Promise.all(found)
}

/** Everything that is wrong with an offer that shall be made for a set, in which it has the place `index`. */
export const newcomerProblems = (
  { offerProblems }: Pick<Dependencies, 'offerProblems'>,
  offer: Offer,
  index: number,
  on: string,
): Problem[] => {
  const own = offer.marketplace === 'aws' ? offerProblems(offer, on) : []
  const told = own.map(({ code, target, message }) => ({ code, target: `offerIds.${index}`, message: `${target}: ${message}` }))
  return [...unfit(offer, index), ...told]
}

/** Everything that is wrong with a set of these offers. */
export const problemsOf = (dependencies: Pick<Dependencies, 'offerProblems'>, offers: Offer[], on: string): Problem[] => [
  ...offers.flatMap((offer, index) => newcomerProblems(dependencies, offer, index, on)),
  ...misfits(offers, on),
]

export const getOfferSet = (dependencies: Pick<Dependencies, 'store' | 'offer'>) => async (actor: Actor, id: string) => {
  const set = await visible(dependencies, actor, id)
  const offers = await offersOf(dependencies, actor, set.offerIds)
  const seen = offers.map(({ id: offerId, name, status, externalId, agreementId }) => ({
    ...{ offerId, name, status },
    ...(externalId && { externalId }),
    ...(agreementId && { agreementId }),
  }))
  return { ...set, offers: seen }
}

/** A partner's list holds its own sets; a foreign partnerId finds nothing. */
export const listOfferSets =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, query: OfferSetQuery) => {
    if (actor.role === 'partner' && query.partnerId && query.partnerId !== actor.partnerId) return { items: [] }
    return store.list(actor.role === 'partner' ? { ...query, partnerId: actor.partnerId } : query)
  }

const idsOf = (offers: Offer[]) => offers.map(({ id, externalId }) => externalId ?? `<${id}>`)

export const planRequest =
  (dependencies: Omit<Dependencies, 'store'>) => async (actor: Actor, input: OfferSetRequest, context: Context) => {
    const offers = await offersOf(dependencies, actor, input.offerIds)
    const { set } = request(input, offers, actor, context)
    const problems = problemsOf(dependencies, offers, today(context))
    return { requests: dependencies.planner.requests(set, idsOf(offers)), problems }
  }

const UNRELEASED: OfferSetStatus[] = ['requested', 'creating', 'preparing', 'attention-needed']

export const planOfferSet = (dependencies: Dependencies) => async (actor: Actor, id: string, context: Context) => {
  const set = await visible(dependencies, actor, id)
  const offers = await offersOf(dependencies, actor, set.offerIds)
  const problems = UNRELEASED.includes(set.status) ? obstacles(offers, today(context)) : set.problems
  return { requests: dependencies.planner.requests(set, idsOf(offers)), problems }
}

export const getTimeline =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, id: string) => {
    await visible({ store }, actor, id)
    return { events: timelineOf(await store.timeline(id)) }
  }
