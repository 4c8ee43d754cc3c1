import { awsSetPlanner } from '../../lib/offer-sets/aws/plan.ts'
import * as commands from '../../lib/offer-sets/commands.ts'
import { contract } from '../../lib/offer-sets/contract.ts'
import * as reading from '../../lib/offer-sets/read.ts'
import { offerSetStore } from '../../lib/offer-sets/store.ts'
import { awsPlanner } from '../../lib/offers/aws/planner.ts'
import { visible } from '../../lib/offers/read.ts'
import { offerStore, offerWrites } from '../../lib/offers/store.ts'
import { env } from '../../lib/runtime/env.ts'
import { api, type Handlers } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'

const table = openTable(env('RECORDS_TABLE'))
const offers = offerStore(table)
const desk: reading.Dependencies = {
  store: offerSetStore(table, { offerWrites }),
  offer: (actor, id) => visible(offers, actor, id),
  offerProblems: (offer, today) => awsPlanner.plan(offer, today).problems,
  planner: awsSetPlanner,
}

const handlers: Handlers<typeof contract> = {
  requestOfferSet: ({ actor, body, context }) => commands.requestOfferSet(desk)(actor, body, context),
  planOfferSetRequest: ({ actor, body, context }) => reading.planRequest(desk)(actor, body, context),
  listOfferSets: ({ actor, query }) => reading.listOfferSets(desk)(actor, query),
  getOfferSet: ({ actor, path }) => reading.getOfferSet(desk)(actor, path.setId),
  planOfferSet: ({ actor, path, context }) => reading.planOfferSet(desk)(actor, path.setId, context),
  getOfferSetTimeline: ({ actor, path }) => reading.getTimeline(desk)(actor, path.setId),
  replaceOffer: ({ actor, path, body, expected, context }) =>
    commands.replaceOffer(desk)(actor, path.setId, body, expected, context),
  resumeOfferSet: ({ actor, path, expected, context }) => commands.resumeOfferSet(desk)(actor, path.setId, expected, context),
  withdrawOfferSet: ({ actor, path, body, expected, context }) =>
    commands.withdrawOfferSet(desk)(actor, path.setId, body.reason, expected, context),
}

export const handler = api(contract, handlers, table)
