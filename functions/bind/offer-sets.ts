import { awsSetMarketplace } from '../../lib/offer-sets/aws/marketplace.ts'
import { offerSetStore } from '../../lib/offer-sets/store.ts'
import { offerStore, offerWrites } from '../../lib/offers/store.ts'
import type { Table } from '../../lib/runtime/table.ts'

/** What follows sets of offers, bound to one table; for functions that speak with AWS Marketplace. */
export const openOfferSets = (table: Table) => ({
  store: offerSetStore(table, { offerWrites }),
  marketplace: awsSetMarketplace(),
  offers: offerStore(table),
})
