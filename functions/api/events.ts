import { ingestEvents, listDeadLetters, redriveDeadLetter } from '../../lib/feed/commands.ts'
import { contract } from '../../lib/feed/contract.ts'
import { readFeed } from '../../lib/feed/read.ts'
import { sequenceStore } from '../../lib/feed/sequence-store.ts'
import { feedStore } from '../../lib/feed/store.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openQueues } from '../../lib/runtime/queues.ts'
import { openTable } from '../../lib/runtime/table.ts'

const table = openTable(env('RECORDS_TABLE'))
const store = feedStore(table)
const sequence = sequenceStore(table)
const { resend } = openQueues(env('QUEUE_URLS'))

export const handler = api(
  contract,
  {
    readFeed: ({ actor, query }) => readFeed({ sequence })(actor, query),
    ingestEvents: ({ actor, body }) => ingestEvents({ store })(actor, body.events),
    listDeadLetters: ({ actor, query }) => listDeadLetters({ store })(actor, query),
    redriveDeadLetter: ({ actor, path, context }) => redriveDeadLetter({ store, resend })(actor, path.deadLetterId, context),
  },
  table,
)
