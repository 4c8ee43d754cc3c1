import { mustBe, mustMatch, mustSee } from '../core/access.ts'
import type { Actor, Context } from '../core/context.ts'
import type { PageQuery } from '../core/page.ts'
import {
  type Classification,
  classify,
  hold,
  liftHold,
  type MilestoneReport,
  type NewPartner,
  type Partner,
  reachMilestone,
  register,
  withoutHold,
} from './partner.ts'
import type { PartnerStore } from './store.ts'

export type Dependencies = { store: PartnerStore }

export const createPartner =
  ({ store }: Dependencies) =>
  async (actor: Actor, input: NewPartner, context: Context) => {
    mustBe(actor, 'manager', 'platform')
    const { partner, events } = register(input, context)
    return store.save(partner, events, context)
  }

export const getPartner =
  ({ store }: Dependencies) =>
  async (actor: Actor, id: string): Promise<Partner> => {
    mustSee(actor, id, 'partner', id)
    const partner = await store.get(id)
    return actor.role === 'partner' ? withoutHold(partner) : partner
  }

/** A partner's list holds only itself. */
export const listPartners =
  ({ store }: Dependencies) =>
  async (actor: Actor, page: PageQuery) =>
    actor.partnerId && actor.role === 'partner' ? { items: [withoutHold(await store.get(actor.partnerId))] } : store.list(page)

export const reportMilestone =
  ({ store }: Dependencies) =>
  async (actor: Actor, id: string, report: MilestoneReport, expected: number | undefined, context: Context) => {
    mustBe(actor, 'manager', 'platform')
    const before = await store.get(id)
    mustMatch(expected, before.version)
    const { partner, events } = reachMilestone(before, report, context)
    return events.length ? store.save(partner, events, context) : partner
  }

export const classifyPartner =
  ({ store }: Dependencies) =>
  async (actor: Actor, id: string, change: Classification, expected: number | undefined, context: Context) => {
    mustBe(actor, 'manager', 'platform')
    const before = await store.get(id)
    mustMatch(expected, before.version)
    const { partner, events } = classify(before, change, actor, context)
    return events.length ? store.save(partner, events, context) : partner
  }

/** Whoever sells may stop a partner's offers, but only the platform's people let them go on. */
export const changeHold =
  ({ store }: Dependencies, change: 'hold' | 'lift') =>
  async (actor: Actor, id: string, reason: string, expected: number | undefined, context: Context) => {
    mustBe(actor, ...(change === 'hold' ? (['manager', 'platform'] as const) : (['platform'] as const)))
    const before = await store.get(id)
    mustMatch(expected, before.version)
    const { partner, events } = (change === 'hold' ? hold : liftHold)(before, reason, actor, context)
    return events.length ? store.save(partner, events, context) : partner
  }
