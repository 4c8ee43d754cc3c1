import { parseWebhook, signingKeys, verifyToken } from '../../lib/agreements/azure-webhook.ts'
import { contract } from '../../lib/agreements/contract.ts'
import { landPurchase, receiveOperation } from '../../lib/agreements/purchase.ts'
import { feedStore } from '../../lib/feed/store.ts'
import { clock } from '../../lib/runtime/clock.ts'
import { deadLetterBox } from '../../lib/runtime/dead-letters.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { log } from '../../lib/runtime/log.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openAzure } from '../bind/azure.ts'

const table = openTable(env('RECORDS_TABLE'))
const { fulfilment, sync } = openAzure(table)
const tenantId = env('AZURE_TENANT_ID')
const expected = { keys: signingKeys(env('AZURE_LOGIN_URL'), tenantId), tenantId, appId: env('AZURE_WEBHOOK_APP_ID') }
const onError = (error: unknown, id: string) => log.error('a purchase waits for the books', error, { id })
const inbox = { parse: parseWebhook, feed: feedStore(table), deadLetters: deadLetterBox(table) }
const verify = (authorization: string | undefined) => verifyToken(authorization, { ...expected, now: clock.now() })

export const handler = api(contract, {
  receiveOperation: async ({ headers, text, context }) => {
    await verify(headers['authorization'])
    await receiveOperation(inbox)(text, context)
  },
  landPurchase: ({ body, context }) => landPurchase({ fulfilment, sync, onError })(body.token, context),
})
