import * as z from '../lib/core/schema.ts'
import { define } from './envelope.ts'

/** Microsoft told of an operation on a SaaS subscription; not believed before it is confirmed. */
export const OperationReceived = define(
  'azure.operation-received.v1',
  z.object({ operationId: z.text(), subscriptionId: z.text(), action: z.string() }),
)
