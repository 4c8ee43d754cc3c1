import { addDays, addMonths } from '../../../../lib/core/period.ts'
import type { PlanView } from './available-plan.ts'

export type Status = 'PendingFulfillmentStart' | 'Subscribed' | 'Suspended' | 'Unsubscribed'

type Person = { emailId: string; objectId: string; tenantId: string; puid: string }
type Term = { startDate?: string; endDate?: string; termUnit: string; chargeDuration?: null }

/** A SaaS subscription as it is read. `endDate` is the last day of the term. */
export type Subscription = {
  id: string
  name: string
  publisherId: string
  offerId: string
  planId: string
  quantity: number | null
  beneficiary: Person
  purchaser: Person
  allowedCustomerOperations: string[]
  sessionMode: string
  isFreeTrial: boolean
  isTest: boolean
  sandboxType: string
  saasSubscriptionStatus: Status
  term: Term
  autoRenew: boolean
  created: string
  lastModified: string
}

/** A subscription with the private offer (guid) and the plan that were bought; `since` is when its status began. */
export type Purchase = { subscription: Subscription; privateOffer: string; plan: PlanView; since: string }

export type Action = 'ChangePlan' | 'ChangeQuantity' | 'Suspend' | 'Reinstate' | 'Renew' | 'Unsubscribe'

const FROM: Record<Action, Status[]> = {
  ChangePlan: ['Subscribed'],
  ChangeQuantity: ['Subscribed'],
  Renew: ['Subscribed'],
  Suspend: ['Subscribed'],
  Reinstate: ['Suspended'],
  Unsubscribe: ['PendingFulfillmentStart', 'Subscribed', 'Suspended'],
}

const TO: Partial<Record<Action, Status>> = { Suspend: 'Suspended', Reinstate: 'Subscribed', Unsubscribe: 'Unsubscribed' }

export const isAllowed = (action: Action, { saasSubscriptionStatus }: Subscription) =>
  FROM[action].includes(saasSubscriptionStatus)

const monthsIn = (termUnit: string) => Number(termUnit.slice(1, -1)) * (termUnit.endsWith('Y') ? 12 : 1)

/** The term that begins on a day: its end date is inclusive. */
const termFrom = (date: string, termUnit: string): Term => ({
  startDate: `${date}T00:00:00Z`,
  endDate: `${addDays(addMonths(date, monthsIn(termUnit)), -1)}T00:00:00Z`,
  termUnit,
  chargeDuration: null,
})

const nextTerm = ({ endDate = '', termUnit }: Term) => termFrom(addDays(endDate.slice(0, 10), 1), termUnit)

/** The publisher turns a purchase on: billing and the term start today. */
export const activated = (purchase: Purchase, now: string): Purchase => {
  const { subscription } = purchase
  const term = termFrom(now.slice(0, 10), subscription.term.termUnit)
  return { ...purchase, since: now, subscription: { ...subscription, saasSubscriptionStatus: 'Subscribed', term } }
}

export type Change = { planId: string; quantity: number | null }

/** What an operation makes of a subscription when it succeeds. */
export const afterwards = (purchase: Purchase, action: Action, { planId, quantity }: Change, now: string): Purchase => {
  const { subscription } = purchase
  const status = TO[action] ?? subscription.saasSubscriptionStatus
  const term = action === 'Renew' ? nextTerm(subscription.term) : subscription.term
  const changed = { ...subscription, planId, quantity, term, saasSubscriptionStatus: status }
  return { ...purchase, subscription: changed, since: status === subscription.saasSubscriptionStatus ? purchase.since : now }
}

const PATIENCE_MS = 30 * 86_400_000

/** Whether a purchase was left unconfigured, or unpaid, for too long. */
export const isGivenUp = ({ subscription, since }: Purchase, now: Date) =>
  ['PendingFulfillmentStart', 'Suspended'].includes(subscription.saasSubscriptionStatus) &&
  now.getTime() - Date.parse(since) >= PATIENCE_MS
