import { acceptException, assignException, getClosable, getReport, listExceptions } from '../../lib/reconciliation/commands.ts'
import { contract } from '../../lib/reconciliation/contract.ts'
import { reconciliationStore } from '../../lib/reconciliation/store.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'

const table = openTable(env('RECORDS_TABLE'))
const dependencies = { store: reconciliationStore(table) }

export const handler = api(
  contract,
  {
    listExceptions: ({ actor, query, context }) => listExceptions(dependencies)(actor, query, context),
    getReconciliationReport: ({ actor, query, context }) => getReport(dependencies)(actor, query, context),
    getClosable: ({ actor, query, context }) => getClosable(dependencies)(actor, query, context),
    assignException: ({ actor, path, body, expected, context }) =>
      assignException(dependencies)(actor, { id: path.exceptionId, body, expected }, context),
    acceptException: ({ actor, path, body, expected, context }) =>
      acceptException(dependencies)(actor, { id: path.exceptionId, body, expected }, context),
  },
  table,
)
