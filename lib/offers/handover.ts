import { emit } from '../../events/envelope.ts'
import type { Context } from '../core/context.ts'
import type { Waiting } from './marketplace.ts'
import { type Decided, facts, type Offer, unchanged } from './offer.ts'

/**
 * A released multiparty offer went to its selling partner, or from there to the customer or back. Microsoft tells none of them:
 * whoever listens to the event may.
 */
export const handOver = (offer: Offer, { awaits, acceptanceLink }: Waiting, context: Context): Decided => {
  if (offer.marketplace !== 'azure' || offer.awaits === awaits) return unchanged(offer)
  const link = awaits === 'customer' && acceptanceLink ? { acceptanceLink } : {}
  return {
    offer: { ...offer, awaits, ...link },
    events: [emit(context, 'offer.handed-over.v1', offer.id, { ...facts(offer), to: awaits })],
  }
}
