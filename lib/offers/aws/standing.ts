import { DescribeEntityCommand, type MarketplaceCatalogClient } from '@aws-sdk/client-marketplace-catalog'
import { ask } from '../../agreements/aws/calls.ts'
import * as z from '../../core/schema.ts'
import type { AwsOffer, Problem } from '../offer.ts'
import { changedElsewhere } from './failures.ts'

const Rule = z.object({ Type: z.string(), AvailabilityEndDate: z.optional(z.string()) })
const Document = z.catch(z.object({ Rules: z.array(Rule) }), { Rules: [] })

const described = async (client: MarketplaceCatalogClient, EntityId: string) => {
  const command = new DescribeEntityCommand({ Catalog: 'AWSMarketplace', EntityId })
  const { EntityIdentifier = EntityId, DetailsDocument } = await ask('DescribeEntity', () => client.send(command))
  const rule = Document.parse(DetailsDocument).Rules.find(({ Type }) => Type === 'AvailabilityRule')
  return { identifier: EntityIdentifier, until: rule?.AvailabilityEndDate?.slice(0, 10) }
}

/**
 * The offer's id with the revision that its last day may be changed in, so that a change which comes between is not overwritten. Where
 * somebody has set another last day at AWS before, perhaps to withdraw the offer there, that is a problem.
 */
export const revisionToExtend = async (
  client: MarketplaceCatalogClient,
  offer: AwsOffer,
): Promise<{ identifier: string } | { refused: Problem[] }> => {
  const { identifier, until } = await described(client, offer.externalId ?? '')
  const isKnown = until === undefined || until === offer.expiresOn || until === offer.extension?.expiresOn
  return isKnown ? { identifier } : { refused: [changedElsewhere(offer, until)] }
}
