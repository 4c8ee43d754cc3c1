import { emit } from '../../events/envelope.ts'
import { type Context, today } from '../core/context.ts'
import { closed, type Decided, facts, must, type Offer, unchanged, withoutExtension } from './offer.ts'

const standingOf = ({ status, submission, extension }: Offer) => ({
  status,
  ...(submission && { submission }),
  ...(extension && { extension }),
})

/** The buyer accepted. That is a fact of the marketplace: it holds even if we were about to withdraw or believed the offer expired. */
export const accept = (offer: Offer, { agreementId, at }: { agreementId?: string; at: string }, context: Context): Decided => {
  const known = agreementId ? { agreementId: offer.agreementId ?? agreementId } : {}
  if (offer.acceptedAt)
    return offer.agreementId || !agreementId ? unchanged(offer) : { offer: { ...offer, ...known }, events: [] }
  must(offer, 'accepted', 'submitting', 'released', 'extending', 'withdrawing', 'withdrawn', 'expired')
  return {
    offer: {
      ...withoutExtension(offer),
      ...known,
      ...closed(offer),
      status: 'accepted',
      acceptedAt: at,
      acceptedFrom: standingOf(offer),
      releasedAt: offer.releasedAt ?? at,
    },
    events: [emit(context, 'offer.accepted.v1', offer.id, { ...facts(offer), ...known, price: offer.price }, { happened: at })],
  }
}

/** The agreement turns out to be of another offer: this one was never accepted, and goes on where it stood. */
export const unaccept = (offer: Offer, agreementId: string, context: Context): Decided => {
  if (offer.agreementId !== agreementId) return unchanged(offer)
  const { agreementId: _, acceptedAt: __, purchasedAt: ___, activatedAt: ____, ...known } = offer
  const { firstPaidOn: _____, acceptedFrom, ...rest } = known
  const before: Offer = { ...rest, status: 'released', ...acceptedFrom }
  return { offer: before, events: [emit(context, 'offer.acceptance-corrected.v1', offer.id, { ...facts(offer), agreementId })] }
}

/** The buyer has bought what it accepted. Accepting buys on AWS; on Azure the purchase is a step of its own. */
const purchase = (offer: Offer, at: string, context: Context): Decided => {
  if (offer.purchasedAt) return unchanged(offer)
  must(offer, 'purchased', 'accepted')
  return {
    offer: { ...offer, purchasedAt: at },
    events: [emit(context, 'offer.purchased.v1', offer.id, facts(offer), { happened: at })],
  }
}

export const activate = (offer: Offer, at: string, context: Context): Decided => {
  if (offer.activatedAt) return unchanged(offer)
  must(offer, 'activated', 'accepted')
  return {
    offer: { ...offer, activatedAt: at },
    events: [emit(context, 'offer.activated.v1', offer.id, facts(offer), { happened: at })],
  }
}

type Agreed = { agreementId: string; acceptedAt: string; activatedAt?: string | undefined; item?: number | undefined }

/** The offer with the item that its agreement bought, once that is told; of another agreement of the offer it says nothing. */
const withItem = (offer: Offer, { agreementId, item }: Agreed): Offer => {
  if (offer.marketplace !== 'azure' || item === undefined) return offer
  const isNew = offer.boughtItem === undefined && offer.agreementId === agreementId
  return isNew ? { ...offer, boughtItem: item } : offer
}

/** What an agreement under the offer says of it: accepted and purchased, and activated once it is. */
export const agreed = (offer: Offer, agreement: Agreed, context: Context): Decided => {
  const { agreementId, acceptedAt, activatedAt } = agreement
  const accepted = accept(offer, { agreementId, at: acceptedAt }, context)
  const purchased = purchase(accepted.offer, acceptedAt, context)
  const activated = activatedAt ? activate(purchased.offer, activatedAt, context) : unchanged(purchased.offer)
  const told = withItem(activated.offer, agreement)
  return { offer: told, events: [...accepted.events, ...purchased.events, ...activated.events] }
}

/** The earliest day on which money of this offer arrived; an earlier one that is heard of later takes its place. */
export const pay = (offer: Offer, on: string, context: Context): Decided => {
  if (offer.firstPaidOn && offer.firstPaidOn <= on) return unchanged(offer)
  return { offer: { ...offer, firstPaidOn: on }, events: [emit(context, 'offer.paid.v1', offer.id, { ...facts(offer), on })] }
}

/** A released offer whose last day has passed; the marketplaces do not tell. */
export const expire = (offer: Offer, context: Context): Decided => {
  if (offer.status !== 'released' || offer.expiresOn >= today(context)) return unchanged(offer)
  return {
    offer: { ...offer, status: 'expired' },
    events: [emit(context, 'offer.expired.v1', offer.id, { ...facts(offer), on: offer.expiresOn })],
  }
}
