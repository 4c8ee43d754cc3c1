import { mustBe } from '../core/access.ts'
import type { Actor, Context } from '../core/context.ts'
import { mustExist } from '../core/errors.ts'
import type { PageQuery } from '../core/page.ts'
import { type Cost, type NewCost, recordCost } from './cost.ts'
import type { CostStore } from './store.ts'

export type Dependencies = { store: CostStore; partners: { get: (id: string) => Promise<unknown> } }

export const addCost =
  ({ store, partners }: Dependencies) =>
  async (actor: Actor, input: NewCost, context: Context): Promise<Cost> => {
    mustBe(actor, 'manager', 'finance', 'platform')
    await mustExist({ partnerId: input.partnerId ? partners.get(input.partnerId) : undefined })
    const { cost, event } = recordCost(input, context)
    return store.save(cost, event, context)
  }

export const getCost =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, costId: string): Promise<Cost> => {
    mustBe(actor, 'manager', 'finance', 'platform')
    return store.get(costId)
  }

export const listCosts =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, { period, ...page }: PageQuery & { period: string }) => {
    mustBe(actor, 'manager', 'finance', 'platform')
    return store.list(period, page)
  }
