import { azureAgreements } from '../../lib/agreements/azure.ts'
import { reconcileAgreements } from '../../lib/agreements/commands.ts'
import { syncAgreement } from '../../lib/agreements/read.ts'
import { azureMarketplace } from '../../lib/offers/azure/marketplace.ts'
import { catchUp, followAll, followOffer } from '../../lib/offers/follow.ts'
import { openAzure as openClient } from '../../lib/runtime/azure.ts'
import { env } from '../../lib/runtime/env.ts'
import type { Table } from '../../lib/runtime/table.ts'
import { openBooks } from './books.ts'

/** What Cosell does with Microsoft's marketplace. */
export const openAzure = (table: Table) => {
  const books = openBooks(table)
  const client = openClient()
  const settings = { flexibleBilling: env('AZURE_FLEXIBLE_BILLING') === 'on' }
  const ingestionUrl = env('AZURE_INGESTION_URL')
  const marketplace = azureMarketplace({ client, ingestionUrl, settings })
  const offers = { store: books.offers, marketplace }
  const source = azureAgreements({ client, fulfilmentUrl: env('AZURE_FULFILMENT_URL'), ingestionUrl })
  const agreements = { ...books, marketplace: 'azure' as const, source, catchUp: catchUp(offers, 'azure') }
  return {
    offers: books.offers,
    store: books.store,
    follow: followOffer(offers),
    followAll: followAll(offers, 'azure'),
    fulfilment: source,
    sync: syncAgreement(agreements),
    reconcile: reconcileAgreements(agreements),
  }
}
