import { emit } from '../../events/envelope.ts'
import type { Actor, Context } from '../core/context.ts'
import { conflict } from '../core/errors.ts'
import { closed, type Decided, facts, must, type Offer, unchanged } from './offer.ts'

/** Whether a withdrawn offer still rests at its marketplace, as a draft that we may delete. */
const leavesDraft = (offer: Offer) =>
  offer.marketplace === 'azure' && (offer.kind === 'customer' || offer.kind === 'multiparty-originator') && offer.externalId

/** Asks to remove the draft that a withdrawn offer leaves in Partner Center; the record and its timeline stay. */
export const requestDeletion = (offer: Offer, actor: Actor, context: Context): Decided => {
  if (offer.status === 'deleting' || offer.status === 'deleted') return unchanged(offer)
  must(offer, 'deleted', 'withdrawn')
  if (!leavesDraft(offer))
    throw conflict(`offer ${offer.id} left no draft at its marketplace: there is nothing to delete`, 'externalId')
  return {
    offer: { ...offer, status: 'deleting', problems: [] },
    events: [emit(context, 'offer.deletion-requested.v1', offer.id, { ...facts(offer), by: actor.subject })],
  }
}

export const deleted = (offer: Offer, context: Context): Decided => {
  must(offer, 'deleted', 'deleting')
  return {
    offer: { ...offer, ...closed(offer), status: 'deleted' },
    events: [emit(context, 'offer.deleted.v1', offer.id, facts(offer))],
  }
}
