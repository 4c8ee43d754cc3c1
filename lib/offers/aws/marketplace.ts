import { MarketplaceAgreementClient } from '@aws-sdk/client-marketplace-agreement'
import { MARKETPLACE_REGION } from '../../agreements/aws/calls.ts'
import { searchAgreements } from '../../agreements/aws/search.ts'
import type { Acceptance, Marketplace } from '../marketplace.ts'
import type { AwsOffer } from '../offer.ts'
import type { openCatalog } from './catalog.ts'
import { awsPlanner, onAws } from './planner.ts'

/**
 * The first agreement under the offer: AWS has no accepted state of an offer. What a reseller sells is its agreement, for which the
 * manufacturer cannot ask: only an event tells of it.
 */
const acceptance = async (client: MarketplaceAgreementClient, offer: AwsOffer): Promise<Acceptance | undefined> => {
  const { externalId, authorises } = offer
  if (!externalId || authorises) return undefined
  let first: Acceptance | undefined
  for await (const { agreementId, acceptanceTime, status } of searchAgreements(client, 'OfferId', externalId)) {
    const at = acceptanceTime?.toISOString()
    // What was rolled back never came about.
    if (agreementId && at && status !== 'ROLLED_BACK' && (!first || at < first.at)) first = { agreementId, at }
  }
  return first
}

// Quotas of the Catalog API, a seller account (developer guide, "Service quotas"): offers that are created or changed at a time, and
// StartChangeSet a second.
const OFFERS_AT_ONCE = 20
const STARTS_PER_SECOND = 5

/** AWS Marketplace behind the port. Most messages are of agreements: the Catalog API's client is loaded when it is first asked. */
export const awsMarketplace = ({ startsPerSecond = STARTS_PER_SECOND } = {}): Marketplace => {
  const agreements = new MarketplaceAgreementClient({ region: MARKETPLACE_REGION })
  let opened: ReturnType<typeof openCatalog> | undefined
  const catalog = async () => {
    opened ??= (await import('./catalog.ts')).openCatalog(startsPerSecond)
    return opened
  }
  return {
    ...awsPlanner,
    send: async (offer) => (await catalog()).send(offer),
    recover: async (offer) => (await catalog()).recover(offer),
    recoverySeconds: 0,
    atOnce: OFFERS_AT_ONCE,
    observe: async (offer) => (await catalog()).observe(offer),
    acceptance: (offer) => acceptance(agreements, onAws(offer)),
  }
}
