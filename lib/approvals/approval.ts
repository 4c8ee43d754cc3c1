import { ApprovalFacts, Approver, PolicyVersion } from '../../events/approval.ts'
import { Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { versionOn } from '../core/versions.ts'
import { type ApprovalPolicy, matchesOf, needOf, type PolicyStep } from './policy.ts'

// The way of one approval: steps in sequence, in each step some of its approvers side by side.

const Outcome = z.enum(['approved', 'rejected'])
export type Outcome = z.infer<typeof Outcome>

const Decision = z.object({
  outcome: Outcome,
  by: z.string(),
  onBehalfOf: z.described(z.optional(z.string()), 'who had delegated this to the one who decided'),
  seat: z.described(z.optional(z.int()), 'which of the approvers it counts for; absent: it was escalated, and counts for all'),
  reason: z.string(),
  at: Instant,
})

const Step = z.object({
  name: z.string(),
  approvers: z.array(Approver),
  need: z.described(z.int(), 'how many of the approvers must approve'),
  dueHours: z.int(),
  escalateTo: Approver,
  state: z.enum(['waiting', 'open', 'approved', 'rejected']),
  openedAt: z.optional(Instant),
  dueAt: z.optional(Instant),
  escalatedAt: z.optional(Instant),
  decisions: z.array(Decision),
})
export type Step = z.infer<typeof Step>

/** What the policy found, and who decided what, when, why and for whom. */
export const Approval = z.named(
  z.object({
    policy: PolicyVersion,
    facts: ApprovalFacts,
    rules: z.described(z.array(z.object({ name: z.string(), why: z.string(), finding: z.string() })), 'the rules that hold'),
    needed: z.boolean(),
    reason: z.string(),
    steps: z.array(Step),
    outcome: z.optional(Outcome),
    at: z.optional(Instant),
  }),
  'Approval',
)
export type Approval = z.infer<typeof Approval>

const HOUR_MS = 3_600_000

const opened = (step: Step, now: string): Step => ({
  ...step,
  state: 'open',
  openedAt: now,
  dueAt: new Date(Date.parse(now) + step.dueHours * HOUR_MS).toISOString(),
})

const waiting = ({ need, approvers, ...step }: PolicyStep): Step => ({
  ...step,
  approvers,
  need: needOf({ need, approvers }),
  state: 'waiting',
  decisions: [],
})

/** Judges an offer by the policy of a day. Without a rule that holds it is approved at once. */
export const judge = (policy: ApprovalPolicy, facts: ApprovalFacts, now: string): Approval => {
  const version = versionOn(policy, now.slice(0, 10))
  const matches = matchesOf(version, facts)
  const demanded = new Set(matches.flatMap(({ demands }) => demands))
  const steps = version.steps.filter(({ name }) => demanded.has(name)).map(waiting)
  return {
    policy: { id: policy.id, version: version.version },
    facts,
    rules: matches.map(({ name, why, finding }) => ({ name, why, finding })),
    needed: steps.length > 0,
    reason: matches.map(({ finding }) => finding).join('; ') || 'within the limits of the policy',
    steps: steps.map((step, at) => (at === 0 ? opened(step, now) : step)),
    ...(steps.length === 0 && { outcome: 'approved', at: now }),
  }
}

export const openStep = ({ steps }: Approval): Step | undefined => steps.find(({ state }) => state === 'open')

/** What a decision counts for: a seat, or all of an escalated step; and in whose name it is. */
export type Claim = { seat?: number; onBehalfOf?: string }
export type Verdict = { outcome: Outcome; by: string; reason: string; claim: Claim }

const decided = (step: Step, { outcome, by, reason, claim }: Verdict, now: string): Step => {
  const decisions = [...step.decisions, { outcome, by, ...claim, reason, at: now }]
  if (outcome === 'rejected') return { ...step, decisions, state: 'rejected' }
  const isEnough = claim.seat === undefined || decisions.length >= step.need
  return { ...step, decisions, ...(isEnough && { state: 'approved' as const }) }
}

/** The approval after a verdict on its open step. One rejection rejects; the last step that is approved approves. */
export const settle = (approval: Approval, verdict: Verdict, now: string): Approval => {
  const at = approval.steps.findIndex(({ state }) => state === 'open')
  const steps = approval.steps.map((step, index) => (index === at ? decided(step, verdict, now) : step))
  if (verdict.outcome === 'rejected') return { ...approval, steps, outcome: 'rejected', at: now }
  if (steps[at]?.state === 'open') return { ...approval, steps }
  if (at + 1 === steps.length) return { ...approval, steps, outcome: 'approved', at: now }
  return { ...approval, steps: steps.map((step, index) => (index === at + 1 ? opened(step, now) : step)) }
}

/** The approval once its open step is past its due time; the same one where nothing is due, or was escalated before. */
export const escalated = (approval: Approval, now: string): Approval => {
  const step = openStep(approval)
  if (!step?.dueAt || step.escalatedAt || step.dueAt > now) return approval
  return { ...approval, steps: approval.steps.map((each) => (each === step ? { ...each, escalatedAt: now } : each)) }
}
