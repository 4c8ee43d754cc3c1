import { emit } from '../../events/envelope.ts'
import { type Context, today } from '../core/context.ts'
import type { Offer, OfferStatus, Problem } from '../offers/offer.ts'
import { isLive } from './members.ts'
import { type Decided, facts, type OfferSet, unchanged } from './offer-set.ts'
import { misfits } from './rules.ts'

const ON_ITS_WAY: OfferStatus[] = ['draft', 'pending-approval', 'approved', 'submitting', 'released', 'extending']

const lost = ({ id, status }: Offer, index: number): Problem[] =>
  ON_ITS_WAY.includes(status)
    ? []
    : [
        {
          code: 'OFFER_LOST',
          target: `offerIds.${index}`,
          message: `offer ${id} is ${status}: ${status === 'failed' ? 'submit it again, ' : ''}put another draft in its place, or withdraw the set`,
        },
      ]

/** What stands in the way of the release of a set, by how its offers are. */
export const obstacles = (offers: readonly Offer[], on: string): Problem[] => {
  const missing = offers.flatMap(lost)
  return missing.length ? missing : misfits(offers, on)
}

const isSame = (a: Problem[], b: Problem[]) => JSON.stringify(a) === JSON.stringify(b)

/** Says what keeps a set from going on as soon as it is so, and when it is no more. */
export const judged = (set: OfferSet, offers: readonly Offer[], context: Context): Decided => {
  const problems = obstacles(offers, today(context))
  if (isSame(problems, set.problems)) return unchanged(set)
  if (problems.length)
    return {
      set: { ...set, status: 'attention-needed', problems },
      events: [emit(context, 'offer-set.attention-needed.v1', set.id, { ...facts(set), problems })],
    }
  return {
    set: { ...set, status: 'preparing', problems },
    events: [emit(context, 'offer-set.resumed.v1', set.id, { ...facts(set), by: 'cosell' })],
  }
}

/** Whether every offer is with the marketplace, which is when their set can be released. */
export const isComplete = (offers: readonly Offer[]) =>
  offers.every(({ status, externalId }) => status === 'released' && externalId)

const isAccepted = ({ status }: Offer) => status === 'accepted'

/** What a released set has come to: accepted with all of its offers, or over as soon as one of them is. */
export const watched = (set: OfferSet, offers: readonly Offer[], context: Context): Decided => {
  if (offers.every(isAccepted))
    return { set: { ...set, status: 'accepted' }, events: [emit(context, 'offer-set.accepted.v1', set.id, facts(set))] }
  if (offers.every((offer) => isAccepted(offer) || isLive(offer))) return unchanged(set)
  return { set: { ...set, status: 'expired' }, events: [emit(context, 'offer-set.expired.v1', set.id, facts(set))] }
}

/** A set that was taken back is gone once none of the offers that are still `kept` for it can be accepted any more. */
export const takenBack = (set: OfferSet, kept: readonly Offer[], context: Context): Decided => {
  if (kept.some(isLive)) return unchanged(set)
  if (kept.length === set.offerIds.length && kept.every(isAccepted)) return watched(set, kept, context)
  return { set: { ...set, status: 'withdrawn' }, events: [emit(context, 'offer-set.withdrawn.v1', set.id, facts(set))] }
}
