import type { DomainEvent } from '../../events/index.ts'
import type { Actor, Context } from '../../lib/core/context.ts'
import { conflict, notFound, ServiceError } from '../../lib/core/errors.ts'
import type { Offer } from '../../lib/offers/offer.ts'
import type { OfferStore } from '../../lib/offers/store.ts'

export const NOW = '2026-11-02T09:00:00.000Z'

let ids = 0
export const contextAt = (now = NOW): Context => ({ now, newId: (prefix) => `${prefix}_${++ids}` })

export const ann: Actor = { subject: 'ann', role: 'partner', partnerId: 'par_1', scopes: [] }
export const bob: Actor = { subject: 'bob', role: 'partner', partnerId: 'par_2', scopes: [] }
export const mia: Actor = { subject: 'mia', role: 'manager', scopes: [] }
export const max: Actor = { subject: 'max', role: 'manager', scopes: [] }
export const pia: Actor = { subject: 'pia', role: 'platform', scopes: [] }
export const fay: Actor = { subject: 'fay', role: 'finance', scopes: [] }

/** A store of offers that keeps the promises of the real one: versions, one offer an external id, events with their state. */
export const memoryOffers = (...given: Offer[]) => {
  const offers = new Map(given.map((offer) => [offer.id, offer]))
  const events: DomainEvent[] = []
  const store: OfferStore = {
    get: async (id) => {
      const offer = offers.get(id)
      if (!offer) throw notFound('offer', id)
      return offer
    },
    list: async ({ partnerId, status }) => ({
      items: [...offers.values()].filter(
        (offer) => (!partnerId || offer.partnerId === partnerId) && (!status || offer.status === status),
      ),
    }),
    ofExternalId: async (_, externalId) => [...offers.values()].find((offer) => offer.externalId === externalId)?.id,
    ofAgreement: async (_, agreementId) =>
      [...offers.values()].filter((offer) => offer.agreementId === agreementId).map(({ id }) => id),
    idsWithStatus: async function* (status, marketplace) {
      for (const offer of [...offers.values()]) if (offer.status === status && offer.marketplace === marketplace) yield offer.id
    },
    overdue: async function* (now) {
      for (const { id, approval } of [...offers.values()])
        if (approval?.steps.some(({ state, dueAt = '', escalatedAt }) => state === 'open' && !escalatedAt && dueAt <= now))
          yield id
    },
    timeline: async (id) => events.filter(({ subject }) => subject === id),
    save: async (decided, before) => {
      const { offer } = decided
      if ((offers.get(offer.id)?.version ?? 0) !== before.version) throw new ServiceError('stale_version', 'changed meanwhile')
      const other =
        offer.externalId && [...offers.values()].find(({ id, externalId }) => externalId === offer.externalId && id !== offer.id)
      if (other) throw conflict('belongs to another offer', 'externalId')
      const saved = { ...offer, version: offer.version + 1 }
      offers.set(offer.id, saved)
      events.push(...decided.events)
      return saved
    },
  }
  return { store, events, types: () => events.map(({ type }) => type) }
}
