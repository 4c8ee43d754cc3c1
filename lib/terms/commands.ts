import { mustBe } from '../core/access.ts'
import type { Actor, Context } from '../core/context.ts'
import { unavailable } from '../core/errors.ts'
import type { PageQuery } from '../core/page.ts'
import type { Ordering } from './ordering.ts'
import type { TermsStore } from './store.ts'
import { accepted, checked, type Evidence, type TermsAcceptance, type TermsCheck } from './terms.ts'

export type Dependencies = { store: Pick<TermsStore, 'list' | 'save'>; ordering: Ordering }

export const checkTerms =
  ({ store, ordering }: Dependencies) =>
  async (actor: Actor, plan: TermsCheck, context: Context): Promise<Evidence> => {
    mustBe(actor, 'manager', 'platform')
    return store.save(checked(plan, await ordering.read(plan), actor, context), context)
  }

/** Binds the buyer: only a named manager does it, and never without a reason. */
export const acceptTerms =
  ({ store, ordering }: Dependencies) =>
  async (actor: Actor, acceptance: TermsAcceptance, context: Context): Promise<Evidence> => {
    mustBe(actor, 'manager')
    const { reason, ...plan } = acceptance
    const terms = await ordering.accept(plan)
    if (!terms.accepted) throw unavailable('Azure does not show the acceptance yet: repeat the request in a minute')
    return store.save(accepted({ ...plan, reason }, terms, actor, context), context)
  }

export const listEvidence =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, { subscriptionId, ...page }: PageQuery & { subscriptionId: string }) => {
    mustBe(actor, 'manager', 'finance', 'platform')
    return store.list(subscriptionId, page)
  }
