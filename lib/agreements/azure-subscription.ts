import * as z from 'zod'
import { addDays } from '../core/period.ts'
import type { AgreementSnapshot } from './agreement.ts'

// What Microsoft tells of a SaaS subscription. Its enumerations grow without notice (term units, actions), so all are read as text.

const Day = z
  .string()
  .nullish()
  .transform((text) => (text && Date.parse(text) > 0 ? text.slice(0, 10) : undefined))
const Moment = z
  .string()
  .nullish()
  .transform((text) => (text && Date.parse(text) > 0 ? new Date(text).toISOString() : undefined))

export const Subscription = z.object({
  id: z.string(),
  offerId: z.string(),
  planId: z.string(),
  purchaser: z.object({ tenantId: z.string() }),
  saasSubscriptionStatus: z.string().transform((text) => text.trim().toLowerCase()),
  term: z.object({ startDate: Day, endDate: Day }).nullish(),
  autoRenew: z.boolean().nullish(),
  created: Moment,
})
export type Subscription = z.infer<typeof Subscription>

export const SubscriptionPage = z
  .object({ subscriptions: z.array(z.object({ id: z.string() })).nullish(), '@nextLink': z.string().nullish() })
  .optional()
  .transform((page) => ({ ids: (page?.subscriptions ?? []).map(({ id }) => id), next: page?.['@nextLink'] }))

/** Where only the status of the answer counts. */
export const anything = z.unknown()

/** The guid of the private offer that the purchased plan comes from. */
export const SourceOffer = z
  .object({
    plans: z
      .array(z.object({ planId: z.string(), sourceOffers: z.array(z.object({ externalId: z.string() })).nullish() }))
      .nullish(),
  })
  .optional()
  .transform((answer) => answer?.plans?.flatMap(({ sourceOffers }) => sourceOffers ?? [])[0]?.externalId)

export const Purchase = z
  .object({ id: z.string(), planId: z.string() })
  .transform(({ id, planId }) => ({ subscriptionId: id, planId }))
export type Purchase = z.infer<typeof Purchase>

export const Operation = z
  .object({ id: z.string(), subscriptionId: z.string(), action: z.string(), status: z.string().nullish() })
  .extend({ planId: z.string().nullish() })
  .transform(({ id, planId, status, ...operation }) => ({
    ...operation,
    operationId: id,
    status: status ?? '',
    ...(planId && { planId }),
  }))
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

/** The API does not tell the instant of the activation: it is taken as the begin of the term, but never before the purchase. */
const activatedAt = (from: string, acceptedAt: string) => {
  const begin = `${from}T00:00:00.000Z`
  if (begin > acceptedAt) return begin
  return acceptedAt
}

/** The subscription as an agreement. It tells no money: the offer's price holds. */
export const snapshotOf = (subscription: Subscription, offerExternalId: string | undefined, now: string): AgreementSnapshot => {
  const { id, offerId, purchaser, created: acceptedAt = now } = subscription
  const service = serviceOf(subscription)
  return {
    marketplace: 'azure',
    id,
    status: statusOf(subscription),
    ...(offerExternalId && { offerExternalId }),
    buyerId: purchaser.tenantId,
    productId: offerId,
    acceptedAt,
    ...(service && { activatedAt: activatedAt(service.from, acceptedAt), service }),
    ...(subscription.autoRenew && { renewsItself: true }),
    schedule: [],
    invoices: [],
  }
}
