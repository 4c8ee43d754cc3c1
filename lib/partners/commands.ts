import { mustBe, mustMatch, mustSee } from '../core/access.ts'
import type { Actor, Context } from '../core/context.ts'
import type { PageQuery } from '../core/page.ts'
import { type MilestoneReport, type NewPartner, type Partner, reachMilestone, register } from './partner.ts'
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
    return store.get(id)
  }

/** A partner's list holds only itself. */
export const listPartners =
  ({ store }: Dependencies) =>
  async (actor: Actor, page: PageQuery) =>
    actor.partnerId && actor.role === 'partner' ? { items: [await store.get(actor.partnerId)] } : store.list(page)

export const reportMilestone =
  ({ store }: Dependencies) =>
  async (actor: Actor, id: string, report: MilestoneReport, expected: number | undefined, context: Context) => {
    mustBe(actor, 'manager', 'platform')
    const before = await store.get(id)
    mustMatch(expected, before.version)
    const { partner, events } = reachMilestone(before, report, context)
    return events.length ? store.save(partner, events, context) : partner
  }
