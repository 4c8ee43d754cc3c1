import { awsAgreements } from '../../lib/agreements/aws/source.ts'
import { reconcileAgreements } from '../../lib/agreements/commands.ts'
import { syncAgreement } from '../../lib/agreements/read.ts'
import { acceptResold } from '../../lib/agreements/resold.ts'
import { awsMarketplace } from '../../lib/offers/aws/marketplace.ts'
import { catchUp, followAll, followOffer } from '../../lib/offers/follow.ts'
import { clock } from '../../lib/runtime/clock.ts'
import type { Table } from '../../lib/runtime/table.ts'
import { openBooks } from './books.ts'

/** What Cosell does with AWS Marketplace. */
export const openAws = (table: Table) => {
  const books = openBooks(table)
  const offers = { store: books.offers, marketplace: awsMarketplace() }
  const source = awsAgreements({ now: () => clock.now() })
  const agreements = { ...books, marketplace: 'aws' as const, source, catchUp: catchUp(offers, 'aws') }
  return {
    follow: followOffer(offers),
    followAll: followAll(offers, 'aws'),
    sync: syncAgreement(agreements),
    resold: acceptResold(agreements),
    reconcile: reconcileAgreements(agreements),
  }
}
