import * as z from 'zod'
import type { World } from '../stand-in.ts'
import { AUTHORIZATIONS, type Authorization, authorizationEntity, authorizationSummary } from './authorization.ts'
import { apiError, type Operation } from './endpoint.ts'
import { arn, seconds } from './events.ts'
import { type Listing, listed, oneOf, Range, Text, Values, WildCard } from './listing.ts'
import { OFFERS, type Offer, offerDocument, offerSummary } from './offer.ts'
import { OFFER_SETS, type OfferSet, offerSetEntity, offerSetSummary } from './offer-set.ts'
import { PRODUCTS, type Product, SELLER } from './products.ts'
import { read } from './request.ts'

const OFFER_LISTING: Listing = {
  filters: {
    ...{ EntityId: Values, Name: Text, ProductId: Values, BuyerAccounts: WildCard, Targeting: Values },
    ...{ ReleaseDate: Range, AvailabilityEndDate: Range, LastModifiedDate: Range, State: oneOf('Draft', 'Released') },
    OfferSetId: Values,
  },
  sorts: [
    ...['EntityId', 'Name', 'ProductId', 'OfferSetId', 'ReleaseDate', 'AvailabilityEndDate'],
    ...['BuyerAccounts', 'State', 'Targeting', 'LastModifiedDate'],
  ],
  summary: 'OfferSummary',
}

const OFFER_SET_LISTING: Listing = {
  filters: {
    ...{ EntityId: Values, Name: Text, AssociatedOfferIds: Values, State: oneOf('Draft', 'Released') },
    ...{ ReleaseDate: Range, LastModifiedDate: Range },
  },
  sorts: ['EntityId', 'Name', 'State', 'ReleaseDate', 'LastModifiedDate'],
  summary: 'OfferSetSummary',
}

const AUTHORIZATION_LISTING: Listing = {
  filters: {
    ...{ EntityId: Values, Name: Text, ProductId: Text, ProductName: Text, ManufacturerAccountId: Text },
    ...{ ManufacturerLegalName: Text, ResellerAccountID: Text, ResellerLegalName: Text, ResellerRole: Values },
    ...{ CreatedDate: Range, AvailabilityEndDate: Range, LastModifiedDate: Range },
    Status: oneOf('Draft', 'Active', 'Restricted'),
  },
  sorts: [
    ...['EntityId', 'Name', 'ProductId', 'ProductName', 'ManufacturerAccountId', 'ManufacturerLegalName'],
    ...['ResellerAccountID', 'ResellerLegalName', 'Status', 'CreatedDate', 'AvailabilityEndDate', 'LastModifiedDate'],
  ],
  summary: 'ResaleAuthorizationSummary',
}

const rowOf = (offer: Offer) => ({
  Name: offer.name,
  EntityType: 'Offer',
  EntityId: offer.id,
  EntityArn: arn('Offer', offer.id),
  LastModifiedDate: seconds(offer.lastModifiedDate),
  OfferSummary: offerSummary(offer),
})

const offerSetRow = (set: OfferSet) => ({
  Name: set.name,
  EntityType: 'OfferSet',
  EntityId: set.id,
  EntityArn: arn('OfferSet', set.id),
  LastModifiedDate: seconds(set.lastModifiedDate),
  OfferSetSummary: offerSetSummary(set),
})

const authorizationRow = (authorization: Authorization, products: Product[]) => ({
  Name: authorization.name,
  EntityType: 'ResaleAuthorization',
  EntityId: authorization.id,
  EntityArn: authorizationEntity(authorization).arn,
  LastModifiedDate: seconds(authorization.lastModifiedDate),
  ResaleAuthorizationSummary: authorizationSummary(
    authorization,
    products.find(({ id }) => id === authorization.productId),
  ),
})

/** The caller sees what it gave, and what it received once that is released. */
const isVisible = ({ manufacturer, resellerAccountId, state }: Authorization) =>
  manufacturer.accountId === SELLER.accountId || (resellerAccountId === SELLER.accountId && state !== 'Draft')

const listAuthorizations = async ({ shelf }: World, input: unknown) => {
  const products = await shelf.list<Product>(PRODUCTS)
  const visible = (await shelf.list<Authorization>(AUTHORIZATIONS)).filter(isVisible)
  const rows = visible.map((each) => authorizationRow(each, products))
  return listed('ResaleAuthorization', AUTHORIZATION_LISTING, rows, input)
}

/** ListEntities for offers, their sets and resale authorisations; the stand-in lists nothing else. */
export const listEntities = async (world: World, input: unknown) => {
  const { EntityType } = read(z.object({ Catalog: z.literal('AWSMarketplace'), EntityType: z.string().min(1) }), input)
  if (EntityType === 'ResaleAuthorization') return listAuthorizations(world, input)
  if (EntityType === 'OfferSet')
    return listed('OfferSet', OFFER_SET_LISTING, (await world.shelf.list<OfferSet>(OFFER_SETS)).map(offerSetRow), input)
  if (EntityType !== 'Offer') throw apiError('ResourceNotSupportedException', `entities of type ${EntityType} are not listed`)
  return listed('Offer', OFFER_LISTING, (await world.shelf.list<Offer>(OFFERS)).map(rowOf), input)
}

const offerEntity = (offer: Offer) => ({ type: 'Offer@1.0', arn: arn('Offer', offer.id), document: offerDocument(offer) })

/** The entity of an id that the caller may see, with what all entities have. */
const found = async ({ shelf }: World, id: string) => {
  const offer = await shelf.get<Offer>(OFFERS, id)
  if (offer) return { kept: offer, ...offerEntity(offer) }
  const set = await shelf.get<OfferSet>(OFFER_SETS, id)
  if (set) return { kept: set, ...offerSetEntity(set) }
  const authorization = await shelf.get<Authorization>(AUTHORIZATIONS, id)
  return authorization && isVisible(authorization) ? { kept: authorization, ...authorizationEntity(authorization) } : undefined
}

/** DescribeEntity for an offer, an offer set or a resale authorisation, with or without a revision in its id. */
export const describeEntity: Operation = async (world, input) => {
  const { entityId } = read(z.object({ catalog: z.literal('AWSMarketplace'), entityId: z.string().min(1) }), input)
  const entity = await found(world, entityId.replace(/@\d+$/, ''))
  if (!entity) throw apiError('ResourceNotFoundException', `${entityId} does not exist`)
  const { kept, type, document } = entity
  return {
    EntityType: type,
    EntityIdentifier: `${kept.id}@${kept.revision}`,
    EntityArn: entity.arn,
    LastModifiedDate: seconds(kept.lastModifiedDate),
    Details: JSON.stringify(document),
    DetailsDocument: document,
  }
}
