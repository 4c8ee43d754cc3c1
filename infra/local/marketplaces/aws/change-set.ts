import { arn, seconds } from './events.ts'
import { changed, newOffer, type Offer } from './offer.ts'
import type { Product } from './products.ts'
import type { Change } from './request.ts'
import { errorsOf } from './rules.ts'

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

type Surroundings = {
  offers: Map<string, Offer>
  products: Map<string, Product>
  newId: (length: number) => string
  at: string
}

// The order in which changes are sent does not matter.
const turn = ({ type }: Change) => (type === 'CreateOffer' ? 0 : 1)

const applied = (changes: Change[], before: Offer | undefined, { newId, at }: Surroundings): Offer => {
  const start = before ?? newOffer(`offer-${newId(13)}`, at)
  const offer = changes.toSorted((a, b) => turn(a) - turn(b)).reduce((each, change) => changed(each, change, at), start)
  return { ...offer, revision: start.revision + 1, lastModifiedDate: at }
}

const concludeEntity = (changes: Change[], around: Surroundings) => {
  const before = around.offers.get(changes[0]?.entity ?? '')
  const offer = applied(changes, before, around)
  const product = around.products.get(offer.productId)
  const errors = errorsOf({ types: changes.map(({ type }) => type), before, offer, product, at: around.at })
  const isReleased = offer.state === 'Released' && before?.state !== 'Released'
  return { entity: changes[0]?.entity, offer, errors, isReleased }
}

/** What becomes of a change set: all of its changes take effect, or none. */
export const conclude = (changeSet: ChangeSet, around: Surroundings) => {
  const groups = Map.groupBy(changeSet.changes, ({ entity }) => entity)
  const results = [...groups.values()].map((changes) => concludeEntity(changes, around))
  const isFailed = results.some(({ errors }) => errors.length > 0)
  const changes = changeSet.changes.map((change): Change => {
    const result = results.find(({ entity }) => entity === change.entity)
    if (!isFailed && result) return { ...change, identifier: result.offer.id, entity: result.offer.id }
    return { ...change, errors: result?.errors.filter(({ type }) => type === change.type).map(({ error }) => error) ?? [] }
  })
  const ended = isFailed
    ? ({ status: 'FAILED', at: around.at, failure: 'CLIENT_ERROR' } as const)
    : ({ status: 'SUCCEEDED', at: around.at } as const)
  return { changeSet: { ...changeSet, changes, ended }, results: isFailed ? [] : results }
}

const detailsOf = ({ type, name, identifier, fields, errors }: Change) => ({
  ChangeType: type,
  ...(name && { ChangeName: name }),
  Entity: { Type: 'Offer@1.0', ...(identifier && { Identifier: identifier }) },
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
