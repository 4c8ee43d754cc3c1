import * as z from '../core/schema.ts'
import type { Offer } from '../offers/offer.ts'

const Answer = z.enum(['confirm', 'refuse'])
export type Answer = z.infer<typeof Answer>

/** How the vendor answers a subscriber who asks Microsoft for another plan or another number of users. */
export const ChangeRule = z.strictObject({
  /** To a plan that a private offer of ours sells to the same account. */
  planOfOffer: Answer,
  /** From the plan of a private offer of ours to one that none sells: its price is not known, and the agreed one is given up. */
  planLeavingOffer: Answer,
  /** Of a subscription that no private offer of ours sells. */
  planWithoutOffer: Answer,
  /** Within the `minUsers` and `maxUsers` of the private offer. */
  usersWithinLimits: Answer,
  usersBeyondLimits: Answer,
  /** Where no private offer of ours has limits: Microsoft keeps those of the plan. */
  usersWithoutLimits: Answer,
})
export type ChangeRule = z.infer<typeof ChangeRule>
type Case = keyof ChangeRule

/** What is asked for; `offer` is the one of ours that sells the plan. */
export type Asked = { to: 'plan'; planId: string; offer: Offer | undefined } | { to: 'users'; users: number }
export type Judgement = { rule: Case; answer: Answer; reason: string }

const NAMES: Record<Case, string> = {
  planOfOffer: 'a private offer of ours sells the plan to this account',
  planLeavingOffer: 'no private offer of ours sells the plan, and the subscription has the plan of one',
  planWithoutOffer: 'no private offer of ours sells the subscription',
  usersWithinLimits: 'within the users of the private offer',
  usersBeyondLimits: 'fewer or more users than the private offer allows',
  usersWithoutLimits: 'no private offer of ours limits the users',
}

const usersCase = (users: number, offer: Offer | undefined): Case => {
  if (offer?.marketplace !== 'azure' || offer.pricing.model !== 'per-user') return 'usersWithoutLimits'
  const { minUsers, maxUsers } = offer.pricing
  return users >= minUsers && users <= maxUsers ? 'usersWithinLimits' : 'usersBeyondLimits'
}

const caseOf = (asked: Asked, current: Offer | undefined): Case => {
  if (asked.to === 'users') return usersCase(asked.users, current)
  const { offer } = asked
  if (offer && offer.accountId === (current ?? offer).accountId) return 'planOfOffer'
  return current ? 'planLeavingOffer' : 'planWithoutOffer'
}

/** The answer to what is asked for by a subscription that the offer `current` of ours sells. */
export const judge = (asked: Asked, current: Offer | undefined, rule: ChangeRule): Judgement => {
  const found = caseOf(asked, current)
  return { rule: found, answer: rule[found], reason: NAMES[found] }
}
