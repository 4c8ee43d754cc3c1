import { mustMatch } from '../core/access.ts'
import { type Actor, type Context, today } from '../core/context.ts'
import { conflict, mustExist, unprocessable } from '../core/errors.ts'
import type { AwsOffer, Offer, Problem } from '../offers/offer.ts'
import { freed, isLive, joined } from './members.ts'
import { type OfferSet, type OfferSetRequest, replace, request, resume, withdraw } from './offer-set.ts'
import { isOnItsWay } from './progress.ts'
import { type Dependencies, newcomerProblems, offersOf, problemsOf, visible } from './read.ts'
import { misfits } from './rules.ts'

type Desk = Omit<Dependencies, 'planner'>

const mustFit = (problems: Problem[]) => {
  if (problems.length) throw unprocessable('these offers cannot be accepted together: correct the request', problems)
}

// Others were refused before.
const isOnAws = (offer: Offer): offer is AwsOffer => offer.marketplace === 'aws'

const joining = (offers: Offer[], set: OfferSet) => offers.filter(isOnAws).map((offer) => joined(offer, set))

/** The set and its hold on the drafts are one transaction: none of them can be submitted without it meanwhile. */
export const requestOfferSet =
  (desk: Desk) =>
  async (actor: Actor, input: OfferSetRequest, context: Context): Promise<OfferSet> => {
    const offers = await offersOf(desk, actor, input.offerIds)
    mustFit(problemsOf(desk, offers, today(context)))
    const decided = request(input, offers, actor, context)
    return desk.store.save(decided, context, joining(offers, decided.set))
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

type Swap = { offerId: string; replacement: string }

/** The offer that leaves, if it can, and the one that takes its place. */
const swapped = async (desk: Desk, actor: Actor, { offerId, replacement }: Swap) => {
  const found = desk.offer(actor, replacement)
  await mustExist({ replacement: found })
  const [old, newcomer] = await Promise.all([desk.offer(actor, offerId), found])
  if (isLive(old)) throw conflict(`offer ${offerId} is ${old.status}: withdraw it before another one takes its place`, 'offerId')
  return { old, newcomer }
}

/** Puts a draft in the place of an offer that was rejected, refused or withdrawn. What the marketplace never had is free again. */
export const replaceOffer =
  (desk: Desk) =>
  async (actor: Actor, id: string, swap: Swap, expected: number | undefined, context: Context): Promise<OfferSet> => {
    const set = await seen(desk, actor, id, expected)
    const decided = replace(set, swap.offerId, swap.replacement, actor, context)
    const { old, newcomer } = await swapped(desk, actor, swap)
    const problems = newcomerProblems(desk, newcomer, set.offerIds.indexOf(swap.offerId), today(context))
    const offers = await offersOf(desk, actor, decided.set.offerIds)
    // Those that are lost as well are replaced one after the other.
    mustFit([...problems, ...misfits(offers, today(context), isOnItsWay)])
    const free = freed(old, set)
    return desk.store.save(decided, context, [...joining([newcomer], set), ...(free ? [free] : [])])
  }
