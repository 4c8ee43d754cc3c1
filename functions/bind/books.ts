import { joinPartner } from '../../lib/accounts/commands.ts'
import { accountStore } from '../../lib/accounts/store.ts'
import { agreementStore } from '../../lib/agreements/store.ts'
import { offerStore } from '../../lib/offers/store.ts'
import { partnerStore } from '../../lib/partners/store.ts'
import type { Table } from '../../lib/runtime/table.ts'
import { isRecorded, recordTransaction } from '../../lib/transactions/commands.ts'
import { hashOf, transactionStore } from '../../lib/transactions/store.ts'
import { idOf } from '../../lib/transactions/transaction.ts'

/** The slices that follow an agreement into the books, bound to one table; for functions that speak with a marketplace. */
export const openBooks = (table: Table) => {
  const accounts = accountStore(table)
  const partners = partnerStore(table)
  const offers = offerStore(table)
  const join = joinPartner({ store: accounts })
  const transactions = { store: transactionStore(table), hash: hashOf }
  const record = recordTransaction({ ...transactions, accounts, partners })
  return {
    accounts,
    offers,
    join,
    record,
    isRecorded: isRecorded(transactions),
    store: agreementStore(table),
    idOf: (providerKey: string) => idOf(providerKey, hashOf),
  }
}
