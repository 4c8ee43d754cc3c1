import { attachPartner, createAccount, getAccount, listAccounts, listAttachments } from '../../lib/accounts/commands.ts'
import { contract } from '../../lib/accounts/contract.ts'
import { accountStore } from '../../lib/accounts/store.ts'
import { partnerStore } from '../../lib/partners/store.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'

const table = openTable(env('RECORDS_TABLE'))
const dependencies = { store: accountStore(table), partners: partnerStore(table) }

export const handler = api(
  contract,
  {
    createAccount: ({ actor, body, context }) => createAccount(dependencies)(actor, body, context),
    getAccount: ({ actor, path, context }) => getAccount(dependencies)(actor, path.accountId, context),
    listAccounts: ({ actor, query }) => listAccounts(dependencies)(actor, query),
    attachPartner: ({ actor, path, body, context }) => attachPartner(dependencies)(actor, path.accountId, body, context),
    listAttachments: ({ actor, path, context }) => listAttachments(dependencies)(actor, path.accountId, context),
  },
  table,
)
