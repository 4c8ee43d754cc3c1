import type { World } from '../stand-in.ts'
import { newGuid, stamp } from './api.ts'
import { commit, type Write } from './journal.ts'
import { type Action, afterwards, type Change, isGivenUp, type Purchase, type Subscription } from './subscription.ts'

/** A change of a subscription. `planId` and `quantity` are the requested ones; one in progress succeeds by itself at `due`. */
export type Operation = Change & {
  id: string
  activityId: string
  subscriptionId: string
  offerId: string
  publisherId: string
  action: Action
  timeStamp: string
  status: 'InProgress' | 'Succeeded' | 'Failed'
  operationRequestSource: 'Azure' | 'Partner'
  due?: string
}

const ACCEPTS_AFTER_MS = 10_000

const opened = (world: World, { subscription }: Purchase, action: Action, change: Partial<Change>): Operation => ({
  id: newGuid(world),
  activityId: newGuid(world),
  subscriptionId: subscription.id,
  offerId: subscription.offerId,
  publisherId: subscription.publisherId,
  planId: change.planId ?? subscription.planId,
  quantity: change.quantity === undefined ? subscription.quantity : change.quantity,
  action,
  timeStamp: stamp(world.now()),
  status: 'InProgress',
  operationRequestSource: 'Azure',
})

const messageOf = ({ due, ...operation }: Operation, subscription: Subscription) => ({
  ...operation,
  subscription,
  purchaseToken: null,
})

const saved = (operation: Operation): Write => ({ collection: 'azure.operations', id: operation.id, document: operation })
const posted = (operation: Operation, { subscription }: Purchase): Write => ({
  collection: 'azure.outbox',
  id: operation.id,
  document: messageOf(operation, subscription),
})

/** Starts an operation that succeeds later: the publisher's own, or one that the marketplace announces beforehand. */
export const begin = async (
  world: World,
  purchase: Purchase,
  action: Action,
  change: Partial<Change>,
  source: Operation['operationRequestSource'],
) => {
  const due = new Date(world.now().getTime() + ACCEPTS_AFTER_MS).toISOString()
  const operation: Operation = { ...opened(world, purchase, action, change), operationRequestSource: source, due }
  await commit(world, [saved(operation), ...(source === 'Azure' ? [posted(operation, purchase)] : [])])
  return operation
}

/** Ends an operation well. The publisher hears of its own only now. */
export const succeed = async (world: World, { due, ...operation }: Operation, purchase: Purchase) => {
  const done: Operation = { ...operation, status: 'Succeeded' }
  const after = afterwards(purchase, operation.action, operation, due ?? world.now().toISOString())
  await commit(world, [
    saved(done),
    { collection: 'azure.subscriptions', id: operation.subscriptionId, document: after },
    ...(due && operation.operationRequestSource === 'Azure' ? [] : [posted(done, after)]),
  ])
  return done
}

/** An operation that the publisher is only told of. */
export const happen = (world: World, purchase: Purchase, action: Action) =>
  succeed(world, opened(world, purchase, action, {}), purchase)

export const purchaseOf = ({ shelf }: World, id: string) => shelf.get<Purchase>('azure.subscriptions', id)

export const operationsOf = async ({ shelf }: World, subscriptionId: string) =>
  (await shelf.list<Operation>('azure.operations')).filter((operation) => operation.subscriptionId === subscriptionId)

/** Ends what waited for ten seconds, and what was left alone for thirty days. */
export const catchUp = async (world: World) => {
  const now = world.now()
  for (const operation of await world.shelf.list<Operation>('azure.operations')) {
    const isDue = operation.status === 'InProgress' && operation.due && operation.due <= now.toISOString()
    const purchase = isDue && (await purchaseOf(world, operation.subscriptionId))
    if (purchase) await succeed(world, operation, purchase)
  }
  for (const purchase of await world.shelf.list<Purchase>('azure.subscriptions'))
    if (isGivenUp(purchase, now)) await happen(world, purchase, 'Unsubscribe')
}
