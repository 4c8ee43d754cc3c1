import { ingestEvents } from '../../lib/feed/commands.ts'
import { contract } from '../../lib/feed/contract.ts'
import { feedStore } from '../../lib/feed/store.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'

const table = openTable(env('RECORDS_TABLE'))
const ingest = ingestEvents({ store: feedStore(table) })

export const handler = api(contract, { ingestEvents: ({ actor, body }) => ingest(actor, body.events) }, table)
