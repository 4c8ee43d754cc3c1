import type { TermsOfPlan } from '../../events/terms.ts'
import type { Evidence } from './terms.ts'

/** A plan whose legal terms a subscription has not accepted, as the newest evidence says; `since` when that was first found. */
export type MissingTerms = Record<keyof typeof TermsOfPlan.shape, string> & { since: string }

export const planKey = ({ subscriptionId, publisherId, productId, planId }: Omit<MissingTerms, 'since'>) =>
  [subscriptionId, publisherId, productId, planId].map(encodeURIComponent).join('/')

/** The plans whose terms are missing, of all evidence that there is, oldest first. */
export const missingTerms = (evidence: readonly Evidence[]): MissingTerms[] => {
  const missing = new Map<string, MissingTerms>()
  for (const { subscriptionId, publisherId, productId, planId, accepted, at } of evidence) {
    const plan = { subscriptionId, publisherId, productId, planId }
    if (accepted) missing.delete(planKey(plan))
    else missing.set(planKey(plan), missing.get(planKey(plan)) ?? { ...plan, since: at })
  }
  return [...missing.values()]
}
