import { OperationReceived } from '../../events/azure.ts'
import { queue } from '../../lib/runtime/batch.ts'
import { newContext } from '../../lib/runtime/context.ts'
import { deadLetterBox } from '../../lib/runtime/dead-letters.ts'
import { env } from '../../lib/runtime/env.ts'
import { detailOf } from '../../lib/runtime/message.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openAzure } from '../bind/azure.ts'

const table = openTable(env('RECORDS_TABLE'))
const { fulfilment, sync } = openAzure(table)

export const handler = queue(async (body) => {
  const { subscriptionId, operationId } = detailOf(OperationReceived, body).data
  await fulfilment.operation(subscriptionId, operationId)
  await sync(subscriptionId, newContext('webhook'))
}, deadLetterBox(table))
