import type { Agreement } from './agreements.ts'
import { type Authorization, changedAuthorization, newAuthorization, resoldTerms } from './authorization.ts'
import { authorizationErrors } from './authorization-rules.ts'
import { isCreation } from './details.ts'
import { dimensionErrors } from './dimensions.ts'
import { changed, isPricing, newOffer, type Offer } from './offer.ts'
import { changedOfferSet, newOfferSet, type OfferSet } from './offer-set.ts'
import { offerSetErrors } from './offer-set-rules.ts'
import type { Product } from './products.ts'
import type { AuthorizationChange, Change, OfferChange, OfferSetChange, ProductChange } from './request.ts'
import type { Grounds } from './rule.ts'
import { errorsOf } from './rules.ts'

/** What is there when a change set takes effect. */
export type Surroundings = {
  offers: Map<string, Offer>
  products: Map<string, Product>
  agreements: Map<string, Agreement>
  authorizations: Map<string, Authorization>
  offerSets: Map<string, OfferSet>
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

/** An offer after its changes, and why it cannot take them. */
export const concludeOffer = (changes: OfferChange[], around: Surroundings) => {
  const before = around.offers.get(changes[0]?.entity ?? '')
  const offer = applied(changes, before, around)
  const product = around.products.get(offer.productId)
  const replaced = around.agreements.get(offer.replaces ?? '')
  const types = changes.map(({ type }) => type)
  const offerSet = around.offerSets.get(offer.offerSetId ?? '')
  const grounds = groundsOf(offer, around)
  const errors = errorsOf({ types, before, offer, product, replaced, grounds, offerSet, at: around.at })
  const isReleased = offer.state === 'Released' && before?.state !== 'Released'
  return { entity: changes[0]?.entity, id: offer.id, offer, errors, isReleased }
}

/** The same for a resale authorisation. */
export const concludeAuthorization = (changes: AuthorizationChange[], { authorizations, products, newId, at }: Surroundings) => {
  const entity = changes[0]?.entity
  const before = authorizations.get(entity ?? '')
  const start = before ?? newAuthorization(`resaleauthz-${newId(13)}`, at)
  const made = changes.toSorted((a, b) => turn(a) - turn(b)).reduce(changedAuthorization, start)
  const authorization = { ...made, revision: start.revision + 1, lastModifiedDate: at }
  const types = changes.map(({ type }) => type)
  const errors = authorizationErrors({ types, before, authorization, product: products.get(made.productId), at })
  return { entity, id: made.id, authorization, errors }
}

/** The same for an offer set, whose offers are those of the time before the change set. */
export const concludeOfferSet = (changes: OfferSetChange[], { offerSets, offers, newId, at }: Surroundings) => {
  const entity = changes[0]?.entity
  const before = offerSets.get(entity ?? '')
  const start = before ?? newOfferSet(`offerset-${newId(13)}`, at)
  const made = changes.toSorted((a, b) => turn(a) - turn(b)).reduce((each, change) => changedOfferSet(each, change, at), start)
  const set = { ...made, revision: start.revision + 1, lastModifiedDate: at }
  const members = set.offerIds.flatMap((id) => offers.get(id) ?? [])
  const errors = offerSetErrors({ types: changes.map(({ type }) => type), before, set, offers: members, at })
  return { entity, id: set.id, set, errors, isReleased: set.state === 'Released' && before?.state !== 'Released' }
}

/** The same for a product. */
export const concludeProduct = (change: ProductChange, { products }: Surroundings) => {
  const product = products.get(change.entity)
  const errors = product ? dimensionErrors(product, change.fields) : []
  return { product, errors: errors.map((error) => ({ type: change.type, error })), entity: change.entity, id: change.entity }
}
