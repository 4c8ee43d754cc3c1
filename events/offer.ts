import { Money } from '../lib/core/money.ts'
import { DateText, Instant } from '../lib/core/period.ts'
import * as z from '../lib/core/schema.ts'
import { ApprovalFacts, Approver, PolicyVersion } from './approval.ts'
import { define } from './envelope.ts'
import { Id } from './vocabulary.ts'

const offer = z.object({ partnerId: Id, accountId: Id, marketplace: z.enum(['aws', 'azure']) })
const by = z.extend(offer, { by: z.string(), reason: z.string() })
const judged = { policy: z.optional(PolicyVersion), facts: z.optional(ApprovalFacts) }
const decision = z.extend(by, { ...judged, step: z.optional(z.string()), onBehalfOf: z.optional(z.string()) })
const step = z.extend(offer, { policy: PolicyVersion, step: z.string(), dueAt: Instant })
const call = z.enum(['create', 'extend', 'withdraw', 'delete'])
export const Problem = z.object({ code: z.string(), target: z.string(), message: z.string() })

/** What no marketplace tells by its API. */
export const Observation = z.enum(['buyer-notified', 'instructions-opened', 'viewed', 'partner-marked-up', 'deleted'])

export const OfferEvent = z.discriminatedUnion('type', [
  define('offer.requested.v1', z.extend(offer, { price: Money, by: z.string() })),
  define('offer.submitted.v1', z.extend(by, { approvalNeeded: z.boolean(), ...judged, rules: z.optional(z.array(z.string())) })),
  define('offer.approval-requested.v1', z.extend(step, { approvers: z.array(Approver), need: z.int() })),
  define('offer.approval-given.v1', decision),
  define('offer.approval-escalated.v1', z.extend(step, { escalatedTo: Approver })),
  define('offer.approved.v1', decision),
  define('offer.rejected.v1', decision),
  define('offer.submission-started.v1', z.extend(offer, { kind: call, attempt: z.int() })),
  define('offer.submission-accepted.v1', z.extend(offer, { jobId: z.string(), kind: z.optional(call) })),
  define('offer.retried.v1', z.extend(offer, { attempt: z.int() })),
  define('offer.failed.v1', z.extend(offer, { problems: z.array(Problem) })),
  define('offer.released.v1', z.extend(offer, { externalId: z.string() })),
  define('offer.observed.v1', z.extend(offer, { state: Observation, by: z.string() })),
  define('offer.extension-requested.v1', z.extend(offer, { by: z.string(), on: DateText })),
  define('offer.extended.v1', z.extend(offer, { on: DateText })),
  define('offer.withdrawal-requested.v1', by),
  define('offer.withdrawn.v1', by),
  define('offer.handed-over.v1', z.extend(offer, { to: z.enum(['selling-partner', 'customer']) })),
  define('offer.deletion-requested.v1', z.extend(offer, { by: z.string() })),
  define('offer.deleted.v1', offer),
  define('offer.accepted.v1', z.extend(offer, { agreementId: z.optional(z.string()), price: Money })),
  define('offer.acceptance-corrected.v1', z.extend(offer, { agreementId: z.string() })),
  define('offer.purchased.v1', offer),
  define('offer.activated.v1', offer),
  define('offer.paid.v1', z.extend(offer, { on: DateText })),
  define('offer.expired.v1', z.extend(offer, { on: DateText })),
])
export type OfferEvent = z.infer<typeof OfferEvent>
