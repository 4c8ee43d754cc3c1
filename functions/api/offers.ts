import {
  decideOffer,
  deleteOffer,
  draftSuccessor,
  extendOffer,
  observeOffer,
  requestOffer,
  submitOffer,
  withdrawOffer,
} from '../../lib/offers/commands.ts'
import { contract } from '../../lib/offers/contract.ts'
import { getOffer, getTimeline, listOffers, planOffer, planRequest } from '../../lib/offers/read.ts'
import { amend, renew } from '../../lib/offers/successor.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openDesk } from '../bind/desk.ts'

const table = openTable(env('RECORDS_TABLE'))
const desk = openDesk(table)

export const handler = api(
  contract,
  {
    requestOffer: ({ actor, body, context }) => requestOffer(desk)(actor, body, context),
    getOffer: ({ actor, path, context }) => getOffer(desk)(actor, path.offerId, context),
    listOffers: ({ actor, query, context }) => listOffers(desk)(actor, query, context),
    planOffer: ({ actor, path, context }) => planOffer(desk)(actor, path.offerId, context),
    planRequest: ({ actor, body, context }) => planRequest(desk)(actor, body, context),
    submitOffer: ({ actor, path, expected, context }) => submitOffer(desk)(actor, path.offerId, expected, context),
    approveOffer: ({ actor, path, body, expected, context }) =>
      decideOffer(desk, 'approved')(actor, path.offerId, body, expected, context),
    rejectOffer: ({ actor, path, body, expected, context }) =>
      decideOffer(desk, 'rejected')(actor, path.offerId, body, expected, context),
    amendOffer: ({ actor, path, body, expected, context }) =>
      draftSuccessor(desk, amend)(actor, path.offerId, body, expected, context),
    renewOffer: ({ actor, path, body, expected, context }) =>
      draftSuccessor(desk, renew)(actor, path.offerId, body, expected, context),
    extendOffer: ({ actor, path, body, expected, context }) =>
      extendOffer(desk)(actor, path.offerId, body.expiresOn, expected, context),
    withdrawOffer: ({ actor, path, body, expected, context }) =>
      withdrawOffer(desk)(actor, path.offerId, body.reason, expected, context),
    deleteOffer: ({ actor, path, expected, context }) => deleteOffer(desk)(actor, path.offerId, expected, context),
    observeOffer: ({ actor, path, body, expected, context }) => observeOffer(desk)(actor, path.offerId, body, expected, context),
    getTimeline: ({ actor, path }) => getTimeline(desk)(actor, path.offerId),
  },
  table,
)
