import {
  type ChangeSummary,
  DescribeChangeSetCommand,
  type DescribeChangeSetResponse,
  MarketplaceCatalogClient,
  paginateListChangeSets,
  StartChangeSetCommand,
  ValidationException,
} from '@aws-sdk/client-marketplace-catalog'
import { ask, askAll, MARKETPLACE_REGION } from '../../agreements/aws/calls.ts'
import { isCode, unavailable } from '../../core/errors.ts'
import { pace } from '../../runtime/pace.ts'
import type { Marketplace, Outcome } from '../marketplace.ts'
import type { AwsOffer, Offer, Problem, Submission } from '../offer.ts'
import { BROKE_DOWN, CANCELLED, notThere, problemsOfChanges, problemsOfFields } from './failures.ts'
import { changeSetName, requestOf } from './plan.ts'
import { onAws } from './planner.ts'

const CATALOG = 'AWSMarketplace'

const submissionOf = ({ id, submission }: Offer): Submission => {
  if (!submission) throw new TypeError(`offer ${id} was never sent`)
  return submission
}

/** What a refusal for good says; undefined: the error may pass. */
const refusalOf = (error: unknown, offer: Offer): Problem[] | undefined => {
  if (error instanceof ValidationException)
    return problemsOfFields(error.ValidationExceptionFieldList, error.Message ?? error.message)
  return isCode(error, 'not_found') ? [notThere(onAws(offer), error.message)] : undefined
}

type Turn = () => Promise<void>

const send = async (client: MarketplaceCatalogClient, turn: Turn, offer: Offer) => {
  const request = requestOf(onAws(offer), submissionOf(offer).startedAt.slice(0, 10))
  await turn()
  try {
    const { ChangeSetId } = await ask('StartChangeSet', () => client.send(new StartChangeSetCommand(request)))
    if (!ChangeSetId) throw unavailable('AWS Marketplace took the change set but did not name it: look for it later')
    return { jobId: ChangeSetId }
  } catch (error) {
    const refused = refusalOf(error, offer)
    if (!refused) throw error
    return { refused }
  }
}

const recover = async (client: MarketplaceCatalogClient, offer: Offer) => {
  const name = changeSetName(offer.id, submissionOf(offer))
  const filters = [{ Name: 'ChangeSetName', ValueList: [name] }]
  const pages = paginateListChangeSets({ client, pageSize: 20 }, { Catalog: CATALOG, FilterList: filters })
  for await (const { ChangeSetName, ChangeSetId } of askAll('ListChangeSets', pages, (page) => page.ChangeSetSummaryList))
    if (ChangeSetName === name && ChangeSetId) return { jobId: ChangeSetId }
  return undefined
}

const isProduct = ({ Entity }: ChangeSummary) => Entity?.Type?.startsWith('SaaSProduct') === true

/** The offer's or authorisation's id without its revision; every change of ours is of this one, or of its product. */
const offerIdIn = (changes: ChangeSummary[] = []) =>
  changes
    .filter((change) => !isProduct(change))
    .map(({ Entity }) => Entity?.Identifier?.split('@')[0])
    .find((id) => id && !id.startsWith('$'))

// Where a buyer who is signed in to a named account finds the offer.
const linkTo = (productId: string, offerId: string) =>
  `https://aws.amazon.com/marketplace/saas/ordering?${new URLSearchParams({ productId, offerId })}`

const succeeded = (offer: AwsOffer, { EndTime, ChangeSet }: DescribeChangeSetResponse): Outcome => {
  const externalId = offerIdIn(ChangeSet)
  if (!externalId)
    throw unavailable(`the change set of offer ${offer.id} succeeded but does not name the offer yet: ask again later`)
  const at = new Date(EndTime ?? submissionOf(offer).startedAt).toISOString()
  if (offer.authorises) return { state: 'succeeded', externalId, at }
  return { state: 'succeeded', externalId, acceptanceLink: linkTo(offer.productId, externalId), at }
}

const failed = (offer: AwsOffer, { FailureCode, FailureDescription, ChangeSet }: DescribeChangeSetResponse): Outcome =>
  FailureCode === 'SERVER_FAULT'
    ? { state: 'failed', retry: true, problems: [BROKE_DOWN] }
    : { state: 'failed', retry: false, problems: problemsOfChanges(offer, ChangeSet, FailureDescription) }

/** What a change set's state means for the offer that it was sent for. */
export const outcomeOf = (offer: AwsOffer, answer: DescribeChangeSetResponse): Outcome => {
  if (answer.Status === 'SUCCEEDED') return succeeded(offer, answer)
  if (answer.Status === 'FAILED') return failed(offer, answer)
  if (answer.Status === 'CANCELLED') return { state: 'failed', retry: false, problems: [CANCELLED] }
  return { state: 'running' }
}

const observe = async (client: MarketplaceCatalogClient, offer: Offer): Promise<Outcome> => {
  const { jobId } = submissionOf(offer)
  if (!jobId) throw new TypeError(`the change set of offer ${offer.id} is not known: recover it first`)
  const command = new DescribeChangeSetCommand({ Catalog: CATALOG, ChangeSetId: jobId })
  return outcomeOf(onAws(offer), await ask('DescribeChangeSet', () => client.send(command)))
}

/**
 * What is said by the Catalog API. Its client retries by itself; the token makes that harmless for StartChangeSet too, of which so many
 * begin a second.
 */
export const openCatalog = (startsPerSecond: number): Pick<Marketplace, 'send' | 'recover' | 'observe'> => {
  const turn = pace(startsPerSecond)
  const client = new MarketplaceCatalogClient({ region: MARKETPLACE_REGION })
  return {
    send: (offer) => send(client, turn, offer),
    recover: (offer) => recover(client, offer),
    observe: (offer) => observe(client, offer),
  }
}
