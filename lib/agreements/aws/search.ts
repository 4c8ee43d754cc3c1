import {
  type AgreementViewSummary,
  type MarketplaceAgreementClient,
  paginateSearchAgreements,
} from '@aws-sdk/client-marketplace-agreement'
import { askAll } from './calls.ts'

type FilterName = 'OfferId' | 'AfterLastUpdateTime' | 'InitialAgreementId'

/** The agreements that this seller proposed and that match a filter, the longest unchanged first. */
export const searchAgreements = (
  client: MarketplaceAgreementClient,
  filter: FilterName,
  value: string,
): AsyncGenerator<AgreementViewSummary, void> => {
  const by = (name: string, text: string) => ({ name, values: [text] })
  const input = {
    catalog: 'AWSMarketplace',
    filters: [by('PartyType', 'Proposer'), by('AgreementType', 'PurchaseAgreement'), by(filter, value)],
    sort: { sortBy: 'LastUpdateTime', sortOrder: 'ASCENDING' as const },
  }
  const pages = paginateSearchAgreements({ client, pageSize: 50 }, input)
  return askAll('SearchAgreements', pages, (page) => page.agreementViewSummaries)
}
