import type * as z from 'zod'
import type { ApprovalFacts } from '../../events/approval.ts'
import { ApprovalPolicy } from '../../lib/approvals/policy.ts'
import { usd } from './usd.ts'

type Input = z.input<typeof ApprovalPolicy>
type Version = Input['versions'][number]
export type PolicyStep = Version['steps'][number]
export type PolicyRule = Version['rules'][number]

export const stepOf = (name: string, more: Partial<PolicyStep> = {}): PolicyStep => ({
  name,
  approvers: [{ role: 'manager' }],
  dueHours: 24,
  escalateTo: { role: 'platform' },
  ...more,
})

export const ruleOf = (name: string, when: PolicyRule['when'], ...demands: string[]): PolicyRule => ({
  name,
  why: `because of ${name}`,
  when,
  demands,
})

/** A policy of one version as it stands in cdk.json. */
export const policyInput = (steps: PolicyStep[], rules: PolicyRule[], more: Partial<Version> = {}): Input => ({
  id: 'deal-desk',
  versions: [{ version: 3, why: 'as agreed', steps, rules, ...more }],
})

export const policyOf = (...input: Parameters<typeof policyInput>) => ApprovalPolicy.parse(policyInput(...input))

/** A manager approves above 15 % or 100,000.00. */
export const ONE_MANAGER = policyOf(
  [stepOf('manager')],
  [
    ruleOf('discount', { discountAbovePermille: 150 }, 'manager'),
    ruleOf('total', { totalAbove: { other: 10_000_000 } }, 'manager'),
  ],
)

export const FACTS: ApprovalFacts = {
  marketplace: 'aws',
  partnerId: 'par_1',
  partnerType: 'reseller',
  total: usd(1_000_000),
  discountPermille: 100,
  termMonths: 12,
  installments: 1,
  firstPaymentDays: 0,
  lastPaymentDays: 0,
  backLoadedPermille: 0,
  customTerms: false,
}
