import { DescribeAgreementCommand } from '@aws-sdk/client-marketplace-agreement'
import { DescribeEntityCommand, StartChangeSetCommand } from '@aws-sdk/client-marketplace-catalog'
import { describe, expect, it } from 'vitest'
import { acceptOffer, cancelAgreement } from '../../infra/local/marketplaces/aws/agreements.ts'
import { DEFAULT_PRODUCT } from '../../infra/local/marketplaces/aws/products.ts'
import {
  BUYER,
  but,
  type Changes,
  CONFIGURABLE,
  changeSetOf,
  dimensionsOf,
  refusal,
  SCHEDULED,
} from '../support/aws-marketplace.ts'
import { market } from '../support/each-aws-marketplace.ts'

const fixed = (quantity: number) => ({
  PricingModel: 'Contract',
  Terms: [
    {
      Type: 'FixedUpfrontPricingTerm',
      CurrencyCode: 'USD',
      Price: '0.00',
      Grants: [{ DimensionKey: 'seats', MaxQuantity: quantity }],
    },
  ],
})

const replacing = (AgreementId: string, other: Changes = {}): Changes => ({
  CreateReplacementOffer: { AgreementId, Name: 'More seats' },
  ...but(SCHEDULED, {
    CreateOffer: undefined,
    UpdateTargeting: undefined,
    UpdateInformation: { Description: 'for the seller only' },
    UpdatePricingTerms: fixed(900),
    UpdateValidityTerms: { Terms: [{ Type: 'ValidityTerm', AgreementEndDate: '2028-04-30' }] },
    ...other,
  }),
})

const accepted = async (changes = SCHEDULED) => acceptOffer(market.world, await market.release(changes), BUYER)
const errorsOf = async (changes: Changes) =>
  ((await market.run(changeSetOf(changes))).ChangeSet ?? []).flatMap(
    ({ ChangeType, ErrorDetailList = [] }) => ErrorDetailList.map(({ ErrorCode }) => `${ChangeType} ${ErrorCode}`) ?? [],
  )
const described = (agreementId: string) => market.agreement.send(new DescribeAgreementCommand({ agreementId }))

describe('an offer that replaces an agreement', () => {
  it('is for the product and the buyer of the agreement', async () => {
    const { id } = await accepted()
    const entityId = await market.release(replacing(id))
    const { DetailsDocument } = await market.catalog.send(
      new DescribeEntityCommand({ Catalog: 'AWSMarketplace', EntityId: entityId }),
    )
    expect(DetailsDocument).toMatchObject({
      ProductId: DEFAULT_PRODUCT.id,
      Rules: expect.arrayContaining([{ Type: 'TargetingRule', PositiveTargeting: { BuyerAccounts: [BUYER] } }]),
    })
  })

  it('ends the agreement when it is accepted, and makes the next one of its chain', async () => {
    const old = await accepted()
    const offerId = await market.release(replacing(old.id))
    expect((await described(old.id)).status).toBe('ACTIVE')
    const { id, acceptanceTime } = await acceptOffer(market.world, offerId, BUYER)
    expect(await described(old.id)).toMatchObject({ status: 'REPLACED' })
    expect(await described(id)).toMatchObject({
      status: 'ACTIVE',
      startTime: new Date(acceptanceTime),
      endTime: new Date('2028-04-30T23:59:59.999Z'),
      initialAgreementId: old.id,
      proposalSummary: { offerId },
    })
    const [, created] = market.events('Purchase Agreement Created - Proposer')
    expect(created).toMatchObject({ detail: { agreement: { id, intent: 'REPLACE' }, offer: { id: offerId } } })
    const [ended] = market.events('Purchase Agreement Ended - Proposer')
    expect(ended).toMatchObject({ detail: { agreement: { id: old.id, status: 'REPLACED' }, offer: { id: old.offerId } } })
  })

  it.each<[string, Changes, string]>([
    [
      'another audience',
      { UpdateTargeting: { PositiveTargeting: { BuyerAccounts: [BUYER] } } },
      'UpdateTargeting INCOMPATIBLE_TARGETING',
    ],
    ['no end', { UpdateValidityTerms: { Terms: [] } }, 'ReleaseOffer MISSING_AGREEMENT_END_DATE'],
    [
      'a duration',
      { UpdateValidityTerms: { Terms: [{ Type: 'ValidityTerm', AgreementDuration: 'P12M' }] } },
      'UpdateValidityTerms INCOMPATIBLE_TERMS',
    ],
    [
      'another type of price',
      { UpdatePricingTerms: CONFIGURABLE['UpdatePricingTerms'], UpdatePaymentScheduleTerms: undefined },
      'UpdatePricingTerms INCOMPATIBLE_AGREEMENT',
    ],
  ])('is refused with %s', async (_, other, error) => {
    const { id } = await accepted()
    expect(await errorsOf(replacing(id, other))).toContain(error)
  })

  it('is refused for an agreement that is over, and cannot be accepted after it ended', async () => {
    const { id } = await accepted()
    const offerId = await market.release(replacing(id))
    await cancelAgreement(market.world, id)
    expect(await refusal(acceptOffer(market.world, offerId, BUYER))).toMatchObject({ code: 'conflict' })
    expect(await errorsOf(replacing(id))).toContain('CreateReplacementOffer INCOMPATIBLE_AGREEMENT')
  })

  it('is refused at once for an agreement that does not exist', async () => {
    const changes = changeSetOf(replacing('agmt-nobody'))
    expect(
      await refusal(market.catalog.send(new StartChangeSetCommand({ Catalog: 'AWSMarketplace', ChangeSet: changes }))),
    ).toMatchObject({ name: 'ResourceNotFoundException' })
  })
})

describe('new dimensions', () => {
  const extra = { Key: 'seats_eu', Name: 'Seats in the EU', Description: 'Seats', Unit: 'Units', Types: ['Entitled'] }
  const withExtra = but(SCHEDULED, {
    UpdatePricingTerms: {
      PricingModel: 'Contract',
      Terms: [{ ...fixed(1).Terms[0], Duration: 'P12M', Grants: [{ DimensionKey: 'seats_eu', MaxQuantity: 5 }] }],
    },
  })

  it('can be granted by an offer of the same change set', async () => {
    const { Status, ChangeSet } = await market.run([...changeSetOf(withExtra), dimensionsOf([extra])])
    expect(Status).toBe('SUCCEEDED')
    expect(ChangeSet?.at(-1)).toMatchObject({ Entity: { Type: 'SaaSProduct@1.0', Identifier: DEFAULT_PRODUCT.id } })
    expect((await market.run(changeSetOf(withExtra))).Status).toBe('SUCCEEDED')
  })

  it('fail the whole change set when the product has one of them already', async () => {
    const { Status, ChangeSet } = await market.run([...changeSetOf(withExtra), dimensionsOf([extra, { ...extra, Key: 'seats' }])])
    expect(Status).toBe('FAILED')
    expect(ChangeSet?.at(-1)?.ErrorDetailList).toMatchObject([{ ErrorCode: 'DUPLICATE_DIMENSION_KEYS' }])
    expect((await market.run(changeSetOf(withExtra))).Status).toBe('FAILED')
  })
})
