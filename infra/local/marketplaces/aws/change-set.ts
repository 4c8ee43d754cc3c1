import type { Agreement } from './agreements.ts'
import { type Authorization, changedAuthorization, newAuthorization, resoldTerms } from './authorization.ts'
import { authorizationErrors } from './authorization-rules.ts'
import { isCreation } from './details.ts'
import { dimensionErrors, withDimensions } from './dimensions.ts'
import { arn, seconds } from './events.ts'
import { changed, isPricing, newOffer, type Offer } from './offer.ts'
import type { Product } from './products.ts'
import {
  type AuthorizationChange,
  type Change,
  isOfAuthorization,
  isOfOffer,
  isOfProduct,
  type OfferChange,
  type ProductChange,
} from './request.ts'
import type { ErrorDetail, Grounds } from './rule.ts'
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
  agreements: Map<string, Agreement>
  authorizations: Map<string, Authorization>
  newId: (length: number) => string
  at: string
}

// The order in which changes are sent does not matter.
const turn = ({ type }: Change) => (isCreation(type) ? 0 : 1)

/** A replacement is for the product and the buyer of the agreement that it replaces. */
const placed = (offer: Offer, old: Agreement | undefined): Offer => {
  if (!old) return offer
  return { ...offer, productId: old.productId, targeting: { PositiveTargeting: { BuyerAccounts: [old.buyerAccountId] } } }
}

/** What is resold is the product of the authorisation, with a markup for its prices; a release ends their following. */
const resold = (offer: Offer, before: Offer | undefined, authorization: Authorization | undefined): Offer => {
  if (!authorization || before?.state === 'Released') return offer
  const { productId, pricingModel } = authorization
  const made = { ...offer, productId, ...(!offer.pricingModel && pricingModel && { pricingModel }) }
  if (offer.markup === undefined) return made
  const kept = offer.terms.filter((term) => !isPricing(term) && term.Type !== 'PaymentScheduleTerm')
  return { ...made, terms: [...kept, ...resoldTerms(authorization, offer.markup)] }
}

const groundsOf = ({ id, resaleAuthorizationId }: Offer, { authorizations, offers }: Surroundings): Grounds | undefined => {
  const authorization = authorizations.get(resaleAuthorizationId ?? '')
  if (!authorization) return undefined
  const others = [...offers.values()].filter((each) => each.resaleAuthorizationId === authorization.id && each.id !== id)
  return { authorization, isUsedUp: others.length >= (authorization.offersMaxQuantity ?? Number.POSITIVE_INFINITY) }
}

const applied = (changes: OfferChange[], before: Offer | undefined, around: Surroundings): Offer => {
  const { agreements, authorizations, newId, at } = around
  const start = before ?? newOffer(`offer-${newId(13)}`, at)
  const offer = changes.toSorted((a, b) => turn(a) - turn(b)).reduce((each, change) => changed(each, change, at), start)
  const made = resold(
    placed(offer, agreements.get(offer.replaces ?? '')),
    before,
    authorizations.get(offer.resaleAuthorizationId ?? ''),
  )
  return { ...made, revision: start.revision + 1, lastModifiedDate: at }
}

const concludeOffer = (changes: OfferChange[], around: Surroundings) => {
  const before = around.offers.get(changes[0]?.entity ?? '')
  const offer = applied(changes, before, around)
  const product = around.products.get(offer.productId)
  const replaced = around.agreements.get(offer.replaces ?? '')
  const types = changes.map(({ type }) => type)
  const errors = errorsOf({ types, before, offer, product, replaced, grounds: groundsOf(offer, around), at: around.at })
  const isReleased = offer.state === 'Released' && before?.state !== 'Released'
  return { entity: changes[0]?.entity, id: offer.id, offer, errors, isReleased }
}

const concludeAuthorization = (changes: AuthorizationChange[], { authorizations, products, newId, at }: Surroundings) => {
  const entity = changes[0]?.entity
  const before = authorizations.get(entity ?? '')
  const start = before ?? newAuthorization(`resaleauthz-${newId(13)}`, at)
  const made = changes.toSorted((a, b) => turn(a) - turn(b)).reduce(changedAuthorization, start)
  const authorization = { ...made, revision: start.revision + 1, lastModifiedDate: at }
  const types = changes.map(({ type }) => type)
  const errors = authorizationErrors({ types, before, authorization, product: products.get(made.productId), at })
  return { entity, id: made.id, authorization, errors }
}

const concludeProduct = (change: ProductChange, { products }: Surroundings) => {
  const product = products.get(change.entity)
  const errors = product ? dimensionErrors(product, change.fields) : []
  return { product, errors: errors.map((error) => ({ type: change.type, error })), entity: change.entity, id: change.entity }
}

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
  const results = [...offers, ...authorizations, ...ofProducts.map((change) => concludeProduct(change, around))]
  const isFailed = results.some(({ errors }) => errors.length > 0)
  const changes = changeSet.changes.map((change) => marked(change, results, isFailed))
  const ended = isFailed
    ? ({ status: 'FAILED', at: around.at, failure: 'CLIENT_ERROR' } as const)
    : ({ status: 'SUCCEEDED', at: around.at } as const)
  const changed = isFailed ? [] : ofProducts.flatMap(({ entity }) => products.get(entity) ?? [])
  const made = isFailed ? { offers: [], authorizations: [] } : { offers, authorizations }
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
