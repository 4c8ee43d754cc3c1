import {
  type ChangeSummary,
  type DescribeChangeSetResponse,
  MarketplaceCatalogClient,
  ValidationException,
} from '@aws-sdk/client-marketplace-catalog'
import { MARKETPLACE_REGION } from '../../agreements/aws/calls.ts'
import { isCode, unavailable } from '../../core/errors.ts'
import { describeChangeSet, findChangeSet, startChangeSet } from '../../offers/aws/change-sets.ts'
import type { Outcome, SetMarketplace } from '../marketplace.ts'
import type { OfferSet, Submission } from '../offer-set.ts'
import { BROKE_DOWN, CANCELLED, GONE, problemsOfChanges, problemsOfFields } from './failures.ts'
import { changeSetName, requestOf } from './plan.ts'

const submissionOf = ({ id, submission }: OfferSet): Submission => {
  if (!submission) throw new TypeError(`offer set ${id} was never sent`)
  return submission
}

const send = async (client: MarketplaceCatalogClient, set: OfferSet) => {
  try {
    return { jobId: await startChangeSet(client, requestOf(set)) }
  } catch (error) {
    if (error instanceof ValidationException)
      return { refused: problemsOfFields(error.ValidationExceptionFieldList, error.Message ?? error.message) }
    if (isCode(error, 'not_found')) return { refused: [GONE] }
    throw error
  }
}

const recover = async (client: MarketplaceCatalogClient, set: OfferSet) => {
  const jobId = await findChangeSet(client, changeSetName(set.id, submissionOf(set)))
  return jobId === undefined ? undefined : { jobId }
}

/** The set's id without its revision. */
const idIn = (changes: ChangeSummary[] = []) =>
  changes.map(({ Entity }) => Entity?.Identifier?.split('@')[0]).find((id) => id && !id.startsWith('$'))

const succeeded = (set: OfferSet, { EndTime, ChangeSet }: DescribeChangeSetResponse): Outcome => {
  const externalId = idIn(ChangeSet)
  if (!externalId) throw unavailable(`the change set of ${set.id} succeeded but does not name the set yet: ask again later`)
  return { state: 'succeeded', externalId, at: new Date(EndTime ?? submissionOf(set).startedAt).toISOString() }
}

const outcomeOf = (set: OfferSet, answer: DescribeChangeSetResponse): Outcome => {
  const { Status, FailureCode, FailureDescription, ChangeSet } = answer
  if (Status === 'SUCCEEDED') return succeeded(set, answer)
  if (Status === 'CANCELLED') return { state: 'failed', retry: false, problems: [CANCELLED] }
  if (Status !== 'FAILED') return { state: 'running' }
  return FailureCode === 'SERVER_FAULT'
    ? { state: 'failed', retry: true, problems: [BROKE_DOWN] }
    : { state: 'failed', retry: false, problems: problemsOfChanges(ChangeSet, FailureDescription) }
}

const observe = async (client: MarketplaceCatalogClient, set: OfferSet): Promise<Outcome> => {
  const { jobId } = submissionOf(set)
  if (!jobId) throw new TypeError(`the change set of offer set ${set.id} is not known: recover it first`)
  return outcomeOf(set, await describeChangeSet(client, jobId))
}

/** What is said by the Catalog API. */
export const openCatalog = (): SetMarketplace => {
  const client = new MarketplaceCatalogClient({ region: MARKETPLACE_REGION })
  return {
    send: (set) => send(client, set),
    recover: (set) => recover(client, set),
    observe: (set) => observe(client, set),
  }
}
