import * as z from '../lib/core/schema.ts'
import { define } from './envelope.ts'

const operation = z.object({ operationId: z.text(), subscriptionId: z.text() })
const answer = z.enum(['confirm', 'refuse'])

/** Microsoft told of an operation on a SaaS subscription; not believed before it is confirmed. */
export const OperationReceived = define('azure.operation-received.v1', z.extend(operation, { action: z.string() }))

/** How we answer a subscriber who asks Microsoft for another plan or other users; written before the answer goes out. */
export const ChangeJudged = define(
  'azure.change-judged.v1',
  z.extend(operation, {
    change: z.enum(['plan', 'users']),
    answer,
    rule: z.string(),
    reason: z.string(),
    planId: z.optional(z.string()),
    quantity: z.optional(z.int()),
  }),
)

/** Microsoft did not take our answer: what became of the operation is in `status`. */
export const AnswerRefused = define(
  'azure.answer-refused.v1',
  z.extend(operation, { answer, status: z.string(), reason: z.string() }),
)
