import type { Fault } from '../../infra/local/marketplaces/faults.ts'
import type { Books } from '../../lib/agreements/booking.ts'
import { reconcileAgreements } from '../../lib/agreements/commands.ts'
import type { Owned } from '../../lib/agreements/owned.ts'
import { type Dependencies, syncAgreement } from '../../lib/agreements/read.ts'
import type { AgreementSource } from '../../lib/agreements/source.ts'
import type { AgreementStore, LastKnown } from '../../lib/agreements/store.ts'
import { conflict, ServiceError } from '../../lib/core/errors.ts'
import { catchUp, type Dependencies as Following, followAll, followOffer } from '../../lib/offers/follow.ts'
import type { Marketplace } from '../../lib/offers/marketplace.ts'
import type { Decided, Offer } from '../../lib/offers/offer.ts'
import { withdraw } from '../../lib/offers/submission.ts'
import { digestOf } from '../../lib/runtime/digest.ts'
import type { NewTransaction } from '../../lib/transactions/transaction.ts'
import { ann, contextAt, memoryOffers } from '../support/offers.ts'
import { type Crash, dyingIn } from './crash.ts'

/** The agreements' store in memory, with the promise of the real one that the slower of two readings begins again. */
const memoryAgreements = (): Dependencies['store'] & Pick<AgreementStore, 'resold'> => {
  const [books, read, owners] = [new Map<string, Books>(), new Map<string, string>(), new Map<string, Owned[]>()]
  const known = new Map<string, LastKnown>()
  let cycle = { since: '2020-01-01T00:00:00Z', startedAt: '' }
  return {
    books: async (_, id) => books.get(id),
    keepBooks: async (_, id, after, before) => {
      if (books.get(id)?.revision !== before?.revision) throw new ServiceError('stale_version', 'read meanwhile')
      books.set(id, after)
    },
    owners: async (_, id) => owners.get(id) ?? [],
    keepOwners: async (_, id, after, before) => {
      if ((owners.get(id) ?? []).length !== before.length) throw new ServiceError('stale_version', 'read meanwhile')
      owners.set(id, after)
    },
    synced: async ({ id, plan }, { owner, item }, at) => {
      read.set(id, at)
      known.set(id, { owner, ...(plan && { planId: plan.id }), ...(item !== undefined && { item }) })
    },
    unsettled: async (_, id, __, at = '') => void read.set(id, at),
    lastKnown: async (_, id) => known.get(id),
    resold: async () => {},
    syncedAt: async (_, id) => read.get(id) ?? '',
    syncedBefore: async function* (_, instant) {
      for (const [id, at] of [...read]) if (at < instant) yield id
    },
    beginCycle: async (_, now) => {
      cycle = { ...cycle, startedAt: cycle.startedAt || now }
      return cycle
    },
    endCycle: async (_, startedAt) => {
      cycle = { since: startedAt, startedAt: '' }
    },
  }
}

/** A marketplace as Cosell speaks with it. */
export type Provider = { name: Offer['marketplace']; marketplace: Marketplace; source: AgreementSource; now: () => string }

/** Cosell's desk over offers, with books in memory; what goes wrong in a step is left to the steps after it. */
export const openDesk = (provider: Provider, offers: Offer[]) => {
  const { name } = provider
  const memory = memoryOffers(...offers)
  const agreements = memoryAgreements()
  const rows = new Map<string, NewTransaction>()
  const record = async (row: NewTransaction) => {
    const known = rows.get(row.providerKey)
    if (known && digestOf(known) !== digestOf(row)) throw conflict(`${row.providerKey} was recorded with another content`)
    rows.set(row.providerKey, row)
  }
  /** All that Cosell works with, which dies together. */
  const dependencies = (crash?: Crash, life = { calls: 0 }) => {
    const store = dyingIn(memory.store, crash, life)
    const following: Following = { store, marketplace: dyingIn(provider.marketplace, crash, life) }
    const syncing = {
      marketplace: name,
      source: dyingIn(provider.source, crash, life),
      store: dyingIn(agreements, crash, life),
      offers: store,
      accounts: { ofBuyer: async () => 'acc_buyer' },
      join: async () => {},
      ...dyingIn({ record }, crash, life),
      isRecorded: async (row: NewTransaction) => {
        const known = rows.get(row.providerKey)
        return known !== undefined && digestOf(known) === digestOf(row)
      },
      idOf: (key: string) => `txn_${key}`,
      catchUp: catchUp(following, name),
    }
    return { following, syncing }
  }
  const context = () => contextAt(provider.now())
  const run = { context, isOver: () => false, onError: async () => {} }
  return {
    rows,
    context,
    dependencies,
    store: memory.store,
    /** Another offer comes to the desk, approved. */
    add: (offer: Offer) => memory.store.save({ offer, events: [] }, { ...offer, version: 0 }, context()),
    decide: async (id: string, by: (offer: Offer) => Decided) => {
      const offer = await memory.store.get(id)
      await memory.store.save(by(offer), offer, context())
    },
    follow: (id: string, crash?: Crash) => followOffer(dependencies(crash).following)(id, context()),
    followAll: (crash?: Crash) => followAll(dependencies(crash).following, name)(run),
    sync: (agreementId: string, crash?: Crash) => syncAgreement(dependencies(crash).syncing)(agreementId, context()),
    reconcile: (crash?: Crash) => reconcileAgreements(dependencies(crash).syncing)(run),
  }
}
export type Desk = ReturnType<typeof openDesk>

/** What every marketplace's storm has: our own runs, time, faults, and a person who gives an offer up. */
export type CommonMove =
  | { kind: 'follow'; which: number; crash: Crash | undefined }
  | { kind: 'follow all' | 'reconcile'; crash: Crash | undefined }
  | { kind: 'both' | 'withdraw'; which: number }
  | { kind: 'wait'; seconds: number }
  | { kind: 'fault'; fault: Partial<Fault> }

type Nature = { pass: (seconds: number) => Promise<unknown>; fail: (fault: Partial<Fault>) => unknown }

/** Makes such a move over the offer that it is about. */
export const makeCommon = async (desk: Desk, nature: Nature, step: CommonMove, id: string): Promise<unknown> => {
  switch (step.kind) {
    case 'follow':
      return desk.follow(id, step.crash)
    case 'follow all':
      return desk.followAll(step.crash)
    case 'reconcile':
      return desk.reconcile(step.crash)
    case 'both':
      return Promise.all([desk.follow(id), desk.follow(id)])
    case 'wait':
      return nature.pass(step.seconds)
    case 'fault':
      return nature.fail(step.fault)
    case 'withdraw':
      return desk.decide(id, (offer) => withdraw(offer, 'no need', ann, desk.context()))
  }
}
