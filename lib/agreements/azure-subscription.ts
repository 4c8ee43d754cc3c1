import { addDays } from '../core/period.ts'
import * as z from '../core/schema.ts'
import type { AgreementSnapshot } from './agreement.ts'

// What Microsoft tells of a SaaS subscription. Its enumerations grow without notice (term units, actions), so all are read as text.

const Day = z.mapped(z.nullish(z.string()), (text) => (text && Date.parse(text) > 0 ? text.slice(0, 10) : undefined))
const Moment = z.mapped(z.nullish(z.string()), (text) =>
  text && Date.parse(text) > 0 ? new Date(text).toISOString() : undefined,
)
const Status = z.mapped(z.string(), (text) => text.trim().toLowerCase())

export const Subscription = z.object({
  id: z.string(),
  offerId: z.string(),
  planId: z.string(),
  // Only plans with a price for each user have one; others tell null, nothing or an empty text.
  quantity: z.catch(z.optional(z.int()), undefined),
  purchaser: z.object({ tenantId: z.string() }),
  saasSubscriptionStatus: Status,
  term: z.nullish(z.object({ startDate: Day, endDate: Day })),
  autoRenew: z.nullish(z.boolean()),
  created: Moment,
})
export type Subscription = z.infer<typeof Subscription>

const Listing = z.object({
  subscriptions: z.nullish(z.array(z.object({ id: z.string() }))),
  '@nextLink': z.nullish(z.string()),
})
export const SubscriptionPage = z.mapped(z.optional(Listing), (page) => ({
  ids: (page?.subscriptions ?? []).map(({ id }) => id),
  next: page?.['@nextLink'],
}))

/** Where only the status of the answer counts. */
export const anything = z.unknown()

const Plan = z.mapped(
  z.object({
    planId: z.string(),
    displayName: z.catch(z.optional(z.string()), undefined),
    sourceOffers: z.nullish(z.array(z.object({ externalId: z.string() }))),
  }),
  ({ displayName, sourceOffers }) => ({ planName: displayName, offerExternalId: sourceOffers?.[0]?.externalId }),
)

/** The guid of the private offer that the purchased plan comes from, and the name that buyers see of the plan. */
export const SourceOffer = z.mapped(z.optional(z.object({ plans: z.nullish(z.array(Plan)) })), (answer) =>
  answer?.plans?.find(({ offerExternalId }) => offerExternalId),
)
export type SourceOffer = z.infer<typeof SourceOffer>

export const Purchase = z.mapped(z.object({ id: z.string(), planId: z.string() }), ({ id, planId }) => ({
  subscriptionId: id,
  planId,
}))
export type Purchase = z.infer<typeof Purchase>

export const Operation = z.mapped(
  z.object({
    id: z.string(),
    subscriptionId: z.string(),
    action: z.string(),
    status: z.nullish(z.string()),
    planId: z.nullish(z.string()),
    quantity: z.catch(z.optional(z.int()), undefined),
  }),
  ({ id, planId, quantity, status, ...operation }) => ({
    ...operation,
    operationId: id,
    status: status ?? '',
    ...(planId && { planId }),
    ...(quantity && { quantity }),
  }),
)
export type Operation = z.infer<typeof Operation>

// Suspended: a payment is late; the contract runs on and may still be paid. A status that is not known yet is not counted on.
const STATUS: Record<string, AgreementSnapshot['status']> = { subscribed: 'active', suspended: 'active', unsubscribed: 'ended' }

const statusOf = ({ saasSubscriptionStatus }: Subscription) => STATUS[saasSubscriptionStatus] ?? 'pending'

/** The term, once activated. Microsoft's last day still belongs to it. */
const serviceOf = (subscription: Subscription) => {
  const { startDate, endDate } = subscription.term ?? {}
  if (!startDate || !endDate || statusOf(subscription) === 'pending') return undefined
  return { from: startDate, to: addDays(endDate, 1) }
}

/** Nor does it tell when a subscription was cancelled: at the latest when we see it. */
const endOf = (subscription: Subscription, service: { to: string }, now: string) => {
  const day = now.slice(0, 10)
  return statusOf(subscription) === 'ended' && day < service.to ? { endedOn: day } : {}
}

/** The API does not tell the instant of the activation: it is taken as the begin of the term, but never before the purchase. */
const activatedAt = (from: string, acceptedAt: string) => {
  const begin = `${from}T00:00:00.000Z`
  if (begin > acceptedAt) return begin
  return acceptedAt
}

/** The subscription as an agreement. It tells no money: the offer's price holds. */
export const snapshotOf = (subscription: Subscription, source: SourceOffer, now: string): AgreementSnapshot => {
  const { id, offerId, planId, purchaser, quantity, created: acceptedAt = now } = subscription
  const { offerExternalId, planName } = source ?? {}
  const service = serviceOf(subscription)
  return {
    marketplace: 'azure',
    id,
    status: statusOf(subscription),
    ...(offerExternalId && { offerExternalId }),
    ...(quantity && { quantity }),
    buyerId: purchaser.tenantId,
    productId: offerId,
    plan: { id: planId, ...(planName && { name: planName }) },
    acceptedAt,
    ...(service && { activatedAt: activatedAt(service.from, acceptedAt), service, ...endOf(subscription, service, now) }),
    ...(subscription.autoRenew && { renewsItself: true }),
    schedule: [],
    invoices: [],
  }
}
