import { ingestEvents, listDeadLetters, redriveDeadLetter } from '../../lib/feed/commands.ts'
import { contract } from '../../lib/feed/contract.ts'
import { feedStore } from '../../lib/feed/store.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openQueues } from '../../lib/runtime/queues.ts'
import { openTable } from '../../lib/runtime/table.ts'

const table = openTable(env('RECORDS_TABLE'))
const store = feedStore(table)
const { resend } = openQueues(env('QUEUE_URLS'))

export const handler = api(
  contract,
  {
    ingestEvents: ({ actor, body }) => ingestEvents({ store })(actor, body.events),
    listDeadLetters: ({ actor, query }) => listDeadLetters({ store })(actor, query),
    redriveDeadLetter: ({ actor, path, context }) => redriveDeadLetter({ store, resend })(actor, path.deadLetterId, context),
  },
  table,
)
