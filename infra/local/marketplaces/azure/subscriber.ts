import { conflict } from '../../../../lib/core/errors.ts'
import type { World } from '../stand-in.ts'
import { acting } from './customer.ts'
import { plansFor } from './offered-plans.ts'
import { begin } from './operation.ts'

// What a subscriber changes in the portal: the publisher is asked, and unless it refuses within ten seconds it happens.

/** Another plan of those on sale to this customer. Users go with plans that have a price for each. */
export const changePlan = (world: World, subscriptionId: string, planId: string) =>
  acting('ChangePlan', async (_, found) => {
    const { subscription } = found
    const wanted = (await plansFor(world, found)).find(({ plan }) => plan.planId === planId)?.plan
    if (!wanted || planId === subscription.planId)
      throw conflict(`subscription ${subscriptionId} cannot get the plan ${planId}`, 'planId')
    const quantity = wanted.isPricePerSeat ? (subscription.quantity ?? wanted.minQuantity) : null
    await begin(world, found, 'ChangePlan', { planId, quantity }, 'Azure')
  })(world, subscriptionId)

/** Another number of users; the portal's own check of the plan's limits is left to the publisher here. */
export const changeQuantity = (world: World, subscriptionId: string, quantity: number) =>
  acting('ChangeQuantity', async (_, found) => {
    if (found.subscription.quantity === null) throw conflict('the plan is not sold by users', 'quantity')
    await begin(world, found, 'ChangeQuantity', { quantity }, 'Azure')
  })(world, subscriptionId)
