import { concludeAuthorization, concludeOffer, concludeOfferSet, concludeProduct, type Surroundings } from './conclusions.ts'
import { withDimensions } from './dimensions.ts'
import { arn, seconds } from './events.ts'
import type { Product } from './products.ts'
import { type Change, isOfAuthorization, isOfOffer, isOfOfferSet, isOfProduct, type ProductChange } from './request.ts'
import type { ErrorDetail } from './rule.ts'

type Ended = 'SUCCEEDED' | 'FAILED' | 'CANCELLED'

export type ChangeSet = {
  id: string
  name: string
  startTime: string
  changes: Change[]
  ended?: { status: Ended; at: string; failure?: 'CLIENT_ERROR' | 'SERVER_FAULT' }
}

const PREPARING_SECONDS = 60
const RUNNING_SECONDS = 180
const KEPT_DAYS = 90

const secondsBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 1000

/** The state at an instant: only the end is written down, the way there follows from the clock. */
export const statusOf = ({ ended, startTime }: ChangeSet, now: string) =>
  ended?.status ?? (secondsBetween(startTime, now) < PREPARING_SECONDS ? 'PREPARING' : 'APPLYING')

/** The instant when an open change set takes effect. */
export const dueTime = ({ startTime }: ChangeSet) => new Date(Date.parse(startTime) + RUNNING_SECONDS * 1000).toISOString()

/** Change sets can be asked for until 90 days after their end. */
export const isKept = ({ ended }: ChangeSet, now: string) => !ended || secondsBetween(ended.at, now) < KEPT_DAYS * 86_400

/** The entities that it works on: ids, and `$name` for those still to be created. */
export const entitiesOf = ({ changes }: { changes: Change[] }) => [...new Set(changes.map(({ entity }) => entity))]

type Result = { entity: string | undefined; id: string; errors: { type: Change['type']; error: ErrorDetail }[] }

const marked = (change: Change, results: Result[], isFailed: boolean): Change => {
  const result = results.find(({ entity }) => entity === change.entity)
  if (!isFailed && result) return { ...change, identifier: result.id, entity: result.id }
  return { ...change, errors: result?.errors.filter(({ type }) => type === change.type).map(({ error }) => error) ?? [] }
}

const byEntity = <C extends Change>(changes: C[]): C[][] => [...Map.groupBy(changes, ({ entity }) => entity).values()]

/** The products with the dimensions that the change set adds; its offers may price them at once. */
const grown = (changes: ProductChange[], products: Map<string, Product>) => {
  const all = new Map(products)
  for (const { entity, fields } of changes) {
    const product = all.get(entity)
    if (product) all.set(entity, withDimensions(product, fields))
  }
  return all
}

/** What becomes of a change set: all of its changes take effect, or none. */
export const conclude = (changeSet: ChangeSet, around: Surroundings) => {
  const ofProducts = changeSet.changes.filter(isOfProduct)
  const products = grown(ofProducts, around.products)
  const offers = byEntity(changeSet.changes.filter(isOfOffer)).map((each) => concludeOffer(each, { ...around, products }))
  const given = byEntity(changeSet.changes.filter(isOfAuthorization))
  const authorizations = given.map((each) => concludeAuthorization(each, { ...around, products }))
  const sets = byEntity(changeSet.changes.filter(isOfOfferSet)).map((each) => concludeOfferSet(each, around))
  const results = [...offers, ...authorizations, ...sets, ...ofProducts.map((change) => concludeProduct(change, around))]
  const isFailed = results.some(({ errors }) => errors.length > 0)
  const changes = changeSet.changes.map((change) => marked(change, results, isFailed))
  const ended = isFailed
    ? ({ status: 'FAILED', at: around.at, failure: 'CLIENT_ERROR' } as const)
    : ({ status: 'SUCCEEDED', at: around.at } as const)
  const changed = isFailed ? [] : ofProducts.flatMap(({ entity }) => products.get(entity) ?? [])
  const made = isFailed ? { offers: [], authorizations: [], sets: [] } : { offers, authorizations, sets }
  return { changeSet: { ...changeSet, changes, ended }, ...made, products: changed }
}

const detailsOf = ({ of, type, name, identifier, fields, errors }: Change) => ({
  ChangeType: type,
  ...(name && { ChangeName: name }),
  Entity: { Type: of, ...(identifier && { Identifier: identifier }) },
  Details: JSON.stringify(fields),
  DetailsDocument: fields,
  ErrorDetailList: errors,
})

/** The change set as a row of ListChangeSets. */
export const changeSetSummary = (changeSet: ChangeSet, now: string) => ({
  ChangeSetId: changeSet.id,
  ChangeSetArn: arn('ChangeSet', changeSet.id),
  ChangeSetName: changeSet.name,
  StartTime: seconds(changeSet.startTime),
  ...(changeSet.ended && { EndTime: seconds(changeSet.ended.at) }),
  Status: statusOf(changeSet, now),
  EntityIdList: entitiesOf(changeSet).filter((entity) => !entity.startsWith('$')),
  ...(changeSet.ended?.failure && { FailureCode: changeSet.ended.failure }),
})

/** The change set as DescribeChangeSet tells it. */
export const changeSetDescription = (changeSet: ChangeSet, now: string) => {
  const { EntityIdList: _, ...summary } = changeSetSummary(changeSet, now)
  return {
    ...summary,
    Intent: 'APPLY',
    ...(changeSet.ended?.failure === 'SERVER_FAULT' && { FailureDescription: 'an internal failure: retry with a new token' }),
    ChangeSet: changeSet.changes.map(detailsOf),
  }
}
