import { emit } from '../../events/envelope.ts'
import type { OfferEvent } from '../../events/offer.ts'
import { Id } from '../../events/vocabulary.ts'
import type { Actor, Context } from '../core/context.ts'
import { conflict } from '../core/errors.ts'
import { Money } from '../core/money.ts'
import { DateText, Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'

const Installment = z.strictObject({ on: DateText, amount: z.strict(Money) })

const common = {
  partnerId: Id,
  accountId: z.described(Id, 'the customer, as an account of Cosell'),
  name: z.described(z.text(100), 'shown to the buyer'),
  productId: z.described(Id, "the marketplace's product id: prod-… on AWS, the product's guid on Azure"),
  listPrice: z.described(z.strict(Money), 'what the whole term costs without a discount'),
  price: z.described(z.strict(Money), 'what the whole term costs in this offer (total contract value)'),
  termMonths: z.int().check(z.minimum(1), z.maximum(60)),
  expiresOn: z.described(DateText, 'the last day on which the buyer may accept'),
}

const Eula = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('standard') }),
  z.strictObject({ type: z.literal('custom'), url: z.url() }),
])

/** A SaaS contract for named AWS accounts: upfront, or in installments of a payment schedule. */
const AwsOfferRequest = z.strictObject({
  marketplace: z.literal('aws'),
  ...common,
  buyerAccountIds: z.list(z.pattern(/^\d{12}$/, 'an AWS account id of 12 digits'), 25),
  grants: z.list(z.strictObject({ dimension: z.text(100), quantity: z.int().check(z.minimum(1)) }), 200),
  schedule: z.optional(z.list(Installment, 60)),
  eula: z._default(Eula, { type: 'standard' }),
})

/** A SaaS plan at an absolute price for one Azure billing account. */
const AzureOfferRequest = z.strictObject({
  marketplace: z.literal('azure'),
  ...common,
  billingAccountId: z.described(z.text(200), "the customer's billing account id"),
  basePlanId: z.described(z.text(200), 'the public plan (guid) that the private plan is made from'),
  planName: z.text(50),
  planDescription: z.text(500),
  payments: z.enum(['monthly', 'yearly', 'upfront']),
  preparedBy: z.email(),
  notificationContacts: z.list(z.email(), 5),
  termsUrl: z.described(z.optional(z.url()), 'the terms and conditions as one PDF'),
})

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
  discountPermille: z.optional(z.int()),
  by: z.optional(z.string()),
  at: z.optional(Instant),
  outcome: z.optional(z.enum(['approved', 'rejected'])),
  reason: z.string(),
})

/** A call to the marketplace. It is stored as open before the call, so that a lost answer is looked for and not repeated. */
const Submission = z.object({
  kind: z.enum(['create', 'withdraw']),
  attempt: z.int(),
  startedAt: Instant,
  /** When it last went out again, untraced as it was. */
  repeatedAt: z.optional(Instant),
  open: z.boolean(),
  jobId: z.optional(z.string()),
})
export type Submission = z.infer<typeof Submission>

const state = {
  id: Id,
  version: z.int(),
  status: OfferStatus,
  requestedBy: z.string(),
  requestedAs: z.enum(['partner', 'manager', 'finance', 'platform']),
  requestedAt: Instant,
  submittedBy: z.optional(z.string()),
  approval: z.optional(Decision),
  submission: z.optional(Submission),
  problems: z._default(z.array(Problem), []),
  externalId: z.described(z.optional(z.string()), "the marketplace's id of the offer"),
  acceptanceLink: z.optional(z.string()),
  agreementId: z.optional(z.string()),
  releasedAt: z.optional(Instant),
  acceptedAt: z.optional(Instant),
  activatedAt: z.optional(Instant),
  firstPaidOn: z.optional(DateText),
}

export const Offer = z.named(
  z.discriminatedUnion('marketplace', [
    z.object({ ...AwsOfferRequest.shape, ...state }),
    z.object({ ...AzureOfferRequest.shape, ...state }),
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
