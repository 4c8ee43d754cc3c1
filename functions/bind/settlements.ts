import { accountStore } from '../../lib/accounts/store.ts'
import { agreementStore } from '../../lib/agreements/store.ts'
import { offerStore } from '../../lib/offers/store.ts'
import type { Table } from '../../lib/runtime/table.ts'
import { settlementStore } from '../../lib/settlements/store.ts'
import { hashOf, transactionWrites } from '../../lib/transactions/store.ts'

/** Settlements, and the slices that know whose a row of their files is, bound to one table. */
export const openSettlements = (table: Table) => {
  const store = settlementStore(table, { hash: hashOf, transactionWrites })
  const { links } = store
  const owners = { agreements: agreementStore(table), offers: offerStore(table), accounts: accountStore(table), links }
  return { store, owners, hash: hashOf }
}
