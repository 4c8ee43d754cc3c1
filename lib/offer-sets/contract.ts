import { Id } from '../../events/vocabulary.ts'
import { Cause } from '../core/context.ts'
import type { Contract } from '../core/contract.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { OfferStatus, Problem } from '../offers/offer.ts'
import { OfferSet, OfferSetRequest, OfferSetStatus } from './offer-set.ts'

const Member = z.object({
  offerId: Id,
  name: z.string(),
  status: OfferStatus,
  externalId: z.optional(z.string()),
  agreementId: z.optional(z.string()),
})
const OfferSetRead = z.named(z.extend(OfferSet, { offers: z.array(Member) }), 'OfferSetRead')

const Plan = z.object({
  requests: z.described(
    z.object({ create: z.unknown(), release: z.unknown() }),
    'the change sets; what AWS has not named yet stands in angle brackets',
  ),
  problems: z.array(Problem),
})

const Entry = z.object({
  id: z.string(),
  type: z.string(),
  cause: z.optional(Cause),
  time: Instant,
  recordedAt: Instant,
  data: z.record(z.string(), z.unknown()),
})

const write = { method: 'POST', scope: 'offers.write', status: 200, result: OfferSet } as const
const read = { method: 'GET', scope: 'offers.read', status: 200 } as const

export const contract = {
  requestOfferSet: {
    ...write,
    path: '/offer-sets',
    status: 201,
    summary: 'Make a set of drafts that the buyer accepts with one click; the drafts can be submitted once it is there',
    body: OfferSetRequest,
  },
  planOfferSetRequest: {
    method: 'POST',
    path: '/offer-sets/plan',
    scope: 'offers.read',
    status: 200,
    summary: 'Show the change sets of a set and every problem with it; nothing is sent or stored',
    body: OfferSetRequest,
    result: Plan,
  },
  listOfferSets: {
    ...read,
    path: '/offer-sets',
    summary: 'List sets by partner and status',
    query: z.extend(PageQuery, { partnerId: z.optional(Id), status: z.optional(OfferSetStatus) }),
    result: pageOf(OfferSet),
  },
  getOfferSet: { ...read, path: '/offer-sets/{setId}', summary: 'Read one set and how its offers are', result: OfferSetRead },
  planOfferSet: {
    ...read,
    path: '/offer-sets/{setId}/plan',
    summary: 'Its change sets, and what stands in the way of its release',
    result: Plan,
  },
  getOfferSetTimeline: {
    ...read,
    path: '/offer-sets/{setId}/timeline',
    summary: 'Everything that happened to a set',
    result: z.object({ events: z.array(Entry) }),
  },
  replaceOffer: {
    ...write,
    path: '/offer-sets/{setId}/replace',
    summary: 'Put another draft in the place of an offer that was rejected, refused or withdrawn',
    body: z.strictObject({ offerId: Id, replacement: Id }),
  },
  resumeOfferSet: {
    ...write,
    path: '/offer-sets/{setId}/resume',
    summary: 'Go on with a set that AWS refused, or whose expired offers were extended',
  },
  withdrawOfferSet: {
    ...write,
    path: '/offer-sets/{setId}/withdraw',
    summary: 'Withdraw a set that is not accepted: drafts are free again, every other offer of it is withdrawn',
    body: z.strictObject({ reason: z.trimmed(500) }),
  },
} as const satisfies Contract
