import { getAccount } from '../../lib/accounts/commands.ts'
import { accountStore } from '../../lib/accounts/store.ts'
import { getAgreements } from '../../lib/agreements/commands.ts'
import { agreementStore } from '../../lib/agreements/store.ts'
import { mandatesOf } from '../../lib/approvals/commands.ts'
import { policyIn } from '../../lib/approvals/policy.ts'
import { delegationStore } from '../../lib/approvals/store.ts'
import { drawsDown } from '../../lib/commitments/commands.ts'
import { DrawdownRule } from '../../lib/commitments/drawdown.ts'
import { commitmentStore } from '../../lib/commitments/store.ts'
import { awsPlanner } from '../../lib/offers/aws/planner.ts'
import { azurePlanner } from '../../lib/offers/azure/planner.ts'
import { visible } from '../../lib/offers/read.ts'
import { offerStore } from '../../lib/offers/store.ts'
import { partnerStore } from '../../lib/partners/store.ts'
import { env } from '../../lib/runtime/env.ts'
import type { Table } from '../../lib/runtime/table.ts'

/** What people ask of offers, and the slices that know the answers, bound to one table; nothing of it speaks with a marketplace. */
export const openDesk = (table: Table) => {
  const store = offerStore(table)
  return {
    store,
    agreements: getAgreements({ store: agreementStore(table), offer: (actor, id) => visible(store, actor, id) }),
    partners: partnerStore(table),
    account: getAccount({ store: accountStore(table) }),
    marketplaces: { aws: awsPlanner, azure: azurePlanner({ flexibleBilling: env('AZURE_FLEXIBLE_BILLING') === 'on' }) },
    policy: policyIn(env('APPROVAL_POLICY')),
    mandates: mandatesOf({ store: delegationStore(table) }),
    drawsDown: drawsDown({ store: commitmentStore(table), rule: DrawdownRule.parse(JSON.parse(env('DRAWDOWN_RULE'))) }),
  }
}
