import {
  DescribeChangeSetCommand,
  type MarketplaceCatalogClient,
  paginateListChangeSets,
  StartChangeSetCommand,
  type StartChangeSetRequest,
} from '@aws-sdk/client-marketplace-catalog'
import { ask, askAll } from '../../agreements/aws/calls.ts'
import { unavailable } from '../../core/errors.ts'

const CATALOG = 'AWSMarketplace'

/** Starts a change set and gives its id; its token makes a repeat harmless. */
export const startChangeSet = async (client: MarketplaceCatalogClient, request: StartChangeSetRequest): Promise<string> => {
  const { ChangeSetId } = await ask('StartChangeSet', () => client.send(new StartChangeSetCommand(request)))
  if (!ChangeSetId) throw unavailable('AWS Marketplace took the change set but did not name it: look for it later')
  return ChangeSetId
}

/** The id of the change set with a name; undefined: there is none. */
export const findChangeSet = async (client: MarketplaceCatalogClient, name: string): Promise<string | undefined> => {
  const filters = [{ Name: 'ChangeSetName', ValueList: [name] }]
  const pages = paginateListChangeSets({ client, pageSize: 20 }, { Catalog: CATALOG, FilterList: filters })
  for await (const { ChangeSetName, ChangeSetId } of askAll('ListChangeSets', pages, (page) => page.ChangeSetSummaryList))
    if (ChangeSetName === name && ChangeSetId) return ChangeSetId
  return undefined
}

export const describeChangeSet = (client: MarketplaceCatalogClient, ChangeSetId: string) =>
  ask('DescribeChangeSet', () => client.send(new DescribeChangeSetCommand({ Catalog: CATALOG, ChangeSetId })))
