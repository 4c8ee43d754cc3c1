import { mustBe } from '../core/access.ts'
import type { Actor, Context } from '../core/context.ts'
import { publish, type Rate } from './rate.ts'
import type { RateStore } from './store.ts'

export type Dependencies = { store: RateStore }

export const publishRate =
  ({ store }: Dependencies) =>
  async (actor: Actor, rate: Rate, context: Context): Promise<Rate> => {
    mustBe(actor, 'finance', 'platform')
    return store.save(rate, publish(rate, context), context)
  }
