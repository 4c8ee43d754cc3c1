import { getAccount } from '../../lib/accounts/commands.ts'
import { accountStore } from '../../lib/accounts/store.ts'
import { ApprovalRule } from '../../lib/offers/approval.ts'
import { awsPlanner } from '../../lib/offers/aws/planner.ts'
import { azurePlanner } from '../../lib/offers/azure/planner.ts'
import {
  decideOffer,
  extendOffer,
  getOffer,
  getTimeline,
  listOffers,
  planOffer,
  planRequest,
  requestOffer,
  submitOffer,
  withdrawOffer,
} from '../../lib/offers/commands.ts'
import { contract } from '../../lib/offers/contract.ts'
import { offerStore } from '../../lib/offers/store.ts'
import { partnerStore } from '../../lib/partners/store.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'

const table = openTable(env('RECORDS_TABLE'))
const desk = {
  store: offerStore(table),
  partners: partnerStore(table),
  account: getAccount({ store: accountStore(table) }),
  marketplaces: { aws: awsPlanner, azure: azurePlanner },
  rule: ApprovalRule.parse(JSON.parse(env('APPROVAL_RULE'))),
}

export const handler = api(
  contract,
  {
    requestOffer: ({ actor, body, context }) => requestOffer(desk)(actor, body, context),
    getOffer: ({ actor, path }) => getOffer(desk)(actor, path.offerId),
    listOffers: ({ actor, query }) => listOffers(desk)(actor, query),
    planOffer: ({ actor, path, context }) => planOffer(desk)(actor, path.offerId, context),
    planRequest: async ({ actor, body, context }) => planRequest(desk)(actor, body, context),
    submitOffer: ({ actor, path, expected, context }) => submitOffer(desk)(actor, path.offerId, expected, context),
    approveOffer: ({ actor, path, body, expected, context }) =>
      decideOffer(desk, 'approved')(actor, path.offerId, body, expected, context),
    rejectOffer: ({ actor, path, body, expected, context }) =>
      decideOffer(desk, 'rejected')(actor, path.offerId, body, expected, context),
    extendOffer: ({ actor, path, body, expected, context }) =>
      extendOffer(desk)(actor, path.offerId, body.expiresOn, expected, context),
    withdrawOffer: ({ actor, path, body, expected, context }) =>
      withdrawOffer(desk)(actor, path.offerId, body.reason, expected, context),
    getTimeline: ({ actor, path }) => getTimeline(desk)(actor, path.offerId),
  },
  table,
)
