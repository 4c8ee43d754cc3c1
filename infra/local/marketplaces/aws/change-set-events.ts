import type { World } from '../stand-in.ts'
import type { ChangeSet } from './change-set.ts'
import { arn, type Envelope, envelope, seconds } from './events.ts'
import { buyersOf, type Offer } from './offer.ts'
import type { OfferSet } from './offer-set.ts'
import { type Product, SELLER } from './products.ts'

const SOURCE = 'aws.marketplacecatalog'
const TYPES = { SUCCEEDED: 'Change Set Succeeded', FAILED: 'Change Set Failed', CANCELLED: 'Change Set Cancelled' }

/** Tells that a change set ended; neither why it failed nor what it touched. */
export const changeSetEnded = (world: World, { id, name, startTime, ended }: ChangeSet): Envelope[] =>
  ended
    ? [
        envelope(world, ended.at, {
          source: SOURCE,
          'detail-type': TYPES[ended.status],
          resources: [arn('ChangeSet', id)],
          detail: {
            Catalog: 'AWSMarketplace',
            ChangeSetId: id,
            ChangeSetName: name,
            StartTime: seconds(startTime),
            EndTime: seconds(ended.at),
            ...(ended.failure && { FailureCode: ended.failure }),
          },
        }),
      ]
    : []

// In the detail offers and sets have another ARN than in the API.
const detailArn = (kind: 'Offer' | 'OfferSet', id: string, accountId = SELLER.accountId) =>
  `arn:aws:catalog:us-east-1:${accountId}:${kind}/${id}`

/** Tells that a set of offers can be accepted. */
export const offerSetReleased = (world: World, { id, name, lastModifiedDate }: OfferSet, offers: Offer[]): Envelope =>
  envelope(world, lastModifiedDate, {
    source: SOURCE,
    'detail-type': 'OfferSet Released',
    resources: [arn('OfferSet', id)],
    detail: {
      catalog: 'AWSMarketplace',
      offerSet: { id, arn: detailArn('OfferSet', id), name },
      associatedOffers: offers.map((offer) => ({
        offer: { id: offer.id, arn: detailArn('Offer', offer.id), name: offer.name },
      })),
    },
  })

type Party = typeof SELLER
type Released = Pick<Offer, 'id' | 'name' | 'productId' | 'lastModifiedDate' | 'availabilityEndDate' | 'targeting'>

/**
 * Tells that an offer can be accepted. Of an offer that is resold, both the manufacturer and the seller of record hear; the one that
 * is not named is the caller.
 */
export const offerReleased = (
  world: World,
  offer: Released,
  product: Product | undefined,
  { manufacturer = SELLER, seller = SELLER }: { manufacturer?: Party | undefined; seller?: Party } = {},
): Envelope =>
  envelope(world, offer.lastModifiedDate, {
    source: SOURCE,
    'detail-type': 'Offer Released',
    resources: [arn('Offer', offer.id, seller.accountId)],
    detail: {
      catalog: 'AWSMarketplace',
      offer: {
        id: offer.id,
        arn: detailArn('Offer', offer.id, seller.accountId),
        name: offer.name,
        expirationDate: `${offer.availabilityEndDate}T00:00:00Z`,
      },
      product: { id: offer.productId, arn: arn('SaaSProduct', offer.productId, manufacturer.accountId), title: product?.title },
      manufacturer,
      sellerOfRecord: seller,
      targetedBuyerAccountIds: buyersOf(offer),
    },
  })
