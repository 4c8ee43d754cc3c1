import * as z from 'zod'
import { emit } from '../../events/envelope.ts'
import type { OfferEvent } from '../../events/offer.ts'
import { Id } from '../../events/vocabulary.ts'
import type { Actor, Context } from '../core/context.ts'
import { conflict } from '../core/errors.ts'
import { Money } from '../core/money.ts'
import { DateText, Instant } from '../core/period.ts'

const Installment = z.strictObject({ on: DateText, amount: Money.strict() })

const common = {
  partnerId: Id,
  accountId: Id.describe('the customer, as an account of Cosell'),
  name: z.string().min(1).max(100).describe('shown to the buyer'),
  productId: Id.describe("the marketplace's product id: prod-… on AWS, the product's guid on Azure"),
  listPrice: Money.strict().describe('what the whole term costs without a discount'),
  price: Money.strict().describe('what the whole term costs in this offer (total contract value)'),
  termMonths: z.int().min(1).max(60),
  expiresOn: DateText.describe('the last day on which the buyer may accept'),
}

/** A SaaS contract for named AWS accounts: upfront, or in installments of a payment schedule. */
const AwsOfferRequest = z.strictObject({
  marketplace: z.literal('aws'),
  ...common,
  buyerAccountIds: z
    .array(z.string().regex(/^\d{12}$/, 'an AWS account id of 12 digits'))
    .min(1)
    .max(25),
  grants: z
    .array(z.strictObject({ dimension: z.string().min(1).max(100), quantity: z.int().min(1) }))
    .min(1)
    .max(200),
  schedule: z.array(Installment).min(1).max(60).optional(),
  eula: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('standard') }),
      z.strictObject({ type: z.literal('custom'), url: z.url() }),
    ])
    .default({ type: 'standard' }),
})

/** A SaaS plan at an absolute price for one Azure billing account. */
const AzureOfferRequest = z.strictObject({
  marketplace: z.literal('azure'),
  ...common,
  billingAccountId: z.string().min(1).max(200).describe("the customer's billing account id"),
  basePlanId: z.string().min(1).max(200).describe('the public plan (guid) that the private plan is made from'),
  planName: z.string().min(1).max(50),
  planDescription: z.string().min(1).max(500),
  payments: z.enum(['monthly', 'yearly', 'upfront']),
  preparedBy: z.email(),
  notificationContacts: z.array(z.email()).min(1).max(5),
  termsUrl: z.url().optional().describe('the terms and conditions as one PDF'),
})

export const OfferRequest = z.discriminatedUnion('marketplace', [AwsOfferRequest, AzureOfferRequest]).meta({ id: 'OfferRequest' })
export type OfferRequest = z.infer<typeof OfferRequest>

export const OfferStatus = z.enum([
  'draft',
  'pending-approval',
  'approved',
  'rejected',
  'submitting',
  'failed',
  'released',
  'withdrawing',
  'withdrawn',
  'accepted',
  'expired',
])
export type OfferStatus = z.infer<typeof OfferStatus>

/** What is wrong and what to do about it; `target` is a field of the request in our words. */
export const Problem = z.object({ code: z.string(), target: z.string(), message: z.string() })
export type Problem = z.infer<typeof Problem>

const Decision = z.object({
  rule: z.object({ id: z.string(), version: z.int() }),
  needed: z.boolean(),
  /** Tenths of a percent of the list price: 125 is 12.5 %. Absent: no list price that counts. */
  discountPermille: z.int().optional(),
  by: z.string().optional(),
  at: Instant.optional(),
  outcome: z.enum(['approved', 'rejected']).optional(),
  reason: z.string(),
})

/** A call to the marketplace. It is stored as open before the call, so that a lost answer is looked for and not repeated. */
const Submission = z.object({
  kind: z.enum(['create', 'withdraw']),
  attempt: z.int(),
  startedAt: Instant,
  /** When it last went out again, untraced as it was. */
  repeatedAt: Instant.optional(),
  open: z.boolean(),
  jobId: z.string().optional(),
})
export type Submission = z.infer<typeof Submission>

const state = z.object({
  id: Id,
  version: z.int(),
  status: OfferStatus,
  requestedBy: z.string(),
  requestedAs: z.enum(['partner', 'manager', 'finance', 'platform']),
  requestedAt: Instant,
  submittedBy: z.string().optional(),
  approval: Decision.optional(),
  submission: Submission.optional(),
  problems: z.array(Problem).default([]),
  externalId: z.string().optional().describe("the marketplace's id of the offer"),
  acceptanceLink: z.string().optional(),
  agreementId: z.string().optional(),
  releasedAt: Instant.optional(),
  acceptedAt: Instant.optional(),
  activatedAt: Instant.optional(),
  firstPaidOn: DateText.optional(),
})

export const Offer = z
  .discriminatedUnion('marketplace', [AwsOfferRequest.extend(state.shape).strip(), AzureOfferRequest.extend(state.shape).strip()])
  .meta({ id: 'Offer' })
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

/** What every event of an offer tells. */
export const facts = ({ partnerId, accountId, marketplace }: Offer) => ({ partnerId, accountId, marketplace })

export const request = (input: OfferRequest, actor: Actor, context: Context): Decided => {
  const id = context.newId('off')
  const offer: Offer = {
    ...input,
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
