import { addCost, getCost, listCosts } from '../../lib/costs/commands.ts'
import { contract } from '../../lib/costs/contract.ts'
import { costStore } from '../../lib/costs/store.ts'
import { partnerStore } from '../../lib/partners/store.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'

const table = openTable(env('RECORDS_TABLE'))
const dependencies = { store: costStore(table), partners: partnerStore(table) }

export const handler = api(
  contract,
  {
    recordCost: ({ actor, body, context }) => addCost(dependencies)(actor, body, context),
    getCost: ({ actor, path }) => getCost(dependencies)(actor, path.costId),
    listCosts: ({ actor, query }) => listCosts(dependencies)(actor, query),
  },
  table,
)
