import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { offerOfChangeSet, requestOf } from '../../../lib/offers/aws/plan.ts'
import type { AwsOffer } from '../../../lib/offers/offer.ts'
import { usd } from '../../support/usd.ts'
import { awsOffer, inInstallments, withoutGrants } from './aws-offer.ts'

const TODAY = '2026-11-02'
const typesOf = (offer: AwsOffer) => requestOf(offer, TODAY).ChangeSet.map(({ ChangeType }) => ChangeType)
const documentOf = (offer: AwsOffer, type: string) =>
  requestOf(offer, TODAY).ChangeSet.find(({ ChangeType }) => ChangeType === type)?.DetailsDocument

const began = (changes: Partial<NonNullable<AwsOffer['submission']>> = {}) => ({
  kind: 'create' as const,
  attempt: 1,
  startedAt: '2026-11-02T09:00:00.000Z',
  open: true,
  ...changes,
})

describe('the change set of an upfront offer', () => {
  it('creates and releases the offer in one go', () => {
    expect(typesOf(awsOffer())).toEqual([
      'CreateOffer',
      'UpdateInformation',
      'UpdateTargeting',
      'UpdatePricingTerms',
      'UpdateLegalTerms',
      'UpdateAvailability',
      'ReleaseOffer',
    ])
  })

  it('refers in every later change to the offer that the first one creates', () => {
    const [create, ...others] = requestOf(awsOffer(), TODAY).ChangeSet
    expect(create).toMatchObject({ ChangeName: 'NewOffer', Entity: { Type: 'Offer@1.0' } })
    expect(new Set(others.map(({ Entity }) => Entity?.Identifier))).toEqual(new Set(['$NewOffer.Entity.Identifier']))
  })

  it('puts the whole price on one dimension that the buyer cannot multiply', () => {
    expect(documentOf(awsOffer(), 'UpdatePricingTerms')).toEqual({
      PricingModel: 'Contract',
      Terms: [
        {
          Type: 'ConfigurableUpfrontPricingTerm',
          CurrencyCode: 'USD',
          RateCards: [
            {
              Selector: { Type: 'Duration', Value: 'P12M' },
              RateCard: [{ DimensionKey: 'seats', Price: '100000.00' }],
              Constraints: { MultipleDimensionSelection: 'Disallowed', QuantityConfiguration: 'Disallowed' },
            },
          ],
        },
      ],
    })
  })

  it('describes the offer by our id, which only the seller sees', () => {
    expect(documentOf(awsOffer(), 'UpdateInformation')).toEqual({
      Name: 'Ledger for Fabrikam',
      Description: 'Cosell offer off_1',
    })
  })

  it.each([
    [{ type: 'standard' } as const, { Type: 'StandardEula', Version: '2022-07-14' }],
    [
      { type: 'custom', url: 'https://b.s3.amazonaws.com/eula.pdf' } as const,
      { Type: 'CustomEula', Url: 'https://b.s3.amazonaws.com/eula.pdf' },
    ],
  ])('names the contract %o', (eula, document) => {
    expect(documentOf(awsOffer({ eula }), 'UpdateLegalTerms')).toEqual({ Terms: [{ Type: 'LegalTerm', Documents: [document] }] })
  })
})

describe('the change set of an offer in installments', () => {
  it('has a fixed price of zero beside the schedule, and the same duration twice', () => {
    expect(documentOf(inInstallments(), 'UpdatePricingTerms')).toEqual({
      PricingModel: 'Contract',
      Terms: [
        {
          Type: 'FixedUpfrontPricingTerm',
          CurrencyCode: 'USD',
          Price: '0.00',
          Duration: 'P12M',
          Grants: [{ DimensionKey: 'seats', MaxQuantity: 500 }],
        },
      ],
    })
    expect(documentOf(inInstallments(), 'UpdateValidityTerms')).toEqual({
      Terms: [{ Type: 'ValidityTerm', AgreementDuration: 'P12M' }],
    })
    expect(documentOf(inInstallments(), 'UpdatePaymentScheduleTerms')).toMatchObject({
      Terms: [{ CurrencyCode: 'USD', Schedule: [{ ChargeDate: '2026-12-01', ChargeAmount: '40000.00' }, {}, {}] }],
    })
  })

  it('writes amounts of a currency without decimals as whole numbers', () => {
    const yen = (amount: number) => ({ amount, currency: 'JPY' })
    const offer = inInstallments({ price: yen(5000), listPrice: yen(5000), schedule: [{ on: '2026-12-01', amount: yen(5000) }] })
    expect(documentOf(offer, 'UpdatePaymentScheduleTerms')).toMatchObject({
      Terms: [{ CurrencyCode: 'JPY', Schedule: [{ ChargeDate: '2026-12-01', ChargeAmount: '5000' }] }],
    })
  })
})

describe('the change set of an offer of another kind', () => {
  const usage = [{ dimension: 'api_calls_1k', price: '0.08' }]
  const metered = {
    Type: 'UsageBasedPricingTerm',
    CurrencyCode: 'USD',
    RateCards: [{ RateCard: [{ DimensionKey: 'api_calls_1k', Price: '0.08' }] }],
  }
  const pricing = (offer: AwsOffer) => documentOf(offer, 'UpdatePricingTerms')
  const validity = (offer: AwsOffer) => documentOf(offer, 'UpdateValidityTerms')

  it('lets the buyer choose durations and quantities', () => {
    const rates = [12, 24].map((months) => ({ months, rates: [{ dimension: 'seats', price: usd(months * 1_500) }] }))
    const offer = withoutGrants({ rates })
    const Constraints = { MultipleDimensionSelection: 'Allowed', QuantityConfiguration: 'Allowed' }
    expect(pricing(offer)).toMatchObject({
      PricingModel: 'Contract',
      Terms: [
        {
          Type: 'ConfigurableUpfrontPricingTerm',
          RateCards: [
            { Selector: { Value: 'P12M' }, RateCard: [{ DimensionKey: 'seats', Price: '180.00' }], Constraints },
            { Selector: { Value: 'P24M' }, RateCard: [{ DimensionKey: 'seats', Price: '360.00' }], Constraints },
          ],
        },
      ],
    })
    expect(validity(offer)).toBeUndefined()
  })
  it('meters what goes beyond a contract', () => {
    expect(pricing(awsOffer({ usage }))).toMatchObject({
      PricingModel: 'Contract',
      Terms: [{ Type: 'ConfigurableUpfrontPricingTerm' }, metered],
    })
  })
  it('meters all, for a duration', () => {
    const offer = withoutGrants({ usage, price: usd(0) })
    expect(pricing(offer)).toEqual({ PricingModel: 'Usage', Terms: [metered] })
    expect(validity(offer)).toEqual({ Terms: [{ Type: 'ValidityTerm', AgreementDuration: 'P12M' }] })
  })
  it('starts on a day and ends on the last one of its months', () => {
    expect(validity(inInstallments({ startsOn: '2027-01-01' }))).toEqual({
      Terms: [{ Type: 'ValidityTerm', AgreementStartDate: '2027-01-01', AgreementEndDate: '2027-12-31' }],
    })
  })
  it('replaces an agreement, whose buyer it has, until a day', () => {
    const { buyerAccountIds: _, ...offer } = inInstallments({ replaces: 'agmt-1', endsOn: '2028-04-30' })
    expect(typesOf(offer)).toEqual([
      'CreateReplacementOffer',
      'UpdateInformation',
      'UpdatePricingTerms',
      'UpdateValidityTerms',
      'UpdatePaymentScheduleTerms',
      'UpdateLegalTerms',
      'UpdateAvailability',
      'ReleaseOffer',
    ])
    expect(documentOf(offer, 'CreateReplacementOffer')).toEqual({ AgreementId: 'agmt-1', Name: offer.name })
    expect(validity(offer)).toEqual({ Terms: [{ Type: 'ValidityTerm', AgreementEndDate: '2028-04-30' }] })
    expect(pricing(offer)).not.toHaveProperty('Terms.0.Duration')
  })
  it('marks that it renews a contract of before, and how long an invoice may wait', () => {
    const offer = awsOffer({ renews: { channel: 'aws-marketplace', pricing: 'contract' }, netDays: 45 })
    expect(documentOf(offer, 'UpdateInformation')).toMatchObject({
      PreExistingAgreement: { AcquisitionChannel: 'AwsMarketplace', PricingModel: 'Contract' },
    })
    expect(documentOf(offer, 'UpdateNetPaymentTerms')).toEqual({ Terms: [{ Type: 'NetPaymentTerm', PaymentDuePeriod: 'P45D' }] })
  })
  it('adds dimensions to the product first', () => {
    const dimension = { key: 'seats_eu', name: 'Seats in the EU', description: 'Seats', unit: 'Units', type: 'contract' } as const
    const [added] = requestOf(awsOffer({ newDimensions: [dimension] }), TODAY).ChangeSet
    expect(added).toEqual({
      ChangeType: 'AddDimensions',
      Entity: { Type: 'SaaSProduct@1.0', Identifier: 'prod-cosell0ledger' },
      DetailsDocument: [{ Key: 'seats_eu', Name: 'Seats in the EU', Description: 'Seats', Unit: 'Units', Types: ['Entitled'] }],
    })
  })
  it('resells by an authorisation, with a markup and no price of its own', () => {
    const offer = withoutGrants({ resale: { authorizationId: 'resaleauthz-1', markupPercent: '5.0' } })
    expect(typesOf(offer)).toEqual([
      'CreateOfferUsingResaleAuthorization',
      'UpdateMarkup',
      'UpdateTargeting',
      'UpdateValidityTerms',
      'UpdateLegalTerms',
      'UpdateAvailability',
      'ReleaseOffer',
    ])
    expect(documentOf(offer, 'UpdateMarkup')).toEqual({ Percentage: '5.0' })
  })
  it('replaces what was resold by another authorisation, to a last day and for the same buyer', () => {
    const resale = { authorizationId: 'resaleauthz-2', markupPercent: '7.5' }
    const { buyerAccountIds: _, ...offer } = withoutGrants({ resale, replaces: 'agmt-1', endsOn: '2028-04-30' })
    expect(typesOf(offer)).toEqual([
      'CreateReplacementOfferUsingResaleAuthorization',
      'UpdateInformation',
      'UpdateMarkup',
      'UpdateValidityTerms',
      'UpdateLegalTerms',
      'UpdateAvailability',
      'ReleaseOffer',
    ])
    expect(documentOf(offer, 'CreateReplacementOfferUsingResaleAuthorization')).toEqual({
      ResaleAuthorizationId: 'resaleauthz-2',
      AgreementId: 'agmt-1',
      Name: 'Ledger for Fabrikam',
    })
    expect(documentOf(offer, 'UpdateInformation')).toEqual({ Description: 'Cosell offer off_1' })
    expect(documentOf(offer, 'UpdateValidityTerms')).toEqual({
      Terms: [{ Type: 'ValidityTerm', AgreementEndDate: '2028-04-30' }],
    })
  })
  it('leaves the duration out where the buyer chooses it from the rates of the authorisation', () => {
    const resale = { authorizationId: 'resaleauthz-1', markupPercent: '5.0' }
    const validity = (pricing: 'fixed' | 'rates' | 'usage') =>
      documentOf(withoutGrants({ resale: { ...resale, pricing } }), 'UpdateValidityTerms')
    const months = { Terms: [{ Type: 'ValidityTerm', AgreementDuration: 'P12M' }] }
    expect([validity('fixed'), validity('rates'), validity('usage')]).toEqual([months, undefined, months])
  })
  it('creates the offer in the set that it is accepted with', () => {
    expect(documentOf(awsOffer({ offerSetId: 'offerset-1' }), 'CreateOffer')).toMatchObject({ OfferSetId: 'offerset-1' })
  })
})

describe('the change set of an authorisation', () => {
  const given = (changes: Partial<AwsOffer> = {}) =>
    inInstallments({ authorises: { resellerAccountId: '210000000002' }, ...changes })

  it('lets the reseller make one offer of it, for the named buyers', () => {
    const offer = given()
    expect(typesOf(offer)).toEqual([
      'CreateResaleAuthorization',
      'UpdatePricingTerms',
      'UpdatePaymentScheduleTerms',
      'UpdateAvailability',
      'UpdateBuyerTargetingTerms',
      'UpdateLegalTerms',
      'ReleaseResaleAuthorization',
    ])
    const entities = requestOf(offer, TODAY).ChangeSet.map(({ Entity }) => Entity?.Type)
    expect(new Set(entities)).toEqual(new Set(['ResaleAuthorization@1.0']))
    expect(documentOf(offer, 'CreateResaleAuthorization')).toEqual({
      ProductId: 'prod-cosell0ledger',
      Name: 'Ledger for Fabrikam',
      Description: 'Cosell offer off_1',
      ResellerAccountId: '210000000002',
    })
    expect(documentOf(offer, 'UpdateAvailability')).toEqual({ AvailabilityEndDate: '2026-12-15', OffersMaxQuantity: 1 })
  })

  it.each<[string, AwsOffer, string[]]>([
    ['in installments', given(), ['ResaleFixedUpfrontPricingTerm']],
    [
      'with consumption',
      given({ usage: [{ dimension: 'api_calls_1k', price: '0.08' }] }),
      ['ResaleFixedUpfrontPricingTerm', 'ResaleUsageBasedPricingTerm'],
    ],
    ['at once', awsOffer({ authorises: { resellerAccountId: '210000000002' } }), ['ResaleConfigurableUpfrontPricingTerm']],
  ])('asks the reseller for the price of a contract %s', (_, offer, types) => {
    const { Terms } = documentOf(offer, 'UpdatePricingTerms') as { Terms: { Type: string }[] }
    expect(Terms.map(({ Type }) => Type)).toEqual(types)
  })

  it('is for any buyer where none is named', () => {
    const { buyerAccountIds: _, ...offer } = given()
    expect(typesOf(offer)).not.toContain('UpdateBuyerTargetingTerms')
  })

  it('is taken back by restricting it', () => {
    const offer = given({
      status: 'withdrawing',
      externalId: 'resaleauthz-a',
      submission: began({ kind: 'withdraw', attempt: 2 }),
    })
    expect(requestOf(offer, TODAY).ChangeSet).toEqual([
      {
        ChangeType: 'RestrictResaleAuthorization',
        Entity: { Type: 'ResaleAuthorization@1.0', Identifier: 'resaleauthz-a' },
        DetailsDocument: {},
      },
    ])
  })
})

describe('the change set of an extension', () => {
  it('sets the day that was asked for', () => {
    const offer = awsOffer({ status: 'extending', externalId: 'offer-a', extension: { expiresOn: '2027-01-15' } })
    expect(requestOf(offer, TODAY)).toMatchObject({
      ChangeSetName: 'cosell:off_1:extend:1',
      ChangeSet: [{ ChangeType: 'UpdateAvailability', DetailsDocument: { AvailabilityEndDate: '2027-01-15' } }],
    })
    expect(offerOfChangeSet('cosell:off_1:extend:1')).toBe('off_1')
  })
})

describe('the change set of a withdrawal', () => {
  const withdrawing = awsOffer({
    status: 'withdrawing',
    externalId: 'offer-a',
    submission: began({ kind: 'withdraw', attempt: 2, startedAt: '2026-11-20T00:30:00.000Z' }),
  })

  it('sets an end date in the past of its own start, whatever day it is sent again', () => {
    const change = {
      ChangeType: 'UpdateAvailability',
      Entity: { Type: 'Offer@1.0', Identifier: 'offer-a' },
      DetailsDocument: { AvailabilityEndDate: '2026-11-19' },
    }
    expect(requestOf(withdrawing, '2026-11-20').ChangeSet).toEqual([change])
    expect(requestOf(withdrawing, '2026-11-25')).toEqual(requestOf(withdrawing, '2026-11-20'))
  })

  it('is refused for an offer that AWS does not know', () => {
    const { externalId: _, ...unknown } = withdrawing
    expect(() => requestOf(unknown, TODAY)).toThrow('nothing to change')
  })
})

describe('name and token of a change set', () => {
  it.each([
    ['a draft', awsOffer({ status: 'draft' }), 'cosell:off_1:create:1'],
    ['an open call', awsOffer({ status: 'submitting', submission: began({ attempt: 2 }) }), 'cosell:off_1:create:2'],
    ['a failed offer', awsOffer({ status: 'failed', submission: began({ open: false }) }), 'cosell:off_1:create:2'],
    [
      'a released offer',
      awsOffer({ status: 'released', externalId: 'offer-a', submission: began({ open: false }) }),
      'cosell:off_1:create:1',
    ],
    [
      'an offer to withdraw',
      awsOffer({ status: 'withdrawing', externalId: 'offer-a', submission: began({ open: false }) }),
      'cosell:off_1:withdraw:2',
    ],
  ])('of %s tell the call that is open or comes next', (_, offer, name) => {
    expect(requestOf(offer, TODAY).ChangeSetName).toBe(name)
    expect(offerOfChangeSet(name)).toBe('off_1')
  })

  it('fit the limits of AWS and differ from call to call', () => {
    const call = fc.record({ id: fc.stringMatching(/^off_[0-9a-z]{26}$/), attempt: fc.integer({ min: 1, max: 99_999 }) })
    const requestFor = ({ id, attempt }: { id: string; attempt: number }) =>
      requestOf(awsOffer({ id, submission: began({ attempt }) }), TODAY)
    fc.assert(
      fc.property(call, call, (one, other) => {
        const [a, b] = [requestFor(one), requestFor(other)]
        expect(a.ChangeSetName).toMatch(/^[\w\s+=.:@-]{1,100}$/)
        expect(a.ClientRequestToken).toMatch(/^[!-~]{1,64}$/)
        const same = one.id === other.id && one.attempt === other.attempt
        expect(a.ClientRequestToken === b.ClientRequestToken).toBe(same)
      }),
    )
  })

  it('of others are not taken for ours', () => {
    expect(offerOfChangeSet('Submitted by 210000000001')).toBeUndefined()
    expect(offerOfChangeSet('cosell:off_1:delete:1')).toBeUndefined()
  })
})
