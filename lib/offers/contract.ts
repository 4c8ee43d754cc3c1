import { Id } from '../../events/vocabulary.ts'
import { ChainedAgreement } from '../agreements/chain.ts'
import type { Contract } from '../core/contract.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { DateText, Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { ObservationReport } from './observation.ts'
import { Offer, OfferRequest, OfferStatus, Problem } from './offer.ts'
import { TimelineEntry } from './timeline.ts'

const Reason = z.strictObject({ reason: z.trimmed(500) })

const PlanHash = z.described(
  z.optional(z.pattern(/^[0-9a-f]{64}$/, 'the hash of a plan')),
  'of the plan that you looked at: another one is not approved',
)
// Derived when it is read, never kept: a commitment may begin, change or end at any time.
const DrawsDown = z.described(z.boolean(), 'it counts towards a commitment of the buyer to the cloud, if it starts as expected')
const [AwsRead, AzureRead] = Offer.def.options
const OfferRead = z.named(
  z.discriminatedUnion('marketplace', [
    z.extend(AwsRead, { drawsDown: DrawsDown }),
    z.extend(AzureRead, { drawsDown: DrawsDown }),
  ]),
  'OfferRead',
)
const Plan = z.object({ request: z.unknown(), hash: z.string(), problems: z.array(Problem) })

const Changes = z.record(z.string(), z.unknown())

const Timeline = z.object({
  requestedAt: Instant,
  releasedAt: z.optional(Instant),
  acceptedAt: z.optional(Instant),
  purchasedAt: z.optional(Instant),
  activatedAt: z.optional(Instant),
  firstPaidOn: z.optional(z.string()),
  events: z.array(TimelineEntry),
})

const post = { method: 'POST', scope: 'offers.write', status: 200, result: Offer } as const

export const contract = {
  requestOffer: { ...post, path: '/offers', status: 201, summary: 'Request a private offer', body: OfferRequest },
  getOffer: {
    method: 'GET',
    path: '/offers/{offerId}',
    scope: 'offers.read',
    status: 200,
    summary: 'Read one offer',
    result: OfferRead,
  },
  listOffers: {
    method: 'GET',
    path: '/offers',
    scope: 'offers.read',
    status: 200,
    summary: 'List offers by partner and status',
    query: z.extend(PageQuery, { partnerId: z.optional(Id), status: z.optional(OfferStatus) }),
    result: pageOf(Offer),
  },
  planOffer: {
    method: 'GET',
    path: '/offers/{offerId}/plan',
    scope: 'offers.read',
    status: 200,
    summary: 'Show the exact marketplace request and every problem with it; nothing is sent',
    result: z.extend(Plan, { drawsDown: DrawsDown }),
  },
  planRequest: {
    method: 'POST',
    path: '/offers/plan',
    scope: 'offers.read',
    status: 200,
    summary: 'The same for a request that is not stored',
    body: OfferRequest,
    result: Plan,
  },
  submitOffer: {
    ...post,
    path: '/offers/{offerId}/submit',
    summary: 'Submit a draft: to approval, or straight to the marketplace',
  },
  approveOffer: {
    ...post,
    scope: 'approvals.write',
    path: '/offers/{offerId}/approve',
    summary: 'Approve the step that is open; never the one who requested or submitted the offer',
    body: z.extend(Reason, { planHash: PlanHash }),
  },
  rejectOffer: {
    ...post,
    scope: 'approvals.write',
    path: '/offers/{offerId}/reject',
    summary: 'Reject with a reason: one rejection is enough',
    body: Reason,
  },
  amendOffer: {
    ...post,
    path: '/offers/{offerId}/amend',
    status: 201,
    summary:
      'Draft an offer that replaces the agreement of an accepted one; the body holds the fields that differ, null leaves one out',
    body: Changes,
  },
  renewOffer: {
    ...post,
    path: '/offers/{offerId}/renew',
    status: 201,
    summary: 'Draft an offer that renews an accepted one; the body holds the fields that differ, null leaves one out',
    body: Changes,
  },
  extendOffer: {
    ...post,
    path: '/offers/{offerId}/extend',
    summary: 'Set another last day to accept, where the marketplace can',
    body: z.strictObject({ expiresOn: DateText }),
  },
  withdrawOffer: { ...post, path: '/offers/{offerId}/withdraw', summary: 'Withdraw an offer that is not accepted', body: Reason },
  deleteOffer: {
    ...post,
    path: '/offers/{offerId}/delete',
    summary: 'Delete the draft that a withdrawn Azure offer leaves in Partner Center; the record and its timeline stay',
  },
  observeOffer: {
    ...post,
    path: '/offers/{offerId}/observations',
    summary: 'Note what no marketplace tells by its API: the buyer was notified, opened the instructions, looked at the offer …',
    body: ObservationReport,
  },
  getTimeline: {
    method: 'GET',
    path: '/offers/{offerId}/timeline',
    scope: 'offers.read',
    status: 200,
    summary: 'The six dates of an offer, every state that was seen of it, and who or what brought it about',
    result: Timeline,
  },
  getAgreements: {
    method: 'GET',
    path: '/offers/{offerId}/agreements',
    scope: 'offers.read',
    status: 200,
    summary: 'The agreement of an offer, with those that it went on with or that go on with it: replaced, renewed',
    result: z.object({ items: z.array(ChainedAgreement) }),
  },
} as const satisfies Contract
