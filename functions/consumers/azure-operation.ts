import { OperationReceived } from '../../events/azure.ts'
import { followOperation } from '../../lib/agreements/operation.ts'
import { ChangeRule } from '../../lib/agreements/subscription-change.ts'
import { feedStore } from '../../lib/feed/store.ts'
import { queue } from '../../lib/runtime/batch.ts'
import { newContext } from '../../lib/runtime/context.ts'
import { deadLetterBox } from '../../lib/runtime/dead-letters.ts'
import { env } from '../../lib/runtime/env.ts'
import { detailOf } from '../../lib/runtime/message.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openAzure } from '../bind/azure.ts'

const table = openTable(env('RECORDS_TABLE'))
const rule = ChangeRule.parse(JSON.parse(env('SUBSCRIPTION_CHANGE_RULE')))
const { fulfilment, offers, store, sync } = openAzure(table)
const follow = followOperation({ fulfilment, offers, store, sync, rule, feed: feedStore(table) })

export const handler = queue(
  (body) => follow(detailOf(OperationReceived, body).data, newContext('webhook')),
  deadLetterBox(table),
)
