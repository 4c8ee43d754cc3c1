import { grantDelegation, listApprovals, listDelegations, revokeDelegation } from '../../lib/approvals/commands.ts'
import { contract } from '../../lib/approvals/contract.ts'
import { delegationStore } from '../../lib/approvals/store.ts'
import { offerStore } from '../../lib/offers/store.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'

const table = openTable(env('RECORDS_TABLE'))
const offers = offerStore(table)
const desk = {
  store: delegationStore(table),
  pending: (page: Parameters<typeof offers.list>[0]) => offers.list({ ...page, status: 'pending-approval' }),
}

export const handler = api(
  contract,
  {
    listApprovals: ({ actor, query, context }) => listApprovals(desk)(actor, query, context),
    grantDelegation: ({ actor, body, context }) => grantDelegation(desk)(actor, body, context),
    listDelegations: ({ actor, query }) => listDelegations(desk)(actor, query),
    revokeDelegation: ({ actor, path, expected, context }) => revokeDelegation(desk)(actor, path.delegationId, expected, context),
  },
  table,
)
