import type { Change } from '@aws-sdk/client-marketplace-catalog'
import { DEFAULT_PRODUCT, SECOND_PRODUCT } from '../../infra/local/marketplaces/aws/products.ts'
import { but, type Changes, type Marketplace, SCHEDULED } from './aws-marketplace.ts'

const Type = 'OfferSet@1.0'

/** Changes of a set that exists, or of the one that the first of them creates. */
export const ofOfferSet = (changes: Changes, identifier = '$Set.Entity.Identifier'): Change[] =>
  Object.entries(changes).map(([ChangeType, details]) => {
    const creates = ChangeType === 'CreateOfferSet'
    return {
      ChangeType,
      ...(creates && { ChangeName: 'Set' }),
      Entity: { Type, ...(!creates && { Identifier: identifier }) },
      DetailsDocument: details as NonNullable<Change['DetailsDocument']>,
    }
  })

export const CREATED: Changes = { CreateOfferSet: { Name: 'Fabrikam bundle' }, UpdateInformation: { BuyerNotes: 'All you need' } }

/** What associates offers and releases their set. */
export const releasing = (...offerIds: string[]): Changes => ({
  AssociateOffers: { Offers: offerIds.map((OfferId) => ({ OfferId })) },
  ReleaseOfferSet: {},
})

export const newSet = async (market: Marketplace, changes: Changes = CREATED) => {
  const { ChangeSet } = await market.run(ofOfferSet(changes))
  return ChangeSet?.[0]?.Entity?.Identifier ?? ''
}

/** An offer that is made for a set, as `SCHEDULED` but for some changes. */
export const offerIn = (market: Marketplace, OfferSetId: string, ProductId = DEFAULT_PRODUCT.id, changes: Changes = {}) =>
  market.release(but(SCHEDULED, { CreateOffer: { ProductId, OfferSetId }, ...changes }))

export const releasedSet = async (market: Marketplace) => {
  const id = await newSet(market)
  const offerIds = [await offerIn(market, id), await offerIn(market, id, SECOND_PRODUCT.id)]
  const { Status } = await market.run(ofOfferSet(releasing(...offerIds), id))
  if (Status !== 'SUCCEEDED') throw new Error(`the set was not released: ${Status}`)
  return { id, offerIds }
}
