import { GetAgreementTermsCommand, SearchAgreementsCommand } from '@aws-sdk/client-marketplace-agreement'
import {
  DescribeEntityCommand,
  type EntityTypeFilters,
  ListEntitiesCommand,
  StartChangeSetCommand,
  ValidationException,
} from '@aws-sdk/client-marketplace-catalog'
import { describe, expect, it } from 'vitest'
import { acceptOffer } from '../../infra/local/marketplaces/aws/agreements.ts'
import type { Authorization } from '../../infra/local/marketplaces/aws/authorization.ts'
import { receiveAuthorization, resell, THEIR_PRODUCT } from '../../infra/local/marketplaces/aws/other-seller.ts'
import { DEFAULT_PRODUCT, SELLER } from '../../infra/local/marketplaces/aws/products.ts'
import { BUYER, but, type Changes, changeOf, changeSetOf, refusal, SCHEDULED } from '../support/aws-marketplace.ts'
import { errorsIn, errorsOn, receivedOn, reselling } from '../support/aws-resale.ts'
import { market } from '../support/each-aws-marketplace.ts'

const Catalog = 'AWSMarketplace'
const RESELLER = '210000000002'

const described = async (EntityId: string) => {
  const { EntityType, DetailsDocument } = await market.catalog.send(new DescribeEntityCommand({ Catalog, EntityId }))
  return { EntityType, DetailsDocument }
}
const listed = async (
  ResaleAuthorizationFilters?: EntityTypeFilters.ResaleAuthorizationFiltersMember['ResaleAuthorizationFilters'],
) => {
  const { EntitySummaryList = [] } = await market.catalog.send(
    new ListEntitiesCommand({
      Catalog,
      EntityType: 'ResaleAuthorization',
      ...(ResaleAuthorizationFilters && { EntityTypeFilters: { ResaleAuthorizationFilters } }),
    }),
  )
  return EntitySummaryList
}

/** One deal of twelve months for one reseller, at a wholesale price that is paid at once. */
const GIVEN: Changes = {
  CreateResaleAuthorization: { ProductId: DEFAULT_PRODUCT.id, Name: 'One deal', ResellerAccountId: RESELLER },
  UpdatePricingTerms: {
    PricingModel: 'Contract',
    Terms: [
      {
        Type: 'ResaleFixedUpfrontPricingTerm',
        CurrencyCode: 'USD',
        Price: '0.00',
        Duration: 'P12M',
        Grants: [{ DimensionKey: 'seats', MaxQuantity: 500 }],
      },
    ],
  },
  UpdatePaymentScheduleTerms: {
    Terms: [
      {
        Type: 'ResalePaymentScheduleTerm',
        CurrencyCode: 'USD',
        Schedule: [{ ChargeDate: '2026-12-01', ChargeAmount: '80000.00' }],
      },
    ],
  },
  UpdateAvailability: { AvailabilityEndDate: '2026-12-31', OffersMaxQuantity: 1 },
  UpdateBuyerTargetingTerms: { Terms: [{ Type: 'BuyerTargetingTerm', PositiveTargeting: { BuyerAccounts: [BUYER] } }] },
  UpdateLegalTerms: {
    Terms: [
      { Type: 'BuyerLegalTerm', Documents: [{ Type: 'StandardEula' }] },
      { Type: 'ResaleLegalTerm', Documents: [{ Type: 'StandardResellerContract' }] },
    ],
  },
  ReleaseResaleAuthorization: {},
}

const ofAuthorization = (changes: Changes, identifier?: string) =>
  changeSetOf(changes, identifier).map((change) => ({
    ...change,
    Entity: { ...change.Entity, Type: 'ResaleAuthorization@1.0' },
  }))
const give = async (changes = GIVEN, identifier?: string) => {
  const { ChangeSet = [] } = await market.run(ofAuthorization(changes, identifier))
  return { id: ChangeSet[0]?.Entity?.Identifier ?? '', errors: errorsIn(ChangeSet) }
}

describe('a resale authorisation that the seller gives', () => {
  it('is active once it is released, and tells its terms', async () => {
    const { id, errors } = await give()
    expect(errors).toEqual([])
    expect(id).toMatch(/^resaleauthz-[a-z0-9]{13}$/)
    expect(await described(id)).toMatchObject({
      EntityType: 'ResaleAuthorization@1.0',
      DetailsDocument: { Status: 'Active', ProductId: DEFAULT_PRODUCT.id, ManufacturerAccountId: SELLER.accountId },
    })
  })

  it('is a draft without a release, active with it, restricted at the end', async () => {
    const { id } = await give(but(GIVEN, { ReleaseResaleAuthorization: undefined }))
    const status = async () =>
      (await listed({ EntityId: { ValueList: [id] } })).map((each) => each.ResaleAuthorizationSummary?.Status)
    expect(await status()).toEqual(['Draft'])
    await give({ ReleaseResaleAuthorization: {} }, id)
    expect(await status()).toEqual(['Active'])
    await give({ RestrictResaleAuthorization: {} }, id)
    expect(await status()).toEqual(['Restricted'])
  })

  it('is listed with its reseller, by any of its filters', async () => {
    const { id } = await give()
    const [row] = await listed({ ResellerAccountID: { ValueList: [RESELLER] }, Status: { ValueList: ['Active'] } })
    expect(row).toMatchObject({
      EntityId: id,
      EntityType: 'ResaleAuthorization',
      ResaleAuthorizationSummary: {
        Name: 'One deal',
        ProductName: DEFAULT_PRODUCT.title,
        ManufacturerAccountId: SELLER.accountId,
        ResellerAccountID: RESELLER,
        ResellerRole: 'ChannelPartner',
        AvailabilityEndDate: '2026-12-31T00:00:00Z',
      },
    })
    expect(await listed({ Status: { ValueList: ['Restricted'] } })).toEqual([])
  })

  it.each<[string, Changes, string]>([
    [
      'no price',
      { UpdatePricingTerms: undefined, UpdatePaymentScheduleTerms: undefined },
      'ReleaseResaleAuthorization MISSING_MANDATORY_TERMS',
    ],
    [
      'no schedule of a fixed price',
      { UpdatePaymentScheduleTerms: undefined },
      'ReleaseResaleAuthorization MISSING_MANDATORY_TERMS',
    ],
    [
      'no contract for the buyer',
      { UpdateLegalTerms: { Terms: [{ Type: 'ResaleLegalTerm', Documents: [{ Type: 'StandardResellerContract' }] }] } },
      'ReleaseResaleAuthorization MISSING_MANDATORY_TERMS',
    ],
    [
      'a day in the past',
      { UpdateAvailability: { AvailabilityEndDate: '2026-11-02' } },
      'UpdateAvailability INVALID_AVAILABILITY_END_DATE',
    ],
    [
      'a dimension that the product lacks',
      {
        UpdatePricingTerms: {
          PricingModel: 'Contract',
          Terms: [
            {
              Type: 'ResaleFixedUpfrontPricingTerm',
              CurrencyCode: 'USD',
              Price: '0.00',
              Duration: 'P12M',
              Grants: [{ DimensionKey: 'sites', MaxQuantity: 1 }],
            },
          ],
        },
      },
      'UpdatePricingTerms INVALID_GRANTS',
    ],
    [
      'too many buyers',
      {
        UpdateBuyerTargetingTerms: {
          Terms: [
            {
              Type: 'BuyerTargetingTerm',
              PositiveTargeting: { BuyerAccounts: Array.from({ length: 26 }, (_, index) => `4000000000${index + 10}`) },
            },
          ],
        },
      },
      'UpdateBuyerTargetingTerms TOO_MANY_BUYER_ACCOUNTS',
    ],
  ])('fails with %s', async (_, other, error) => {
    expect((await give(but(GIVEN, other))).errors).toEqual([error])
  })

  it.each<[string, Changes]>([
    ['another price', { UpdatePricingTerms: GIVEN['UpdatePricingTerms'] }],
    ['another end', { UpdateAvailability: { AvailabilityEndDate: '2027-01-31' } }],
    ['a second release', { ReleaseResaleAuthorization: {} }],
  ])('takes no %s once it is released', async (_, changes) => {
    const { id } = await give()
    expect((await give(changes, id)).errors).toEqual([`${Object.keys(changes)[0]} INVALID_UPDATE_REQUEST`])
  })

  it.each<[string, string, unknown, string]>([
    [
      'two offers of a one-time authorisation',
      'UpdateAvailability',
      { OffersMaxQuantity: 2 },
      'DetailsDocument.OffersMaxQuantity',
    ],
    [
      "a buyer's price",
      'UpdatePricingTerms',
      { PricingModel: 'Contract', Terms: [{ Type: 'FixedUpfrontPricingTerm' }] },
      'DetailsDocument.Terms[0].Type',
    ],
    [
      'a reseller that is no account',
      'CreateResaleAuthorization',
      { ProductId: DEFAULT_PRODUCT.id, Name: 'x', ResellerAccountId: '21' },
      'DetailsDocument.ResellerAccountId',
    ],
  ])('is refused at once with %s', async (_, type, details, field) => {
    const error = await refusal(market.start(ofAuthorization({ ...GIVEN, [type]: details })))
    expect(error instanceof ValidationException && error.ValidationExceptionFieldList?.map(({ Field }) => Field)).toEqual([field])
  })

  it('is refused for a product of another seller', async () => {
    await receiveAuthorization(market.world, { months: 12, charges: [{ on: '2026-12-01', amount: '1.00' }] })
    const changes = but(GIVEN, {
      CreateResaleAuthorization: { ProductId: THEIR_PRODUCT.id, Name: 'Not ours', ResellerAccountId: RESELLER },
    })
    expect((await refusal(market.start(ofAuthorization(changes)))).name).toBe('AccessDeniedException')
  })
})

describe('what another seller resells', () => {
  const sale = { buyerAccountId: BUYER, markupPercent: '5.0' }

  it('is told to the manufacturer, who can ask for neither the offer nor the agreement', async () => {
    const { id } = await give()
    const { id: offerId, agreementId } = await resell(market.world, id, sale)
    expect(market.events('Offer Released').at(-1)).toMatchObject({
      account: SELLER.accountId,
      detail: {
        offer: { id: offerId },
        manufacturer: SELLER,
        sellerOfRecord: { accountId: RESELLER },
        targetedBuyerAccountIds: [BUYER],
      },
    })
    expect(market.events('Purchase Agreement Created - Manufacturer')).toMatchObject([
      { detail: { agreement: { id: agreementId }, resaleAuthorization: { id }, proposer: { accountId: RESELLER } } },
    ])
    const filters = [
      { name: 'PartyType', values: ['Proposer'] },
      { name: 'AgreementType', values: ['PurchaseAgreement'] },
    ]
    const found = await market.agreement.send(new SearchAgreementsCommand({ catalog: Catalog, filters }))
    expect(found.agreementViewSummaries).toEqual([])
    expect((await refusal(described(offerId))).name).toBe('ResourceNotFoundException')
  })

  it('is one offer of a one-time authorisation, for its buyers, while it is active', async () => {
    const { id } = await give()
    await expect(resell(market.world, id, { ...sale, buyerAccountId: '555566667777' })).rejects.toThrow('other buyers')
    await resell(market.world, id, sale)
    await expect(resell(market.world, id, sale)).rejects.toThrow('one offer')
    const other = await give()
    await give({ RestrictResaleAuthorization: {} }, other.id)
    await expect(resell(market.world, other.id, sale)).rejects.toThrow('Restricted')
    const late = await give()
    await market.after(70 * 86_400)
    await expect(resell(market.world, late.id, sale)).rejects.toThrow('expired')
  })
})

const received = (other: Partial<Authorization> = {}) => receivedOn(market, other)
const failing = (changes: Changes, identifier?: string) => errorsOn(market, changes, identifier)

describe('an offer that is made from a received authorisation', () => {
  it('costs the buyer the wholesale price with the markup, to the cent', async () => {
    const id = await received()
    const offerId = await market.release(reselling(id))
    const { id: agreementId } = await acceptOffer(market.world, offerId, BUYER)
    const { acceptedTerms = [] } = await market.agreement.send(new GetAgreementTermsCommand({ agreementId }))
    const schedule = acceptedTerms.flatMap((term) => term.paymentScheduleTerm?.schedule ?? [])
    expect(schedule.map(({ chargeAmount }) => chargeAmount)).toEqual(['43000.00', '35.83'])
    expect(await described(offerId)).toMatchObject({
      DetailsDocument: { ProductId: THEIR_PRODUCT.id, ResaleAuthorizationId: id },
    })
  })

  it('names the manufacturer when it is released and the authorisation when it is accepted', async () => {
    const id = await received()
    const offerId = await market.release(reselling(id))
    await acceptOffer(market.world, offerId, BUYER)
    expect(market.events('Offer Released')).toMatchObject([
      { detail: { manufacturer: { accountId: THEIR_PRODUCT.sellerAccountId }, sellerOfRecord: SELLER } },
    ])
    expect(market.events('Purchase Agreement Created - Proposer')).toMatchObject([{ detail: { resaleAuthorization: { id } } }])
  })

  it('may have prices of its own instead of a markup, of the types that the authorisation has', async () => {
    const own = but(reselling(await received()), {
      UpdateMarkup: undefined,
      UpdatePricingTerms: SCHEDULED['UpdatePricingTerms'],
      UpdatePaymentScheduleTerms: SCHEDULED['UpdatePaymentScheduleTerms'],
    })
    expect(await failing(own)).toEqual([])
  })

  it.each<[string, Partial<Authorization>, Changes, string]>([
    [
      'an authorisation that is restricted',
      { state: 'Restricted' },
      {},
      'CreateOfferUsingResaleAuthorization INCOMPATIBLE_RESALE_AUTHORIZATION',
    ],
    [
      'an authorisation that is over',
      { availabilityEndDate: '2026-11-01' },
      {},
      'CreateOfferUsingResaleAuthorization INCOMPATIBLE_RESALE_AUTHORIZATION',
    ],
    [
      'a buyer whom it is not for',
      {},
      { UpdateTargeting: { PositiveTargeting: { BuyerAccounts: [BUYER, '555566667777'] } } },
      'UpdateTargeting INCOMPATIBLE_RESALE_AUTHORIZATION',
    ],
    ['a markup beside prices', {}, { UpdatePricingTerms: SCHEDULED['UpdatePricingTerms'] }, 'UpdateMarkup INCOMPATIBLE_TERMS'],
    [
      'another duration',
      {},
      { UpdateValidityTerms: { Terms: [{ Type: 'ValidityTerm', AgreementDuration: 'P24M' }] } },
      'UpdateValidityTerms INVALID_DURATION',
    ],
    [
      'a last day on its second charge',
      {},
      { UpdateAvailability: { AvailabilityEndDate: '2027-03-01' } },
      'UpdateAvailability TOO_MANY_BACKDATED_CHARGES',
    ],
  ])('fails with %s', async (_, authorization, other, error) => {
    expect(await failing(reselling(await received(authorization), other))).toEqual([error])
  })

  it('is the only one of a one-time authorisation', async () => {
    const id = await received()
    await market.release(reselling(id))
    expect(await failing(reselling(id))).toEqual(['CreateOfferUsingResaleAuthorization INCOMPATIBLE_RESALE_AUTHORIZATION'])
  })

  it('keeps its price and its markup after the release', async () => {
    const offerId = await market.release(reselling(await received()))
    const before = await described(offerId)
    expect(await failing({ UpdateMarkup: { Percentage: '9' } }, offerId)).toEqual(['UpdateMarkup INVALID_UPDATE_REQUEST'])
    expect(await failing({ UpdateAvailability: { AvailabilityEndDate: '2026-12-20' } }, offerId)).toEqual([])
    expect((await described(offerId)).DetailsDocument).toMatchObject({
      Terms: (before.DetailsDocument as { Terms: unknown }).Terms,
    })
  })

  it('is refused at once where nobody gave it to this account', async () => {
    const start = (id: string) =>
      market.catalog.send(new StartChangeSetCommand({ Catalog, ChangeSet: changeSetOf(reselling(id)) }))
    expect((await refusal(start('resaleauthz-unknown'))).name).toBe('ResourceNotFoundException')
    expect((await refusal(start(await received({ resellerAccountId: RESELLER })))).name).toBe('ResourceNotFoundException')
    expect((await refusal(start((await give()).id))).name).toBe('ResourceNotFoundException')
  })

  it('alone has a markup', async () => {
    const changes = [...changeSetOf(SCHEDULED), changeOf('UpdateMarkup', { Percentage: '5' })]
    expect(errorsIn((await market.run(changes)).ChangeSet)).toEqual(['UpdateMarkup INCOMPATIBLE_MARKUP'])
  })
})
