import { ApprovalFacts, PolicyVersion } from '../../events/approval.ts'
import { Id } from '../../events/vocabulary.ts'
import type { Contract } from '../core/contract.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { Delegation, NewDelegation } from './delegation.ts'

/** A step that waits for the one who asks. */
export const Task = z.named(
  z.object({
    offerId: Id,
    name: z.string(),
    partnerId: Id,
    accountId: Id,
    policy: PolicyVersion,
    step: z.string(),
    openedAt: Instant,
    dueAt: Instant,
    escalatedAt: z.optional(Instant),
    onBehalfOf: z.described(z.optional(z.string()), 'whose delegation lets you decide'),
    reason: z.described(z.string(), 'why the policy asks for it'),
    facts: ApprovalFacts,
  }),
  'ApprovalTask',
)
export type Task = z.infer<typeof Task>

export const contract = {
  listApprovals: {
    method: 'GET',
    path: '/approvals',
    scope: 'approvals.read',
    status: 200,
    summary: 'List what waits for your decision, the most urgent first; a page may hold fewer than its limit',
    query: z.extend(PageQuery, { state: z._default(z.enum(['open']), 'open') }),
    result: pageOf(Task),
  },
  grantDelegation: {
    method: 'POST',
    path: '/approvals/delegations',
    scope: 'approvals.write',
    status: 201,
    summary: 'Let someone decide on offers in your place for some days',
    body: NewDelegation,
    result: Delegation,
  },
  listDelegations: {
    method: 'GET',
    path: '/approvals/delegations',
    scope: 'approvals.read',
    status: 200,
    summary: 'List the delegations that you gave, or those that you received',
    query: z.extend(PageQuery, { side: z._default(z.enum(['given', 'received']), 'given') }),
    result: pageOf(Delegation),
  },
  revokeDelegation: {
    method: 'POST',
    path: '/approvals/delegations/{delegationId}/revoke',
    scope: 'approvals.write',
    status: 200,
    summary: 'End a delegation that you gave; what was decided by it stays',
    result: Delegation,
  },
} as const satisfies Contract
