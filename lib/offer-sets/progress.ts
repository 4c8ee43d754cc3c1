import { emit } from '../../events/envelope.ts'
import { type Context, today } from '../core/context.ts'
import { addDays } from '../core/period.ts'
import type { Offer, OfferStatus, Problem } from '../offers/offer.ts'
import { isLive, isStuck } from './members.ts'
import { type Decided, facts, type OfferSet, unchanged } from './offer-set.ts'
import { misfits } from './rules.ts'

/** For so many days after its last one an offer may still be told as accepted. */
const GRACE_DAYS = 1

const ON_ITS_WAY: OfferStatus[] = ['draft', 'pending-approval', 'approved', 'submitting', 'released', 'extending']

export const isOnItsWay = ({ status }: Offer) => ON_ITS_WAY.includes(status)

const REMEDIES: Partial<Record<OfferStatus, string>> = { failed: 'submit it again, ', expired: 'extend it, ' }

const problemOf = (code: string, { id, status }: Offer, index: number, remedy: string): Problem => ({
  ...{ code, target: `offerIds.${index}` },
  message: `offer ${id} is ${status}: ${remedy}`,
})

const lost = (offer: Offer, index: number): Problem[] => {
  if (isOnItsWay(offer)) return []
  const remedy = `${REMEDIES[offer.status] ?? ''}put another draft in its place, or withdraw the set`
  return [problemOf('OFFER_LOST', offer, index, remedy)]
}

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

/** An acceptance on the last day may be told after it. */
const mayBeAccepted = (offer: Offer, on: string) =>
  isAccepted(offer) || isLive(offer) || (offer.status === 'expired' && addDays(offer.expiresOn, GRACE_DAYS) >= on)

/** What a released set has come to: accepted with all of its offers, or over as soon as one of them is. */
export const watched = (set: OfferSet, offers: readonly Offer[], context: Context): Decided => {
  if (offers.every(isAccepted))
    return { set: { ...set, status: 'accepted' }, events: [emit(context, 'offer-set.accepted.v1', set.id, facts(set))] }
  if (offers.every((offer) => mayBeAccepted(offer, today(context)))) return unchanged(set)
  return { set: { ...set, status: 'expired' }, events: [emit(context, 'offer-set.expired.v1', set.id, facts(set))] }
}

/** What the marketplace did not take back holds up the set: people are told which offers, and what to do. */
const waiting = (set: OfferSet, kept: readonly Offer[], context: Context): Decided => {
  const problems = kept
    .filter(isStuck)
    .map((offer) => problemOf('OFFER_STAYS', offer, set.offerIds.indexOf(offer.id), 'it was not taken back, withdraw it again'))
  if (isSame(problems, set.problems)) return unchanged(set)
  const events = problems.length ? [emit(context, 'offer-set.attention-needed.v1', set.id, { ...facts(set), problems })] : []
  return { set: { ...set, problems }, events }
}

/** A set that was taken back is gone once none of the offers that are still `kept` for it can be accepted any more. */
export const takenBack = (set: OfferSet, kept: readonly Offer[], context: Context): Decided => {
  if (kept.some(isLive)) return waiting(set, kept, context)
  if (kept.length === set.offerIds.length && kept.every(isAccepted)) return watched(set, kept, context)
  return { set: { ...set, status: 'withdrawn' }, events: [emit(context, 'offer-set.withdrawn.v1', set.id, facts(set))] }
}
