import { emit } from '../../events/envelope.ts'
import type { OfferEvent } from '../../events/offer.ts'
import { type Approval, escalated, judge, type Outcome, openStep, settle } from '../approvals/approval.ts'
import { claimFor, decisionBy, type Mandate, partiesOf } from '../approvals/claim.ts'
import type { ApprovalPolicy } from '../approvals/policy.ts'
import { type Actor, type Context, today } from '../core/context.ts'
import { conflict, forbidden } from '../core/errors.ts'
import type { Partner } from '../partners/partner.ts'
import { approvalFacts } from './approval-facts.ts'
import { type Decided, facts, must, type Offer, unchanged } from './offer.ts'

/** The id of an event that another one brings about at the same moment: it sorts right after that one. */
const following = ({ id }: OfferEvent) => ({ id: `${id}.1` })

/** Tells whoever must decide the step that is open now; nothing where none is. */
const asked = (offer: Offer, approval: Approval, cause: OfferEvent, context: Context): OfferEvent[] => {
  const { name: step = '', approvers = [], need = 0, dueAt } = openStep(approval) ?? {}
  if (!dueAt) return []
  const told = { ...facts(offer), policy: approval.policy, step, approvers, need, dueAt }
  return [emit(context, 'offer.approval-requested.v1', offer.id, told, following(cause))]
}

/** Offers of a partner that is on hold are not approved, by nobody and by no policy. The partner itself is not told why. */
export const mustNotBeHeld = ({ id, complianceHold }: Pick<Partner, 'id' | 'complianceHold'>, { role }: Actor) => {
  if (!complianceHold) return
  if (role === 'partner') throw conflict('your offers cannot be submitted now: ask your partner manager', 'partnerId')
  throw conflict(`${id} is on a compliance hold: ${complianceHold.reason}; the platform's people can lift it`, 'partnerId')
}

/** Leaves the draft: to the people whom the policy asks for, or approved where it asks for nobody. */
export const submit = (
  offer: Offer,
  { policy, partner }: { policy: ApprovalPolicy; partner: Pick<Partner, 'type'> },
  actor: Actor,
  context: Context,
): Decided => {
  must(offer, 'submitted', 'draft', 'failed')
  const approval = judge(policy, approvalFacts(offer, policy.listPrices, partner, today(context)), context.now)
  const judged = { ...facts(offer), reason: approval.reason, policy: approval.policy, facts: approval.facts }
  const rules = approval.rules.map(({ name }) => name)
  const told = { ...judged, by: actor.subject, approvalNeeded: approval.needed, rules }
  const submitted = emit(context, 'offer.submitted.v1', offer.id, told)
  const by = `policy:${approval.policy.id}@${approval.policy.version}`
  const then = approval.needed
    ? asked(offer, approval, submitted, context)
    : [emit(context, 'offer.approved.v1', offer.id, { ...judged, by }, following(submitted))]
  return {
    offer: {
      ...offer,
      status: approval.needed ? 'pending-approval' : 'approved',
      approval,
      submittedBy: actor.subject,
      problems: [],
    },
    events: [submitted, ...then],
  }
}

export type Ruling = { outcome: Outcome; reason: string }

const refusal = (offer: Offer, approval: Approval, actor: Actor) => {
  if (actor.role === 'partner') return forbidden('a partner never decides on offers')
  if (partiesOf(offer).includes(actor.subject))
    return forbidden('the one who requested or submitted an offer cannot decide on it: ask another approver')
  const step = openStep(approval)
  const names = step?.approvers.map(({ role, person }) => (role ? `the role ${role}` : person)).join(', ')
  return forbidden(`the step ${step?.name} waits for ${names}, and nobody decides twice on an offer`)
}

const TYPES = {
  approved: 'offer.approved.v1',
  rejected: 'offer.rejected.v1',
  given: 'offer.approval-given.v1',
} as const

/** A person approves or rejects the open step. The same decision of the same person once more changes nothing. */
export const decide = (
  offer: Offer,
  { outcome, reason }: Ruling,
  { actor, mandates }: { actor: Actor; mandates: readonly Mandate[] },
  context: Context,
): Decided => {
  const { approval: before } = offer
  if (before && decisionBy(before, actor.subject)?.outcome === outcome) return unchanged(offer)
  must(offer, outcome, 'pending-approval')
  if (!before) throw conflict(`offer ${offer.id} was never judged by a policy`, 'status')
  const claim = claimFor(before, partiesOf(offer), actor, mandates)
  if (!claim) throw refusal(offer, before, actor)
  const approval = settle(before, { outcome, by: actor.subject, reason, claim }, context.now)
  const { onBehalfOf } = claim
  const decision = {
    ...facts(offer),
    by: actor.subject,
    reason,
    policy: approval.policy,
    facts: approval.facts,
    step: openStep(before)?.name,
    ...(onBehalfOf && { onBehalfOf }),
  }
  const told = emit(context, TYPES[approval.outcome ?? 'given'], offer.id, decision)
  const next = openStep(approval)?.name === decision.step ? [] : asked(offer, approval, told, context)
  return {
    offer: { ...offer, status: approval.outcome ?? offer.status, approval },
    events: [told, ...next],
  }
}

/** An open step that is past its due time is opened to whom it escalates to, once. */
export const escalate = (offer: Offer, context: Context): Decided => {
  const approval = offer.status === 'pending-approval' && offer.approval && escalated(offer.approval, context.now)
  if (!approval || approval === offer.approval) return unchanged(offer)
  const { name = '', dueAt = '', escalateTo = {} } = openStep(approval) ?? {}
  const told = { ...facts(offer), policy: approval.policy, step: name, dueAt, escalatedTo: escalateTo }
  return {
    offer: { ...offer, approval },
    events: [emit(context, 'offer.approval-escalated.v1', offer.id, told)],
  }
}
