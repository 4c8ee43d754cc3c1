import { awsSetPlanner } from '../../lib/offer-sets/aws/plan.ts'
import { replaceOffer, requestOfferSet, resumeOfferSet, withdrawOfferSet } from '../../lib/offer-sets/commands.ts'
import { contract } from '../../lib/offer-sets/contract.ts'
import {
  type Dependencies,
  getOfferSet,
  getTimeline,
  listOfferSets,
  planOfferSet,
  planRequest,
} from '../../lib/offer-sets/read.ts'
import { offerSetStore } from '../../lib/offer-sets/store.ts'
import { awsPlanner } from '../../lib/offers/aws/planner.ts'
import { visible } from '../../lib/offers/read.ts'
import { offerStore, offerWrites } from '../../lib/offers/store.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'

const table = openTable(env('RECORDS_TABLE'))
const offers = offerStore(table)
const desk: Dependencies = {
  store: offerSetStore(table, { offerWrites }),
  offer: (actor, id) => visible(offers, actor, id),
  offerProblems: (offer, today) => awsPlanner.plan(offer, today).problems,
  planner: awsSetPlanner,
}

export const handler = api(
  contract,
  {
    requestOfferSet: ({ actor, body, context }) => requestOfferSet(desk)(actor, body, context),
    planOfferSetRequest: ({ actor, body, context }) => planRequest(desk)(actor, body, context),
    listOfferSets: ({ actor, query }) => listOfferSets(desk)(actor, query),
    getOfferSet: ({ actor, path }) => getOfferSet(desk)(actor, path.setId),
    planOfferSet: ({ actor, path, context }) => planOfferSet(desk)(actor, path.setId, context),
    getOfferSetTimeline: ({ actor, path }) => getTimeline(desk)(actor, path.setId),
    replaceOffer: ({ actor, path, body, expected, context }) => replaceOffer(desk)(actor, path.setId, body, expected, context),
    resumeOfferSet: ({ actor, path, expected, context }) => resumeOfferSet(desk)(actor, path.setId, expected, context),
    withdrawOfferSet: ({ actor, path, body, expected, context }) =>
      withdrawOfferSet(desk)(actor, path.setId, body.reason, expected, context),
  },
  table,
)
