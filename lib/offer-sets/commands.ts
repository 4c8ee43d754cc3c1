import { mustMatch } from '../core/access.ts'
import { type Actor, type Context, today } from '../core/context.ts'
import { conflict, mustExist, unprocessable } from '../core/errors.ts'
import type { AwsOffer, Offer, Problem } from '../offers/offer.ts'
import { freed, isLive, joined } from './members.ts'
import { type OfferSet, type OfferSetRequest, replace, request, resume, withdraw } from './offer-set.ts'
import { type Dependencies, newcomerProblems, offersOf, problemsOf, visible } from './read.ts'
import { misfits } from './rules.ts'

type Desk = Omit<Dependencies, 'planner'>

const mustFit = (problems: Problem[]) => {
  if (problems.length) throw unprocessable('these offers cannot be accepted together: correct the request', problems)
}

// Others were refused before.
const isOnAws = (offer: Offer): offer is AwsOffer => offer.marketplace === 'aws'

/** The set and its hold on the drafts are one transaction: none of them can be submitted without it meanwhile. */
export const requestOfferSet =
  (desk: Desk) =>
  async (actor: Actor, input: OfferSetRequest, context: Context): Promise<OfferSet> => {
    const offers = await offersOf(desk, actor, input.offerIds)
    mustFit(problemsOf(desk, offers, today(context)))
    const [first] = offers
    if (!first) throw conflict('a set needs offers', 'offerIds')
    const decided = request(input, first, actor, context)
    return desk.store.save(
      decided,
      context,
      offers.filter(isOnAws).map((offer) => joined(offer, decided.set)),
    )
  }

const seen = async (desk: Pick<Desk, 'store'>, actor: Actor, id: string, expected: number | undefined): Promise<OfferSet> => {
  const set = await visible(desk, actor, id)
  mustMatch(expected, set.version)
  return set
}

export const withdrawOfferSet =
  (desk: Pick<Desk, 'store'>) =>
  async (actor: Actor, id: string, reason: string, expected: number | undefined, context: Context): Promise<OfferSet> => {
    const set = await seen(desk, actor, id, expected)
    const decided = withdraw(set, reason, actor, context)
    return decided.events.length ? desk.store.save(decided, context) : set
  }

export const resumeOfferSet =
  (desk: Pick<Desk, 'store'>) =>
  async (actor: Actor, id: string, expected: number | undefined, context: Context): Promise<OfferSet> =>
    desk.store.save(resume(await seen(desk, actor, id, expected), actor, context), context)

/** Puts a draft in the place of an offer that was rejected, refused or withdrawn; if that is no offer of the marketplace it is free. */
export const replaceOffer =
  (desk: Desk) =>
  async (
    actor: Actor,
    id: string,
    { offerId, replacement }: { offerId: string; replacement: string },
    expected: number | undefined,
    context: Context,
  ): Promise<OfferSet> => {
    const set = await seen(desk, actor, id, expected)
    const decided = replace(set, offerId, replacement, actor, context)
    await mustExist({ replacement: desk.offer(actor, replacement) })
    const old = await desk.offer(actor, offerId)
    if (isLive(old))
      throw conflict(`offer ${offerId} is ${old.status}: withdraw it before another one takes its place`, 'offerId')
    const offers = await offersOf(desk, actor, decided.set.offerIds)
    const newcomer = offers.find((offer) => offer.id === replacement)
    const index = set.offerIds.indexOf(offerId)
    const problems = newcomer ? newcomerProblems(desk, newcomer, index, today(context)) : []
    mustFit([...problems, ...misfits(offers, today(context))])
    const join = offers.filter(isOnAws).filter((offer) => offer.id === replacement)
    const free = freed(old, set)
    return desk.store.save(decided, context, [...join.map((offer) => joined(offer, set)), ...(free ? [free] : [])])
  }
