import type { AwsOffer, Offer, OfferStatus } from '../offers/offer.ts'
import type { OfferSet } from './offer-set.ts'

/** An offer's state before and after a set touched it. */
export type Moved<O extends Offer = Offer> = { before: O; offer: O }

export const isOf = ({ id }: OfferSet, offer: Offer): offer is AwsOffer =>
  offer.marketplace === 'aws' && offer.memberOf?.id === id

/** The draft is kept for the set: it is not sent before the set is there. */
export const joined = (offer: AwsOffer, { id, name, buyerNotes }: OfferSet): Moved<AwsOffer> => ({
  before: offer,
  // Whoever approves the offer reads what the buyer will read of the set.
  offer: { ...offer, memberOf: { id, name, buyerNotes } },
})

/** The draft with the marketplace's id of its set, which is part of what is approved and sent; undefined: it has it, or left. */
export const placed = (offer: Offer, set: OfferSet): Moved | undefined =>
  set.externalId && isOf(set, offer) && offer.status === 'draft' && !offer.offerSetId
    ? { before: offer, offer: { ...offer, offerSetId: set.externalId } }
    : undefined

const NOT_MADE: OfferStatus[] = ['draft', 'failed']

/** What the marketplace does not have yet can be offered without the set; undefined: it has it, or it is too late. */
export const freed = (offer: Offer, set: OfferSet): Moved | undefined => {
  if (!isOf(set, offer) || !NOT_MADE.includes(offer.status)) return undefined
  const { memberOf: _, offerSetId: __, ...free } = offer
  return { before: offer, offer: free }
}

const LIVE: OfferStatus[] = ['pending-approval', 'approved', 'submitting', 'released', 'extending', 'withdrawing']

/** Whether the offer can still be on its way to the buyer, or with it. */
export const isLive = ({ status }: Offer) => LIVE.includes(status)

/** Whether it was asked to be taken back, and the marketplace refused that: it is not asked again and again. */
export const isStuck = ({ status, submission, problems }: Offer) =>
  status === 'released' && submission?.kind === 'withdraw' && !submission.open && problems.length > 0
