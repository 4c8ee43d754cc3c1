import { parseWebhook, signingKeys, verifyToken } from '../../lib/agreements/azure-webhook.ts'
import { webhookContract } from '../../lib/agreements/contract.ts'
import { receiveOperation } from '../../lib/agreements/inbox.ts'
import { feedStore } from '../../lib/feed/store.ts'
import { clock } from '../../lib/runtime/clock.ts'
import { deadLetterBox } from '../../lib/runtime/dead-letters.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'

const table = openTable(env('RECORDS_TABLE'))
const tenantId = env('AZURE_TENANT_ID')
const expected = { keys: signingKeys(env('AZURE_LOGIN_URL'), tenantId), tenantId, appId: env('AZURE_WEBHOOK_APP_ID') }
const receive = receiveOperation({ parse: parseWebhook, feed: feedStore(table), deadLetters: deadLetterBox(table) })

export const handler = api(webhookContract, {
  receiveOperation: async ({ headers, text, context }) => {
    await verifyToken(headers['authorization'], { ...expected, now: clock.now() })
    await receive(text, context)
  },
})
