import { awsAgreements } from '../../lib/agreements/aws/source.ts'
import { reconcileAgreements, syncAgreement } from '../../lib/agreements/commands.ts'
import { awsMarketplace } from '../../lib/offers/aws/marketplace.ts'
import { followAll, followOffer } from '../../lib/offers/follow.ts'
import { clock } from '../../lib/runtime/clock.ts'
import { newContext } from '../../lib/runtime/context.ts'
import { log } from '../../lib/runtime/log.ts'
import type { Table } from '../../lib/runtime/table.ts'
import { openBooks } from './books.ts'

const skipped = (error: unknown, id: string) => log.error('skipped until the next run', error, { id })

/** What Cosell does with AWS Marketplace. */
export const openAws = (table: Table) => {
  const books = openBooks(table)
  const offers = { store: books.offers, marketplace: awsMarketplace() }
  const all = followAll(offers, 'aws', skipped)
  const source = awsAgreements({ now: () => clock.now() })
  const agreements = { ...books, marketplace: 'aws' as const, source, catchUp: () => all(newContext, ['submitting']) }
  return {
    follow: followOffer(offers),
    followAll: all,
    sync: syncAgreement(agreements),
    reconcile: reconcileAgreements(agreements, skipped),
  }
}
