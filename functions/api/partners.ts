import {
  changeHold,
  classifyPartner,
  createPartner,
  getPartner,
  listPartners,
  reportMilestone,
} from '../../lib/partners/commands.ts'
import { contract } from '../../lib/partners/contract.ts'
import { partnerStore } from '../../lib/partners/store.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'

const table = openTable(env('RECORDS_TABLE'))
const store = partnerStore(table)

export const handler = api(
  contract,
  {
    createPartner: ({ actor, body, context }) => createPartner({ store })(actor, body, context),
    getPartner: ({ actor, path }) => getPartner({ store })(actor, path.partnerId),
    listPartners: ({ actor, query }) => listPartners({ store })(actor, query),
    reachMilestone: ({ actor, path, body, expected, context }) =>
      reportMilestone({ store })(actor, path.partnerId, body, expected, context),
    classifyPartner: ({ actor, path, body, expected, context }) =>
      classifyPartner({ store })(actor, path.partnerId, body, expected, context),
    holdPartner: ({ actor, path, body, expected, context }) =>
      changeHold({ store }, 'hold')(actor, path.partnerId, body.reason, expected, context),
    liftHold: ({ actor, path, body, expected, context }) =>
      changeHold({ store }, 'lift')(actor, path.partnerId, body.reason, expected, context),
  },
  table,
)
