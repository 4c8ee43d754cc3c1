import { joining } from '../../lib/accounts/commands.ts'
import { accountStore } from '../../lib/accounts/store.ts'
import { partnerStore } from '../../lib/partners/store.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { importTransaction, listTransactions } from '../../lib/transactions/commands.ts'
import { contract } from '../../lib/transactions/contract.ts'
import { hashOf, transactionStore } from '../../lib/transactions/store.ts'

const table = openTable(env('RECORDS_TABLE'))
const accounts = accountStore(table)
const store = transactionStore(table)
const dependencies = { store, hash: hashOf, accounts, partners: partnerStore(table), joining: joining({ store: accounts }) }

export const handler = api(
  contract,
  {
    recordTransaction: ({ actor, body, context }) => importTransaction(dependencies)(actor, body, context),
    listTransactions: ({ actor, query }) => listTransactions(dependencies)(actor, query),
  },
  table,
)
