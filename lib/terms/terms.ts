import { emit } from '../../events/envelope.ts'
import { TermsAccepted, TermsChecked, TermsFound, TermsOfPlan } from '../../events/terms.ts'
import type { Actor, Context } from '../core/context.ts'
import { Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'

// Azure deploys a virtual machine image of its marketplace only where the buyer's subscription has accepted the plan's legal terms.

export const TermsCheck = z.named(z.strict(TermsOfPlan), 'TermsCheck')
export type TermsCheck = z.infer<typeof TermsCheck>

export const TermsAcceptance = z.named(
  z.extend(TermsCheck, { reason: z.described(z.text(500), 'why, and on whose behalf: it is kept as evidence') }),
  'TermsAcceptance',
)
export type TermsAcceptance = z.infer<typeof TermsAcceptance>

export type Terms = z.infer<typeof TermsFound>

export const TermsEvent = z.discriminatedUnion('type', [TermsChecked, TermsAccepted])
export type TermsEvent = z.infer<typeof TermsEvent>

/** What was found or done, when and by whom. It is never changed. */
export const Evidence = z.named(
  z.object({
    id: z.string(),
    kind: z.enum(['check', 'acceptance']),
    at: Instant,
    ...TermsOfPlan.shape,
    ...TermsFound.shape,
    by: z.string(),
    reason: z.optional(z.string()),
  }),
  'TermsEvidence',
)
export type Evidence = z.infer<typeof Evidence>

export const checked = (plan: TermsCheck, terms: Terms, actor: Actor, context: Context): TermsEvent =>
  emit(context, 'terms.checked.v1', plan.subscriptionId, { ...plan, ...terms, by: actor.subject })

export const accepted = (acceptance: TermsAcceptance, terms: Terms, actor: Actor, context: Context): TermsEvent =>
  emit(context, 'terms.accepted.v1', acceptance.subscriptionId, { ...acceptance, ...terms, by: actor.subject })

export const evidenceOf = ({ id, type, time, data }: TermsEvent): Evidence => ({
  id,
  kind: type === 'terms.accepted.v1' ? 'acceptance' : 'check',
  at: time,
  ...data,
})
