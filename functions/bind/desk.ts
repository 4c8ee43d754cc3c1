import { getAccount } from '../../lib/accounts/commands.ts'
import { accountStore } from '../../lib/accounts/store.ts'
import { drawsDown } from '../../lib/commitments/commands.ts'
import { DrawdownRule } from '../../lib/commitments/drawdown.ts'
import { commitmentStore } from '../../lib/commitments/store.ts'
import { ApprovalRule } from '../../lib/offers/approval.ts'
import { awsPlanner } from '../../lib/offers/aws/planner.ts'
import { azurePlanner } from '../../lib/offers/azure/planner.ts'
import { offerStore } from '../../lib/offers/store.ts'
import { partnerStore } from '../../lib/partners/store.ts'
import { env } from '../../lib/runtime/env.ts'
import type { Table } from '../../lib/runtime/table.ts'

/** What people ask of offers, and the slices that know the answers, bound to one table. */
export const openDesk = (table: Table) => ({
  store: offerStore(table),
  partners: partnerStore(table),
  account: getAccount({ store: accountStore(table) }),
  marketplaces: { aws: awsPlanner, azure: azurePlanner },
  rule: ApprovalRule.parse(JSON.parse(env('APPROVAL_RULE'))),
  drawsDown: drawsDown({ store: commitmentStore(table), rule: DrawdownRule.parse(JSON.parse(env('DRAWDOWN_RULE'))) }),
})
