import * as z from 'zod'
import { define } from './envelope.ts'

/** Microsoft told of an operation on a SaaS subscription; not believed before it is confirmed. */
export const OperationReceived = define(
  'azure.operation-received.v1',
  z.object({ operationId: z.string().min(1), subscriptionId: z.string().min(1), action: z.string() }),
)
