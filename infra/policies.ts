import { APPROVAL_POLICY } from './approval-policy.ts'
import { SCORECARD_POLICY } from './scorecard-policy.ts'
import type { PolicyName } from './service-types.ts'

/** The policies that a vendor goes by unless cdk.json says otherwise, as JSON. */
export const POLICIES = {
  APPROVAL_POLICY: JSON.stringify(APPROVAL_POLICY),
  REMINDER_RULE: JSON.stringify({
    pending: [3, 7, 14, 30],
    expiring: [14, 7, 3, 1],
    ending: { days: [90, 60, 30, 10], thenEvery: 5 },
    renewing: [30, 10],
    terms: [1, 7, 14, 30],
  }),
  DRAWDOWN_RULE: JSON.stringify({ ineligibleProducts: [], endingSoonDays: 90 }),
  RECONCILIATION_RULE: JSON.stringify({
    agreement: { aws: 2, azure: 14 },
    billing: { aws: 5, azure: 40 },
    payment: { aws: 30, azure: 30 },
    payout: { aws: 45, azure: 45 },
    feeTolerance: 1,
  }),
  SUBSCRIPTION_CHANGE_RULE: JSON.stringify({
    planOfOffer: 'confirm',
    planLeavingOffer: 'refuse',
    planWithoutOffer: 'confirm',
    usersWithinLimits: 'confirm',
    usersBeyondLimits: 'refuse',
    usersWithoutLimits: 'confirm',
  }),
  SETTLEMENT_RULE: JSON.stringify({ repeatEveryDays: 1, repeatForDays: 60 }),
  SCORECARD_POLICY: JSON.stringify(SCORECARD_POLICY),
  SURVEY_RULE: JSON.stringify({ minRespondents: 5, openDays: 7 }),
} satisfies Record<PolicyName, string>
