import type { AgreementSnapshot } from '../../../lib/agreements/agreement.ts'
import type { Books } from '../../../lib/agreements/booking.ts'
import type { Owned } from '../../../lib/agreements/owned.ts'
import { type Dependencies, syncAgreement } from '../../../lib/agreements/read.ts'
import type { LastKnown } from '../../../lib/agreements/store.ts'
import { conflict, unavailable } from '../../../lib/core/errors.ts'
import type { Offer } from '../../../lib/offers/offer.ts'
import type { NewTransaction } from '../../../lib/transactions/transaction.ts'
import { contextAt, memoryOffers } from '../../support/offers.ts'
import { awsOffer } from '../offers/aws-offer.ts'

export const RELEASED = awsOffer({ status: 'released', externalId: 'ext-1', releasedAt: '2026-11-03T00:00:00.000Z' })

/** The day after the acceptance. */
export const LATER = '2026-11-06T09:00:00.000Z'

type Noted = { status: string; at: string; reason?: string }

/** A marketplace with agreements, our books, and all that was done to them. */
export const openDesk = (
  agreements: AgreementSnapshot[],
  offer: Offer | Offer[] = RELEASED,
  changes: Partial<Dependencies> = {},
) => {
  const offers = memoryOffers(...[offer].flat())
  const [rows, joined, noted] = [new Map<string, NewTransaction>(), new Set<string>(), new Map<string, Noted>()]
  const books = new Map<string, Books>()
  const owners = new Map<string, Owned[]>()
  const known = new Map<string, LastKnown>()
  const cycle = { since: '2026-11-01T00:00:00.000Z', ended: '' }
  const asked: string[] = []
  const dependencies: Dependencies = {
    marketplace: 'aws',
    source: {
      read: async (id) => {
        asked.push(id)
        const found = agreements.find((agreement) => agreement.id === id)
        if (!found) throw unavailable(`no answer about ${id}`)
        return found
      },
      changedSince: async function* () {
        yield* agreements.map(({ id }) => id)
      },
    },
    store: {
      books: async (_, id) => books.get(id),
      keepBooks: async (_, id, after) => void books.set(id, after),
      owners: async (_, id) => owners.get(id) ?? [],
      keepOwners: async (_, id, after) => void owners.set(id, after),
      synced: async ({ id, status, plan }, { owner, item }, at) => {
        noted.set(id, { status, at })
        known.set(id, { owner, ...(plan && { planId: plan.id }), ...(item !== undefined && { item }) })
      },
      unsettled: async (_, id, reason, at = '') => void noted.set(id, { status: 'unsettled', reason, at }),
      lastKnown: async (_, id) => known.get(id),
      syncedAt: async (_, id) => noted.get(id)?.at ?? '',
      syncedBefore: async function* (_, instant) {
        for (const [id, { at }] of noted) if (at < instant) yield id
      },
      beginCycle: async (_, now) => ({ since: cycle.since, startedAt: now }),
      endCycle: async (_, startedAt) => void Object.assign(cycle, { since: startedAt, ended: startedAt }),
    },
    offers: offers.store,
    accounts: { ofBuyer: async ({ id }) => (id === '310000000009' ? 'acc_7' : undefined) },
    join: async (accountId, partnerId, from) => void joined.add(`${partnerId} joins ${accountId} from ${from}`),
    record: async (row) => {
      const known = rows.get(row.providerKey)
      if (known && JSON.stringify(known) !== JSON.stringify(row)) throw conflict(`${row.providerKey} has another content`)
      rows.set(row.providerKey, row)
    },
    isRecorded: async (row) => JSON.stringify(rows.get(row.providerKey)) === JSON.stringify(row),
    idOf: (key) => `txn_${key}`,
    catchUp: async () => {},
    ...changes,
  }
  return {
    dependencies,
    offers,
    rows,
    joined,
    noted,
    asked,
    cycle,
    books,
    sync: (id = 'agmt-1', now = LATER) => syncAgreement(dependencies)(id, contextAt(now)),
  }
}
