import { service } from '../../../infra/service.ts'
import type { RunningAgreement } from '../../../lib/agreements/running.ts'
import { notFound } from '../../../lib/core/errors.ts'
import type { Offer } from '../../../lib/offers/offer.ts'
import { type Draft, queued } from '../../../lib/outbox/message.ts'
import { Messaging } from '../../../lib/outbox/receiver.ts'
import { hashOf } from '../../../lib/outbox/store.ts'
import type { Partner } from '../../../lib/partners/partner.ts'
import { type Dependencies, remindAll } from '../../../lib/reminders/commands.ts'
import { ReminderRule } from '../../../lib/reminders/rule.ts'
import type { Evidence } from '../../../lib/terms/terms.ts'
import { contextAt } from '../../support/offers.ts'
import { awsOffer } from '../offers/aws-offer.ts'

export const RULE = ReminderRule.parse(JSON.parse(service.policies.REMINDER_RULE))

export const released = (changes: Partial<Offer> = {}): Offer =>
  ({ ...awsOffer({ status: 'released', releasedAt: '2026-11-02T09:00:00.000Z', externalId: 'offer-1' }), ...changes }) as Offer

export const running = (changes: Partial<RunningAgreement> = {}): RunningAgreement => ({
  marketplace: 'aws',
  id: 'agmt-1',
  accountId: 'acc_1',
  productId: 'prod-cosell0ledger',
  partnerId: 'par_1',
  offerId: 'off_1',
  from: '2026-01-01',
  lastDay: '2026-12-31',
  renewsItself: false,
  ...changes,
})

export const evidence = (changes: Partial<Evidence> = {}): Evidence => ({
  id: 'evt_1',
  kind: 'check',
  at: '2026-11-02T09:00:00.000Z',
  subscriptionId: 'e0000000-0000-4000-8000-000000000001',
  publisherId: 'contoso',
  productId: 'contoso-appliance',
  planId: 'pro',
  accepted: false,
  by: 'mia',
  ...changes,
})

export const partner = (changes: Partial<Partner> = {}): Partner => ({
  id: 'par_1',
  name: 'Northwind',
  type: 'reseller',
  contactEmail: 'deals@northwind.example',
  timeZone: 'America/New_York',
  version: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  milestones: {},
  ...changes,
})

export const MESSAGING = Messaging.parse({
  sender: 'cosell@vendor.example',
  managers: { emails: ['managers@vendor.example'], timeZone: 'Europe/Berlin' },
  webhook: { url: 'https://hooks.vendor.example', secretArn: 'arn:x', timeZone: 'UTC' },
})

type World = { offers: Offer[]; agreements: RunningAgreement[]; evidence: Evidence[]; partners: Partner[] }
export type Queued = Draft & { id: string; at: string }

/** Reminders over things that a test may change while time passes, and all that came into the outbox, as ids tell it apart. */
export const openDesk = (given: Partial<World>, changes: Partial<Dependencies> = {}) => {
  const world: World = { offers: [], agreements: [], evidence: [], partners: [partner()], ...given }
  const outbox = new Map<string, Queued>()
  const find = <T extends { id: string }>(all: T[], noun: string, id: string) => {
    const found = all.find((each) => each.id === id)
    if (!found) throw notFound(noun, id)
    return found
  }
  const dependencies: Dependencies = {
    offers: {
      list: async ({ status, cursor = '0' }) => {
        const all = world.offers.filter((offer) => offer.status === status)
        const at = Number(cursor)
        return { items: all.slice(at, at + 1), ...(at + 1 < all.length && { cursor: String(at + 1) }) }
      },
      get: async (id) => find(world.offers, 'offer', id),
    },
    agreements: {
      ending: async function* (from, to) {
        yield* world.agreements.filter(({ lastDay }) => lastDay >= from && lastDay <= to)
      },
      running: async (_, id) => world.agreements.find((each) => each.id === id),
    },
    terms: {
      all: async function* () {
        yield* world.evidence
      },
    },
    partners: { get: async (id) => find(world.partners, 'partner', id) },
    queue: async (draft, context) => {
      const { id } = queued(draft, hashOf, context).message
      if (!outbox.has(id)) outbox.set(id, { ...draft, id, at: context.now })
    },
    rule: RULE,
    messaging: MESSAGING,
    ...changes,
  }
  const errors: string[] = []
  const run = (now: string) =>
    remindAll(dependencies)({
      context: () => contextAt(now),
      isOver: () => false,
      onError: async (_, id) => void errors.push(id),
    })
  return { world, dependencies, errors, run, queued: () => [...outbox.values()] }
}
