import { listMessages } from '../../lib/outbox/commands.ts'
import { contract } from '../../lib/outbox/contract.ts'
import { messageStore } from '../../lib/outbox/store.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'

const store = messageStore(openTable(env('RECORDS_TABLE')))

export const handler = api(contract, { listMessages: ({ actor, query }) => listMessages({ store })(actor, query) })
