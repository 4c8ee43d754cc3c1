import { DescribeAgreementCommand } from '@aws-sdk/client-marketplace-agreement'
import { DescribeEntityCommand, ValidationException } from '@aws-sdk/client-marketplace-catalog'
import { describe, expect, it } from 'vitest'
import { acceptOffer, cancelAgreement } from '../../infra/local/marketplaces/aws/agreements.ts'
import type { Authorization } from '../../infra/local/marketplaces/aws/authorization.ts'
import { THEIR_PRODUCT } from '../../infra/local/marketplaces/aws/other-seller.ts'
import { DEFAULT_PRODUCT } from '../../infra/local/marketplaces/aws/products.ts'
import { BUYER, type Changes, changeSetOf, refusal, SCHEDULED } from '../support/aws-marketplace.ts'
import { errorsIn, errorsOn, receivedOn, replacing, reselling } from '../support/aws-resale.ts'
import { market } from '../support/each-aws-marketplace.ts'

const CREATION = 'CreateReplacementOfferUsingResaleAuthorization'

/** An agreement under an offer that was made from an authorisation. */
const resold = async () => acceptOffer(market.world, await market.release(reselling(await receivedOn(market))), BUYER)
const agreed = (agreementId: string) => market.agreement.send(new DescribeAgreementCommand({ agreementId }))
const failing = (changes: Changes) => errorsOn(market, changes)

describe('the replacement of what was resold', () => {
  it('costs the new wholesale price with the new markup, ends the agreement and takes its place', async () => {
    const old = await resold()
    const authorizationId = await receivedOn(market)
    const offerId = await market.release(replacing(old.id, authorizationId))
    const { DetailsDocument } = await market.catalog.send(
      new DescribeEntityCommand({ Catalog: 'AWSMarketplace', EntityId: offerId }),
    )
    expect(DetailsDocument).toMatchObject({
      ProductId: THEIR_PRODUCT.id,
      Rules: expect.arrayContaining([{ Type: 'TargetingRule', PositiveTargeting: { BuyerAccounts: [BUYER] } }]),
    })
    const { id } = await acceptOffer(market.world, offerId, BUYER)
    expect(await agreed(old.id)).toMatchObject({ status: 'REPLACED' })
    expect(await agreed(id)).toMatchObject({
      status: 'ACTIVE',
      initialAgreementId: old.id,
      endTime: new Date('2028-04-30T23:59:59.999Z'),
      estimatedCharges: { agreementValue: '44036.66' },
    })
    expect(market.events('Purchase Agreement Created - Proposer').at(-1)).toMatchObject({
      detail: { agreement: { id, intent: 'REPLACE' }, resaleAuthorization: { id: authorizationId } },
    })
    expect(market.events('Purchase Agreement Ended - Proposer')).toMatchObject([
      { detail: { agreement: { id: old.id, status: 'REPLACED' } } },
    ])
  })

  const usage: Authorization['terms'] = [
    {
      Type: 'ResaleUsageBasedPricingTerm',
      CurrencyCode: 'USD',
      RateCards: [{ RateCard: [{ DimensionKey: 'api_calls_1k', Price: '0.08' }] }],
    },
  ]
  it.each<[string, Partial<Authorization>, Changes, string[]]>([
    ['an authorisation that is restricted', { state: 'Restricted' }, {}, [`${CREATION} INCOMPATIBLE_RESALE_AUTHORIZATION`]],
    [
      'an authorisation of another product',
      { productId: DEFAULT_PRODUCT.id },
      {},
      [`${CREATION} INCOMPATIBLE_RESALE_AUTHORIZATION`],
    ],
    [
      'other types of prices than those of the agreement',
      { terms: usage, pricingModel: 'Usage' },
      {},
      ['UpdateMarkup INCOMPATIBLE_AGREEMENT'],
    ],
    [
      'buyers of its own',
      {},
      { UpdateTargeting: { PositiveTargeting: { BuyerAccounts: [BUYER] } } },
      ['UpdateTargeting INCOMPATIBLE_TARGETING'],
    ],
    [
      'a duration',
      {},
      { UpdateValidityTerms: { Terms: [{ Type: 'ValidityTerm', AgreementDuration: 'P12M' }] } },
      ['UpdateValidityTerms INCOMPATIBLE_TERMS', 'ReleaseOffer MISSING_AGREEMENT_END_DATE'],
    ],
  ])('fails with %s', async (_, authorization, other, errors) => {
    const old = await resold()
    expect(await failing(replacing(old.id, await receivedOn(market, authorization), other))).toEqual(
      expect.arrayContaining(errors),
    )
  })

  it('needs an authorisation for the buyer of the agreement', async () => {
    const old = await resold()
    expect(await failing(replacing(old.id, await receivedOn(market, {}, ['555566667777'])))).toEqual([
      `${CREATION} INCOMPATIBLE_RESALE_AUTHORIZATION`,
    ])
  })

  it('needs an authorisation that has no offer yet', async () => {
    const old = await resold()
    expect(await failing(replacing(old.id, old.resaleAuthorizationId ?? ''))).toEqual([
      `${CREATION} INCOMPATIBLE_RESALE_AUTHORIZATION`,
    ])
  })

  it('is refused at once for an agreement that is over, unknown, or an authorisation that is not ours', async () => {
    const old = await resold()
    const id = await receivedOn(market)
    const refused = (agreementId: string, authorizationId: string) =>
      refusal(market.start(changeSetOf(replacing(agreementId, authorizationId))))
    expect((await refused('agmt-nobody', id)).name).toBe('ResourceNotFoundException')
    expect((await refused(old.id, 'resaleauthz-nobody')).name).toBe('ResourceNotFoundException')
    await cancelAgreement(market.world, old.id)
    const error = await refused(old.id, id)
    expect(error instanceof ValidationException && error.ValidationExceptionFieldList).toMatchObject([
      { Field: 'DetailsDocument.AgreementId' },
    ])
  })

  it('fails when the agreement ends while it is worked on', async () => {
    const old = await resold()
    const { ChangeSetId } = await market.start(changeSetOf(replacing(old.id, await receivedOn(market))))
    await cancelAgreement(market.world, old.id)
    await market.after(180)
    expect(errorsIn((await market.describe(ChangeSetId)).ChangeSet)).toEqual([`${CREATION} INCOMPATIBLE_AGREEMENT`])
  })

  it('is the only way: without an authorisation what was resold is not replaced', async () => {
    const old = await resold()
    const price = { Type: 'FixedUpfrontPricingTerm', CurrencyCode: 'USD', Price: '0.00' }
    const prices = { ...price, Grants: [{ DimensionKey: 'seats', MaxQuantity: 500 }] }
    const { [CREATION]: _, UpdateMarkup: __, ...rest } = replacing(old.id, '')
    const direct = {
      CreateReplacementOffer: { AgreementId: old.id, Name: 'More of it' },
      ...rest,
      UpdatePricingTerms: { PricingModel: 'Contract', Terms: [prices] },
      UpdatePaymentScheduleTerms: SCHEDULED['UpdatePaymentScheduleTerms'],
    }
    expect(await failing(direct)).toEqual(['CreateReplacementOffer INCOMPATIBLE_AGREEMENT'])
  })
})
