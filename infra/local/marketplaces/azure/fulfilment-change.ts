import type { Answer } from '../stand-in.ts'
import { type Call, refusal } from './api.ts'
import { API_VERSION, bad, withPurchase } from './fulfilment-call.ts'
import { plansFor } from './offered-plans.ts'
import { begin, operationsOf } from './operation.ts'
import { type Change, isAllowed, type Purchase } from './subscription.ts'

const started = async (
  call: Call,
  purchase: Purchase,
  action: 'ChangePlan' | 'ChangeQuantity' | 'Unsubscribe',
  change: Partial<Change>,
) => {
  const { id, subscriptionId } = await begin(call.world, purchase, action, change, 'Partner')
  const location = `${call.base}/saas/subscriptions/${subscriptionId}/operations/${id}?api-version=${API_VERSION}`
  return { status: 202, headers: { 'operation-location': location } }
}

const isBusy = async ({ world }: Call, { subscription }: Purchase) =>
  (await operationsOf(world, subscription.id)).some(({ status }) => status === 'InProgress')

const LOCKED: Answer = {
  status: 400,
  body: { code: 'Failed', message: 'The subscription is locked by a pending operation.', target: 'update' },
}

const changeOf = (body: unknown): Partial<Change> | undefined => {
  if (typeof body !== 'object' || body === null || 'planId' in body === 'quantity' in body) return undefined
  if ('planId' in body) return typeof body.planId === 'string' ? { planId: body.planId } : undefined
  const quantity = 'quantity' in body ? body.quantity : undefined
  return typeof quantity === 'number' && Number.isInteger(quantity) && quantity > 0 ? { quantity } : undefined
}

export const update = withPurchase(async (call, purchase) => {
  const { subscription } = purchase
  const change = changeOf(call.body)
  if (!change) return bad('The body needs either planId or quantity.')
  if (!isAllowed('ChangePlan', subscription)) return bad('Only a subscribed subscription can be changed.')
  if (!subscription.allowedCustomerOperations.includes('Update')) return bad('The subscription may not be updated.')
  if (change.planId === subscription.planId) return bad('The subscription has this plan already.')
  if (change.quantity !== undefined && subscription.quantity === null) return bad('The plan is not sold by quantity.')
  const known = await plansFor(call.world, purchase)
  if (change.planId && !known.some(({ plan }) => plan.planId === change.planId)) return bad('There is no such plan.')
  if (await isBusy(call, purchase)) return LOCKED
  return started(call, purchase, change.planId ? 'ChangePlan' : 'ChangeQuantity', change)
})

export const cancel = withPurchase(async (call, purchase) => {
  const { subscription } = purchase
  if (!isAllowed('Unsubscribe', subscription)) return bad('The subscription has ended already.')
  if (!subscription.allowedCustomerOperations.includes('Delete')) return bad('The subscription may not be deleted.')
  if (await isBusy(call, purchase)) return refusal(409, 'Conflict', 'The subscription has a pending operation.')
  return started(call, purchase, 'Unsubscribe', {})
})
