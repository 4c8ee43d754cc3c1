import * as z from 'zod'
import type { World } from '../stand-in.ts'
import { AUTHORIZATIONS, type Authorization, authorizationEntity, authorizationSummary } from './authorization.ts'
import { apiError, type Operation } from './endpoint.ts'
import { arn, seconds } from './events.ts'
import { type Listing, listed, oneOf, Range, Text, Values, WildCard } from './listing.ts'
import { OFFERS, type Offer, offerDocument, offerSummary } from './offer.ts'
import { PRODUCTS, type Product, SELLER } from './products.ts'
import { read } from './request.ts'

const OFFER_LISTING: Listing = {
  filters: {
    ...{ EntityId: Values, Name: Text, ProductId: Values, BuyerAccounts: WildCard, Targeting: Values },
    ...{ ReleaseDate: Range, AvailabilityEndDate: Range, LastModifiedDate: Range, State: oneOf('Draft', 'Released') },
  },
  sorts: [
    ...['EntityId', 'Name', 'ProductId', 'ReleaseDate', 'AvailabilityEndDate'],
    ...['BuyerAccounts', 'State', 'Targeting', 'LastModifiedDate'],
  ],
  summary: 'OfferSummary',
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

/** ListEntities for offers and resale authorisations; the stand-in lists nothing else. */
export const listEntities = async (world: World, input: unknown) => {
  const { EntityType } = read(z.object({ Catalog: z.literal('AWSMarketplace'), EntityType: z.string().min(1) }), input)
  if (EntityType === 'ResaleAuthorization') return listAuthorizations(world, input)
  if (EntityType !== 'Offer') throw apiError('ResourceNotSupportedException', `entities of type ${EntityType} are not listed`)
  return listed('Offer', OFFER_LISTING, (await world.shelf.list<Offer>(OFFERS)).map(rowOf), input)
}

const offerEntity = (offer: Offer) => ({ type: 'Offer@1.0', arn: arn('Offer', offer.id), document: offerDocument(offer) })

/** DescribeEntity for an offer or a resale authorisation, with or without a revision in its id. */
export const describeEntity: Operation = async (world, input) => {
  const { entityId } = read(z.object({ catalog: z.literal('AWSMarketplace'), entityId: z.string().min(1) }), input)
  const id = entityId.replace(/@\d+$/, '')
  const offer = await world.shelf.get<Offer>(OFFERS, id)
  const authorization = await world.shelf.get<Authorization>(AUTHORIZATIONS, id)
  const entity = authorization && isVisible(authorization) ? authorizationEntity(authorization) : offer && offerEntity(offer)
  const kept = authorization ?? offer
  if (!entity || !kept) throw apiError('ResourceNotFoundException', `${entityId} does not exist`)
  return {
    EntityType: entity.type,
    EntityIdentifier: `${kept.id}@${kept.revision}`,
    EntityArn: entity.arn,
    LastModifiedDate: seconds(kept.lastModifiedDate),
    Details: JSON.stringify(entity.document),
    DetailsDocument: entity.document,
  }
}
