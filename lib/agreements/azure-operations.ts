import { isCode, notFound } from '../core/errors.ts'
import { type Fulfilment, saas } from './azure-fulfilment.ts'
import { anything, Operation } from './azure-subscription.ts'

/** What Microsoft itself says of an operation: a webhook is believed only after this. Unknown ones are answered with 400. */
const read = async ({ get }: Fulfilment, subscriptionId: string, operationId: string): Promise<Operation> => {
  try {
    return await get(saas(subscriptionId, 'operations', operationId), Operation)
  } catch (error) {
    throw isCode(error, 'unprocessable') ? notFound('operation', operationId) : error
  }
}

const STATUS = { confirm: 'Success', refuse: 'Failure' } as const

/**
 * Our word on an operation. Undefined: it is taken; else Microsoft's reason why not (409: it is over, 400 and 404: it is unknown).
 * `unavailable` also where the publisher itself began it: that is a 500.
 */
const answer = async (
  { patch }: Fulfilment,
  { subscriptionId, operationId }: Pick<Operation, 'subscriptionId' | 'operationId'>,
  word: keyof typeof STATUS,
): Promise<string | undefined> => {
  try {
    const body = { status: STATUS[word] }
    const answered = await patch(saas(subscriptionId, 'operations', operationId), { body, answer: anything })
    return answered.ok ? undefined : answered.errors.map(({ message }) => message).join('; ')
  } catch (error) {
    if (isCode(error, 'not_found')) return error.message
    throw error
  }
}

/** The operations on SaaS subscriptions. */
export const azureOperations = (api: Fulfilment) => ({
  operation: (subscriptionId: string, operationId: string) => read(api, subscriptionId, operationId),
  answer: (operation: Pick<Operation, 'subscriptionId' | 'operationId'>, word: keyof typeof STATUS) =>
    answer(api, operation, word),
})
