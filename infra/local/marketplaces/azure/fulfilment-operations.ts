import type { Answer } from '../stand-in.ts'
import { type Call, ok, refusal } from './api.ts'
import { type Operation, operationsOf, purchaseOf, succeed } from './operation.ts'

const view = (operation: Operation) => {
  const { id, activityId, subscriptionId, offerId, publisherId, planId, quantity, action, timeStamp, status } = operation
  return { id, activityId, subscriptionId, offerId, publisherId, planId, quantity, action, timeStamp, status }
}

/** The open operations; like the real one it answers an empty list for a subscription that does not exist. */
export const operations = async ({ world, path }: Call): Promise<Answer> => {
  const all = await operationsOf(world, path['id'] ?? '')
  return ok({ operations: all.filter(({ status }) => status === 'InProgress').map(view) })
}

const operationAt = async ({ world, path }: Call) => {
  const found = await world.shelf.get<Operation>('azure.operations', path['operationId'] ?? '')
  return found?.subscriptionId === path['id'] ? found : undefined
}

// The documents promise 404; the real service answers 400.
const unknown = refusal(400, 'BadRequest', 'There is no such operation.')

export const operation = async (call: Call): Promise<Answer> => {
  const found = await operationAt(call)
  return found ? ok({ ...view(found), errorStatusCode: '', errorMessage: '' }) : unknown
}

/** The publisher's word on an operation of the marketplace. Any status but Failure is a yes, and a reinstatement cannot be refused. */
export const answerOperation = async (call: Call): Promise<Answer> => {
  const { world, body } = call
  const found = await operationAt(call)
  const purchase = found && (await purchaseOf(world, found.subscriptionId))
  if (!found || !purchase) return unknown
  if (typeof body !== 'object' || body === null || !('status' in body))
    return refusal(400, 'BadRequest', 'The body needs status.')
  if (found.operationRequestSource === 'Partner')
    return refusal(500, 'InternalServerError', 'The publisher started this operation itself.')
  if (found.status !== 'InProgress') return refusal(409, 'Conflict', 'The operation has ended already.')
  const isRefused = body.status === 'Failure' && found.action !== 'Reinstate'
  await (isRefused
    ? world.shelf.put('azure.operations', found.id, { ...found, status: 'Failed' })
    : succeed(world, found, purchase))
  return ok()
}
