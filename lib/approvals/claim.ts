import { type Approver, ApproverRole } from '../../events/approval.ts'
import type { Actor } from '../core/context.ts'
import type * as z from '../core/schema.ts'
import { type Approval, type Claim, openStep, type Step } from './approval.ts'

// Who may decide what: separation of duties, delegation and escalation.

/** Who may not decide: it is their own offer. */
export const partiesOf = ({ requestedBy, submittedBy }: { requestedBy: string; submittedBy?: string | undefined }) =>
  submittedBy ? [requestedBy, submittedBy] : [requestedBy]

/** Whoever has decided, or had it decided in the own name. */
const heard = ({ steps }: Approval) =>
  new Set(steps.flatMap(({ decisions }) => decisions.flatMap(({ by, onBehalfOf }) => (onBehalfOf ? [by, onBehalfOf] : [by]))))

export const decisionBy = ({ steps }: Approval, subject: string) =>
  steps.flatMap(({ decisions }) => decisions).find(({ by }) => by === subject)

/** Someone's right to decide that another one may use: who gave it, with the role that it comes from. */
export type Mandate = { by: string; role: z.infer<typeof ApproverRole> }

const isFor = (approver: Approver, { by, role }: Mandate) => approver.person === by || approver.role === role

/** A person's own seat comes first: whoever else has the role cannot take it. */
const seatOf = ({ approvers, decisions }: Step, holder: Mandate): number | undefined => {
  const taken = new Set(decisions.map(({ seat }) => seat))
  const free = approvers.map((approver, seat) => ({ approver, seat })).filter(({ seat }) => !taken.has(seat))
  const own = free.find(({ approver }) => approver.person === holder.by) ?? free.find(({ approver }) => isFor(approver, holder))
  return own?.seat
}

const claimOf = (step: Step, holder: Mandate): Claim | undefined => {
  if (step.escalatedAt && isFor(step.escalateTo, holder)) return {}
  const seat = seatOf(step, holder)
  return seat === undefined ? undefined : { seat }
}

const holderOf = ({ subject, role }: Actor): Mandate[] => {
  const { data } = ApproverRole.safeParse(role)
  return data ? [{ by: subject, role: data }] : []
}

/**
 * What someone's decision on the open step would count for; undefined: they may not decide it. The own right comes first, then the
 * mandates. `parties` never decide, neither themselves nor by others, and nobody is heard twice.
 */
export const claimFor = (
  approval: Approval,
  parties: readonly string[],
  actor: Actor,
  mandates: readonly Mandate[],
): Claim | undefined => {
  const step = openStep(approval)
  const barred = new Set([...parties, ...heard(approval)])
  const own = holderOf(actor)
  if (!step || own.length === 0 || barred.has(actor.subject)) return undefined
  const holders = [...own, ...mandates].filter(({ by }) => !barred.has(by))
  for (const holder of holders) {
    const claim = claimOf(step, holder)
    if (claim) return holder.by === actor.subject ? claim : { ...claim, onBehalfOf: holder.by }
  }
  return undefined
}
