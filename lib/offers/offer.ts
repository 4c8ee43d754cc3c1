import { emit } from '../../events/envelope.ts'
import type { OfferEvent } from '../../events/offer.ts'
import { Id } from '../../events/vocabulary.ts'
import { Approval } from '../approvals/approval.ts'
import type { Actor, Context } from '../core/context.ts'
import { conflict } from '../core/errors.ts'
import { DateText, Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { AwsOfferRequest } from './request-aws.ts'
import { AzureOfferRequest, azureState } from './request-azure.ts'

export const OfferRequest = z.named(z.discriminatedUnion('marketplace', [AwsOfferRequest, AzureOfferRequest]), 'OfferRequest')
export type OfferRequest = z.infer<typeof OfferRequest>

export const OfferStatus = z.enum([
  'draft',
  'pending-approval',
  'approved',
  'rejected',
  'submitting',
  'failed',
  'released',
  'extending',
  'withdrawing',
  'withdrawn',
  'deleting',
  'deleted',
  'accepted',
  'expired',
])
export type OfferStatus = z.infer<typeof OfferStatus>

/** What is wrong and what to do about it; `target` is a field of the request in our words. */
export const Problem = z.object({ code: z.string(), target: z.string(), message: z.string() })
export type Problem = z.infer<typeof Problem>

/** A call to the marketplace. It is stored as open before the call, so that a lost answer is looked for and not repeated. */
const Submission = z.object({
  kind: z.enum(['create', 'extend', 'withdraw', 'delete']),
  attempt: z.int(),
  startedAt: Instant,
  /** When it last went out again, untraced as it was. */
  repeatedAt: z.optional(Instant),
  open: z.boolean(),
  jobId: z.optional(z.string()),
})
export type Submission = z.infer<typeof Submission>

/** How far an offer has come with the marketplace. */
const standing = {
  status: OfferStatus,
  submission: z.optional(Submission),
  extension: z.described(z.optional(z.object({ expiresOn: DateText })), 'the last day that was asked for instead of expiresOn'),
}

const state = {
  ...standing,
  id: Id,
  version: z.int(),
  requestedBy: z.string(),
  requestedAs: z.enum(['partner', 'manager', 'finance', 'platform']),
  requestedAt: Instant,
  submittedBy: z.optional(z.string()),
  approval: z.optional(Approval),
  predecessorId: z.described(z.optional(Id), 'the offer that it amends or renews'),
  planHash: z.described(z.optional(z.string()), 'of the plan that was submitted: what is sent is exactly that'),
  problems: z._default(z.array(Problem), []),
  externalId: z.described(z.optional(z.string()), "the marketplace's id of the offer"),
  externalName: z.described(z.optional(z.string()), "the offer's name at the marketplace"),
  acceptanceLink: z.optional(z.string()),
  agreementId: z.optional(z.string()),
  releasedAt: z.optional(Instant),
  acceptedAt: z.optional(Instant),
  acceptedFrom: z.described(
    z.optional(z.object(standing)),
    'how it stood before: it does so again if it was another offer that was accepted',
  ),
  purchasedAt: z.optional(Instant),
  activatedAt: z.optional(Instant),
  firstPaidOn: z.optional(DateText),
}

const awsState = {
  memberOf: z.described(
    z.optional(z.object({ id: Id, name: z.string(), buyerNotes: z.string() })),
    'the offer set of Cosell that it is made for, with what the buyer will read of it: it can be submitted once it has its offerSetId',
  ),
}

export const Offer = z.named(
  z.discriminatedUnion('marketplace', [
    z.object({ ...AwsOfferRequest.shape, ...state, ...awsState }),
    z.object({ ...AzureOfferRequest.shape, ...state, ...azureState }),
  ]),
  'Offer',
)
export type Offer = z.infer<typeof Offer>
export type AwsOffer = Extract<Offer, { marketplace: 'aws' }>
export type AzureOffer = Extract<Offer, { marketplace: 'azure' }>

/** What a decision leaves: the offer's new state and what happened. No events: nothing changed. */
export type Decided = { offer: Offer; events: OfferEvent[] }

export const unchanged = (offer: Offer): Decided => ({ offer, events: [] })

/** Refuses what the offer's status does not allow. */
export const must = (offer: Offer, verb: string, ...allowed: OfferStatus[]) => {
  if (!allowed.includes(offer.status))
    throw conflict(`offer ${offer.id} is ${offer.status}; only ${allowed.join(' or ')} can be ${verb}`, 'status')
}

export const closed = ({ submission }: Offer) => (submission ? { submission: { ...submission, open: false } } : {})

/** The offer without the day that was asked for: it holds now, or never will. */
export const withoutExtension = ({ extension: _, ...offer }: Offer): Offer => offer

/** What every event of an offer tells. */
export const facts = ({ partnerId, accountId, marketplace }: Offer) => ({ partnerId, accountId, marketplace })

/** `known` is what Cosell knows beside the request. */
export const request = (
  input: OfferRequest,
  actor: Actor,
  context: Context,
  known: Pick<AzureOffer, 'predecessor' | 'predecessorId'> = {},
): Decided => {
  const id = context.newId('off')
  const offer: Offer = {
    ...input,
    ...known,
    id,
    version: 0,
    status: 'draft',
    requestedBy: actor.subject,
    requestedAs: actor.role,
    requestedAt: context.now,
    problems: [],
  }
  return { offer, events: [emit(context, 'offer.requested.v1', id, { ...facts(offer), price: offer.price, by: actor.subject })] }
}
