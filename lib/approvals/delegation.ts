import { ApproverRole } from '../../events/approval.ts'
import { emit } from '../../events/envelope.ts'
import type { DomainEvent } from '../../events/index.ts'
import { Id } from '../../events/vocabulary.ts'
import { type Actor, type Context, today } from '../core/context.ts'
import { invalid } from '../core/errors.ts'
import { DateText, Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'
import type { Mandate } from './claim.ts'

export const NewDelegation = z
  .strictObject({
    to: z.described(z.text(200), 'the subject of the token of whoever decides meanwhile'),
    from: DateText,
    until: z.described(DateText, 'the last day'),
    reason: z.trimmed(500),
  })
  .check(z.refine(({ from, until }) => from <= until, { message: 'must not be before from', path: ['until'] }))
export type NewDelegation = z.infer<typeof NewDelegation>

/** Someone's right to decide on offers, lent to another one for some days. It cannot be lent on. */
export const Delegation = z.named(
  z.object({
    ...NewDelegation.shape,
    id: Id,
    version: z.int(),
    by: z.string(),
    role: ApproverRole,
    createdAt: Instant,
    revokedAt: z.optional(Instant),
  }),
  'Delegation',
)
export type Delegation = z.infer<typeof Delegation>

type Decided = { delegation: Delegation; events: DomainEvent[] }

const told = ({ by, to, from, until, reason }: Delegation) => ({ by, to, from, until, reason })

const refuse = (target: string, message: string) => invalid('this cannot be delegated', [{ target, message }])

/** Lends the right of the actor, who is no partner. */
export const grant = (input: NewDelegation, actor: Actor, context: Context): Decided => {
  if (input.to === actor.subject) throw refuse('to', 'must be someone else')
  if (input.until < today(context)) throw refuse('until', 'must not be over already')
  const id = context.newId('dlg')
  const role = ApproverRole.parse(actor.role)
  const delegation = { ...input, id, version: 0, by: actor.subject, role, createdAt: context.now }
  return { delegation, events: [emit(context, 'delegation.granted.v1', id, told(delegation))] }
}

/** Ends it now; what was decided by it stays. */
export const revoke = (delegation: Delegation, context: Context): Decided => {
  if (delegation.revokedAt) return { delegation, events: [] }
  const revoked = { ...delegation, revokedAt: context.now }
  return { delegation: revoked, events: [emit(context, 'delegation.revoked.v1', delegation.id, told(revoked))] }
}

/** The rights that are lent to someone on a day, the oldest first. */
export const mandatesOn = (delegations: readonly Delegation[], day: string): Mandate[] =>
  delegations
    .filter(({ from, until, revokedAt }) => !revokedAt && from <= day && day <= until)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ by, role }) => ({ by, role }))
