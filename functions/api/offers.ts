import * as commands from '../../lib/offers/commands.ts'
import { contract } from '../../lib/offers/contract.ts'
import * as reading from '../../lib/offers/read.ts'
import { amend, renew } from '../../lib/offers/successor.ts'
import { env } from '../../lib/runtime/env.ts'
import { api, type Handlers } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openDesk } from '../bind/desk.ts'

const table = openTable(env('RECORDS_TABLE'))
const desk = openDesk(table)

const handlers: Handlers<typeof contract> = {
  requestOffer: ({ actor, body, context }) => commands.requestOffer(desk)(actor, body, context),
  getOffer: ({ actor, path, context }) => reading.getOffer(desk)(actor, path.offerId, context),
  listOffers: ({ actor, query, context }) => reading.listOffers(desk)(actor, query, context),
  planOffer: ({ actor, path, context }) => reading.planOffer(desk)(actor, path.offerId, context),
  planRequest: ({ actor, body, context }) => reading.planRequest(desk)(actor, body, context),
  submitOffer: ({ actor, path, expected, context }) => commands.submitOffer(desk)(actor, path.offerId, expected, context),
  approveOffer: ({ actor, path, body, expected, context }) =>
    commands.decideOffer(desk, 'approved')(actor, path.offerId, body, expected, context),
  rejectOffer: ({ actor, path, body, expected, context }) =>
    commands.decideOffer(desk, 'rejected')(actor, path.offerId, body, expected, context),
  amendOffer: ({ actor, path, body, expected, context }) =>
    commands.draftSuccessor(desk, amend)(actor, path.offerId, body, expected, context),
  renewOffer: ({ actor, path, body, expected, context }) =>
    commands.draftSuccessor(desk, renew)(actor, path.offerId, body, expected, context),
  extendOffer: ({ actor, path, body, expected, context }) =>
    commands.extendOffer(desk)(actor, path.offerId, body.expiresOn, expected, context),
  withdrawOffer: ({ actor, path, body, expected, context }) =>
    commands.withdrawOffer(desk)(actor, path.offerId, body.reason, expected, context),
  deleteOffer: ({ actor, path, expected, context }) => commands.deleteOffer(desk)(actor, path.offerId, expected, context),
  observeOffer: ({ actor, path, body, expected, context }) =>
    commands.observeOffer(desk)(actor, path.offerId, body, expected, context),
  getTimeline: ({ actor, path }) => reading.getTimeline(desk)(actor, path.offerId),
  getAgreements: ({ actor, path }) => desk.agreements(actor, path.offerId),
}

export const handler = api(contract, handlers, table)
