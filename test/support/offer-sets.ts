import type { DomainEvent } from '../../events/index.ts'
import { notFound, ServiceError } from '../../lib/core/errors.ts'
import type { OfferSet } from '../../lib/offer-sets/offer-set.ts'
import type { OfferSetStore } from '../../lib/offer-sets/store.ts'
import type { AwsOffer } from '../../lib/offers/offer.ts'
import { awsOffer } from '../unit/offers/aws-offer.ts'
import { memoryOffers } from './offers.ts'

/** A draft of the first product; drafts for the same buyers and day fit together. */
export const draft = (id: string, changes: Partial<AwsOffer> = {}): AwsOffer => awsOffer({ id, status: 'draft', ...changes })

/** Two drafts that fit together. */
export const pair = (): [AwsOffer, AwsOffer] => [draft('off_1'), draft('off_2', { productId: 'prod-cosell0audit' })]

export const offerSet = (changes: Partial<OfferSet> = {}): OfferSet => ({
  ...{ id: 'ofs_1', version: 1, marketplace: 'aws', partnerId: 'par_1', accountId: 'acc_1', status: 'requested' },
  ...{ name: 'Fabrikam bundle', buyerNotes: 'Ledger and audit', offerIds: ['off_1', 'off_2'] },
  ...{ requestedBy: 'ann', requestedAt: '2026-11-02T09:00:00.000Z', problems: [] },
  ...changes,
})

/** What an offer says of the set that it is in. */
export const memberOf = (id = 'ofs_1') => ({ id, name: 'Fabrikam bundle', buyerNotes: 'Ledger and audit' })

/** Stores of sets and their offers that keep the promises of the real ones: versions, and one transaction for a set with offers. */
export const memorySets = (sets: OfferSet[], offers: AwsOffer[]) => {
  const kept = new Map(sets.map((set) => [set.id, set]))
  const events: DomainEvent[] = []
  const books = memoryOffers(...offers)
  const mustBeAt = (version: number, expected: number) => {
    if (version !== expected) throw new ServiceError('stale_version', 'changed meanwhile')
  }
  const store: OfferSetStore = {
    get: async (id) => {
      const set = kept.get(id)
      if (!set) throw notFound('offer set', id)
      return set
    },
    list: async ({ partnerId, status }) => ({
      items: [...kept.values()].filter(
        (set) => (!partnerId || set.partnerId === partnerId) && (!status || set.status === status),
      ),
    }),
    idsWithStatus: async function* (status) {
      for (const set of [...kept.values()]) if (set.status === status) yield set.id
    },
    timeline: async (id) => events.filter(({ subject }) => subject === id),
    save: async (decided, context, moved = []) => {
      mustBeAt(kept.get(decided.set.id)?.version ?? 0, decided.set.version)
      for (const { before } of moved) mustBeAt((await books.store.get(before.id)).version, before.version)
      for (const { offer, before } of moved) await books.store.save({ offer, events: [] }, before, context)
      const saved = { ...decided.set, version: decided.set.version + 1 }
      kept.set(saved.id, saved)
      events.push(...decided.events)
      return saved
    },
  }
  return { store, offers: books.store, events, types: () => events.map(({ type }) => type.replace(/^offer-set\.|\.v1$/g, '')) }
}
