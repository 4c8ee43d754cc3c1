import { SearchAgreementsCommand } from '@aws-sdk/client-marketplace-agreement'
import {
  type ChangeSummary,
  DescribeEntityCommand,
  ListEntitiesCommand,
  ResourceNotFoundException,
  ServiceQuotaExceededException,
  ValidationException,
} from '@aws-sdk/client-marketplace-catalog'
import { describe, expect, it } from 'vitest'
import { acceptOffer } from '../../infra/local/marketplaces/aws/agreements.ts'
import { acceptOfferSet } from '../../infra/local/marketplaces/aws/offer-set-acceptance.ts'
import { SECOND_PRODUCT } from '../../infra/local/marketplaces/aws/products.ts'
import { BUYER, but, type Changes, changeSetOf, refusal, SCHEDULED } from '../support/aws-marketplace.ts'
import { CREATED, newSet, offerIn, ofOfferSet, releasedSet, releasing } from '../support/aws-offer-sets.ts'
import { market } from '../support/each-aws-marketplace.ts'

const Catalog = 'AWSMarketplace'

const errorsIn = (changes: ChangeSummary[] = []) =>
  changes.flatMap(({ ChangeType, ErrorDetailList = [] }) => ErrorDetailList.map(({ ErrorCode }) => `${ChangeType} ${ErrorCode}`))
const errorsOf = async (changes: Changes, id?: string) => errorsIn((await market.run(ofOfferSet(changes, id))).ChangeSet)
const described = async (EntityId: string) => {
  const { EntityType, DetailsDocument } = await market.catalog.send(new DescribeEntityCommand({ Catalog, EntityId }))
  return { EntityType, DetailsDocument }
}

describe('an offer set', () => {
  it('is made as a draft, before its offers', async () => {
    const id = await newSet(market)
    expect(id).toMatch(/^offerset-\w{13}$/)
    expect(await described(id)).toEqual({
      EntityType: 'OfferSet@1.0',
      DetailsDocument: {
        ...{ Id: id, Name: 'Fabrikam bundle', BuyerNotes: 'All you need', State: 'Draft', AssociatedOffers: [] },
      },
    })
  })

  it('is released with the offers that were made for it, and told of', async () => {
    const { id, offerIds } = await releasedSet(market)
    const { DetailsDocument } = await described(id)
    expect(DetailsDocument).toMatchObject({ State: 'Released', AssociatedOffers: offerIds.map((OfferId) => ({ OfferId })) })
    expect((await described(offerIds[0] ?? '')).DetailsDocument).toMatchObject({ OfferSetId: id })
    expect(market.events('OfferSet Released')).toMatchObject([
      {
        detail: {
          offerSet: { id, name: 'Fabrikam bundle' },
          associatedOffers: offerIds.map((each) => ({ offer: { id: each } })),
        },
      },
    ])
  })

  it('is listed by its state and its offers', async () => {
    const { id, offerIds } = await releasedSet(market)
    const draft = await newSet(market)
    const listed = async (OfferSetFilters: object) => {
      const filters = { EntityType: 'OfferSet', EntityTypeFilters: { OfferSetFilters } }
      const { EntitySummaryList = [] } = await market.catalog.send(new ListEntitiesCommand({ Catalog, ...filters }))
      return EntitySummaryList.map(({ EntityId, OfferSetSummary }) => [EntityId, OfferSetSummary?.State])
    }
    expect(await listed({ State: { ValueList: ['Draft'] } })).toEqual([[draft, 'Draft']])
    expect(await listed({ AssociatedOfferIds: { ValueList: offerIds.slice(0, 1) } })).toEqual([[id, 'Released']])
    const filters = { OfferFilters: { OfferSetId: { ValueList: [id] } } }
    const command = new ListEntitiesCommand({ Catalog, EntityType: 'Offer', EntityTypeFilters: filters })
    const { EntitySummaryList = [] } = await market.catalog.send(command)
    expect(EntitySummaryList.map(({ EntityId }) => EntityId).toSorted()).toEqual(offerIds.toSorted())
  })

  it('is accepted with one click: one agreement an offer, each naming the set', async () => {
    const { id, offerIds } = await releasedSet(market)
    await expect(acceptOffer(market.world, offerIds[0] ?? '', BUYER)).rejects.toThrow(`accept ${id}`)
    const made = await acceptOfferSet(market.world, id, BUYER)
    expect(made.map(({ offerId }) => offerId)).toEqual(offerIds)
    await expect(acceptOfferSet(market.world, id, BUYER)).rejects.toThrow('already accepted')
    const filters = Object.entries({ PartyType: 'Proposer', AgreementType: 'PurchaseAgreement', OfferSetId: id })
    const search = { catalog: Catalog, filters: filters.map(([name, value]) => ({ name, values: [value] })) }
    const { agreementViewSummaries = [] } = await market.agreement.send(new SearchAgreementsCommand(search))
    expect(agreementViewSummaries.map(({ proposalSummary }) => proposalSummary?.offerSetId)).toEqual([id, id])
    expect(market.events('Purchase Agreement Created - Proposer')).toHaveLength(2)
  })

  it('cannot be accepted before its release, nor by somebody else', async () => {
    const draft = await newSet(market)
    await expect(acceptOfferSet(market.world, draft, BUYER)).rejects.toThrow('not released')
    await expect(acceptOfferSet(market.world, 'offerset-ghost', BUYER)).rejects.toThrow('no offer set')
    const { id } = await releasedSet(market)
    await expect(acceptOfferSet(market.world, id, '310000000001')).rejects.toThrow('for other accounts')
  })

  it('loses an offer and takes it again while it is a draft, each as often as it is said', async () => {
    const id = await newSet(market)
    const offerId = await offerIn(market, id)
    const { AssociateOffers } = releasing(offerId)
    const offers = async (changes: Changes) => {
      expect(await errorsOf(changes, id)).toEqual([])
      return (await described(id)).DetailsDocument
    }
    for (const _ of [1, 2]) expect(await offers({ AssociateOffers })).toMatchObject({ AssociatedOffers: [{ OfferId: offerId }] })
    for (const _ of [1, 2]) expect(await offers({ DisassociateOffers: AssociateOffers })).toMatchObject({ AssociatedOffers: [] })
  })
})

const SOON = { UpdateAvailability: { AvailabilityEndDate: '2026-12-10' } }
const EURO = {
  UpdatePricingTerms: JSON.parse(JSON.stringify(SCHEDULED['UpdatePricingTerms']).replaceAll('USD', 'EUR')),
  UpdatePaymentScheduleTerms: JSON.parse(JSON.stringify(SCHEDULED['UpdatePaymentScheduleTerms']).replaceAll('USD', 'EUR')),
}
const OTHER_BUYER = { UpdateTargeting: { PositiveTargeting: { BuyerAccounts: ['310000000009'] } } }

describe('the release of an offer set', () => {
  it.each<[code: string, other: Changes]>([
    ['INCONSISTENT_OFFER_AVAILABILITY_END_DATE', SOON],
    ['INCONSISTENT_OFFER_CURRENCY_CODE', EURO],
    ['INCONSISTENT_OFFER_TARGETING_RULE', OTHER_BUYER],
    ['DRAFT_OFFERS', { ReleaseOffer: undefined }],
  ])('fails with %s', async (code, other) => {
    const id = await newSet(market)
    const offerIds = [await offerIn(market, id), await offerIn(market, id, SECOND_PRODUCT.id, other)]
    expect(await errorsOf(releasing(...offerIds), id)).toEqual([`ReleaseOfferSet ${code}`])
    expect((await described(id)).DetailsDocument).toMatchObject({ State: 'Draft', AssociatedOffers: [] })
  })

  it('fails with two offers of one product, with one alone, and without notes', async () => {
    const id = await newSet(market, but(CREATED, { UpdateInformation: undefined }))
    const [one, two] = [await offerIn(market, id), await offerIn(market, id)]
    expect(await errorsOf(releasing(one, two), id)).toEqual([
      'ReleaseOfferSet MISSING_BUYER_NOTES',
      'ReleaseOfferSet TOO_MANY_OFFERS_PER_PRODUCT',
    ])
    expect(await errorsOf(releasing(one), id)).toEqual(['ReleaseOfferSet MISSING_BUYER_NOTES', 'ReleaseOfferSet MISSING_OFFERS'])
  })

  it('fails once an offer is expired', async () => {
    const id = await newSet(market)
    const offerIds = [await offerIn(market, id), await offerIn(market, id, SECOND_PRODUCT.id)]
    await market.after(50 * 86_400)
    expect(await errorsOf(releasing(...offerIds), id)).toEqual(['ReleaseOfferSet EXPIRED_OFFERS'])
  })

  it('is final', async () => {
    const { id, offerIds } = await releasedSet(market)
    const { AssociateOffers } = releasing(...offerIds)
    for (const changes of [{ AssociateOffers }, { DisassociateOffers: AssociateOffers }, { ReleaseOfferSet: {} }])
      expect(await errorsOf(changes, id)).toEqual([`${Object.keys(changes)[0]} INVALID_UPDATE_REQUEST`])
  })
})

describe('offers for an offer set', () => {
  it('must be made for it, and be seven at most', async () => {
    const [id, other] = [await newSet(market), await newSet(market)]
    const strangers = [await market.release(), await offerIn(market, other), 'offer-ghost']
    for (const stranger of strangers)
      expect(await errorsOf(releasing(stranger), id)).toContain('AssociateOffers INCOMPATIBLE_OFFER_SET_REFERENCE')
    const own: string[] = []
    for (let count = 0; count < 8; count++) own.push(await offerIn(market, id, undefined, { ReleaseOffer: undefined }))
    const associating = (ids: string[]) => errorsOf({ AssociateOffers: releasing(...ids)['AssociateOffers'] }, id)
    expect(await associating(own.slice(0, 7))).toEqual([])
    expect(await associating(own.slice(7))).toEqual(['AssociateOffers TOO_MANY_OFFERS'])
  })

  it('name a set that exists', async () => {
    const changes = but(SCHEDULED, { CreateOffer: { ProductId: SECOND_PRODUCT.id, OfferSetId: 'offerset-ghost' } })
    expect(errorsIn((await market.run(changeSetOf(changes))).ChangeSet)).toEqual(['CreateOffer INCOMPATIBLE_PRODUCT'])
  })
})

describe('a request for an offer set', () => {
  it.each<[string, Changes]>([
    ['a name too long', { CreateOfferSet: { Name: 'x'.repeat(151) } }],
    ['a name with a bracket', { CreateOfferSet: { Name: 'a<b' } }],
    ['notes too long', { ...CREATED, UpdateInformation: { BuyerNotes: 'x'.repeat(1001) } }],
    ['eight offers', { ...CREATED, AssociateOffers: { Offers: Array(8).fill({ OfferId: 'offer-1' }) } }],
    ['a field too many', { CreateOfferSet: { Name: 'x', BuyerNotes: 'y' } }],
  ])('is refused with %s', async (_, changes) => {
    expect(await refusal(market.start(ofOfferSet(changes)))).toBeInstanceOf(ValidationException)
  })

  it('is refused for a set that does not exist', async () => {
    const unknown = market.start(ofOfferSet({ ReleaseOfferSet: {} }, 'offerset-ghost'))
    expect(await refusal(unknown)).toBeInstanceOf(ResourceNotFoundException)
  })

  it('is refused while twenty sets are in work', async () => {
    for (let count = 0; count < 20; count++) {
      await market.start(ofOfferSet(CREATED))
      await market.after(1)
    }
    expect(await refusal(market.start(ofOfferSet(CREATED)))).toBeInstanceOf(ServiceQuotaExceededException)
    await market.after(180)
    expect(await market.start(ofOfferSet(CREATED))).toHaveProperty('ChangeSetId')
  })
})
