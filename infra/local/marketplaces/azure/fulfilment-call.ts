import type { Answer } from '../stand-in.ts'
import { type Call, refusal } from './api.ts'
import { purchaseOf } from './operation.ts'
import type { Purchase } from './subscription.ts'

export const API_VERSION = '2018-08-31'

export const bad = (message: string) => refusal(400, 'BadRequest', message)
export const missing = refusal(404, 'EntityNotFound', 'There is no such subscription.')

/** Answers about the subscription that the path names. */
export const withPurchase =
  (answer: (call: Call, purchase: Purchase) => Promise<Answer>) =>
  async (call: Call): Promise<Answer> => {
    const purchase = await purchaseOf(call.world, call.path['id'] ?? '')
    return purchase ? answer(call, purchase) : missing
  }
