import { publishRate } from '../../lib/rates/commands.ts'
import { contract } from '../../lib/rates/contract.ts'
import { rateStore } from '../../lib/rates/store.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'

const table = openTable(env('RECORDS_TABLE'))
const store = rateStore(table)

export const handler = api(
  contract,
  {
    publishRate: ({ actor, body, context }) => publishRate({ store })(actor, body, context),
    listRates: ({ query }) => store.list(query.base, query.quote, query),
  },
  table,
)
