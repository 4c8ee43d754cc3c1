import type { ApprovalPolicy } from '../lib/approvals/policy.ts'
import type * as z from '../lib/core/schema.ts'

/** Who must approve what, unless cdk.json says otherwise: a manager above 15 % discount or 100,000.00 of any currency. */
export const APPROVAL_POLICY: z.input<typeof ApprovalPolicy> = {
  id: 'discount-and-total',
  versions: [
    {
      version: 1,
      why: 'Small offers near the list price go out at once; a second person sees all others.',
      steps: [{ name: 'manager', approvers: [{ role: 'manager' }], dueHours: 48, escalateTo: { role: 'platform' } }],
      rules: [
        {
          name: 'discount',
          why: 'Margin is given away only on purpose.',
          when: { discountAbovePermille: 150 },
          demands: ['manager'],
        },
        {
          name: 'total',
          why: 'A large contract binds us for long.',
          when: { totalAbove: { other: 10_000_000 } },
          demands: ['manager'],
        },
      ],
    },
  ],
}
