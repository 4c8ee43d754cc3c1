import { accountStore } from '../../lib/accounts/store.ts'
import { agreementStore } from '../../lib/agreements/store.ts'
import { offerStore } from '../../lib/offers/store.ts'
import { ReconciliationRule } from '../../lib/reconciliation/rule.ts'
import { reconcileBooks } from '../../lib/reconciliation/run.ts'
import { reconciliationStore } from '../../lib/reconciliation/store.ts'
import { deadLetterBox } from '../../lib/runtime/dead-letters.ts'
import { env } from '../../lib/runtime/env.ts'
import { job } from '../../lib/runtime/job.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { repeatUnmatched } from '../../lib/settlements/repeat.ts'
import { hashOf, transactionStore } from '../../lib/transactions/store.ts'
import { openSettlements } from '../bind/settlements.ts'

const table = openTable(env('RECORDS_TABLE'))
const dependencies = {
  store: reconciliationStore(table),
  accounts: accountStore(table),
  transactions: transactionStore(table),
  offers: offerStore(table),
  agreements: agreementStore(table),
  rule: ReconciliationRule.parse(JSON.parse(env('RECONCILIATION_RULE'))),
  hash: hashOf,
}

const repeat = repeatUnmatched(openSettlements(table))

export const handler = job('reconcile-books', deadLetterBox(table), async (run) => {
  await repeat(run)
  await reconcileBooks(dependencies)(run)
})
