import { describe, expect, it } from 'vitest'
import { extensionProblems, problemsOf } from '../../../lib/offers/aws/rules.ts'
import type { AwsOffer } from '../../../lib/offers/offer.ts'
import { usd } from '../../support/usd.ts'
import { awsOffer, inInstallments, withoutGrants } from './aws-offer.ts'

const TODAY = '2026-11-02'
const found = (offer: AwsOffer) => problemsOf(offer, TODAY).map(({ code, target }) => `${code} ${target}`)

const card = (months: number, ...dimensions: string[]) => ({
  months,
  rates: dimensions.map((dimension) => ({ dimension, price: usd(18_000) })),
})
const usage = [{ dimension: 'api_calls_1k', price: '0.08' }]
const resale = { authorizationId: 'resaleauthz-1', markupPercent: '5.0' }
const authorises = { resellerAccountId: '210000000002' }
const without = (offer: AwsOffer, field: keyof AwsOffer): AwsOffer => ({ ...offer, [field]: undefined })
const reselling = (changes: Partial<AwsOffer> = {}) =>
  without(withoutGrants({ resale, replaces: 'agmt-1', endsOn: '2028-04-30', ...changes }), 'buyerAccountIds')
const replacing = (changes: Partial<AwsOffer> = {}) =>
  without(inInstallments({ replaces: 'agmt-1', endsOn: '2028-04-30', ...changes }), 'buyerAccountIds')

describe('AWS rules let every kind of offer pass', () => {
  it.each<[string, AwsOffer]>([
    ['chosen by the buyer', withoutGrants({ rates: [card(12, 'seats', 'tokens'), card(24, 'tokens', 'seats')] })],
    ['with usage beyond the contract', awsOffer({ usage })],
    ['with usage only', withoutGrants({ usage, price: usd(0), listPrice: usd(0) })],
    ['that starts later', inInstallments({ startsOn: '2027-01-01' })],
    [
      'that starts later, paid on its last day',
      inInstallments({ startsOn: '2027-01-01', price: usd(5), schedule: [{ on: '2027-12-31', amount: usd(5) }] }),
    ],
    ['that replaces an agreement', replacing()],
    ['that renews one', awsOffer({ renews: { channel: 'external', pricing: 'contract' } })],
    ['that may be paid late', awsOffer({ netDays: 90 })],
    ['that resells', withoutGrants({ resale })],
    ['that replaces what was resold', reselling()],
    ['that a reseller may sell', inInstallments({ authorises })],
    ['that a reseller may sell to anyone', without(awsOffer({ authorises }), 'buyerAccountIds')],
    ['that a reseller may sell by use', withoutGrants({ authorises, usage, price: usd(0), listPrice: usd(0) })],
    ['that is accepted in a set', awsOffer({ offerSetId: 'offerset-1' })],
  ])('%s', (_, offer) => {
    expect(problemsOf(offer, TODAY)).toEqual([])
  })
})

describe('AWS rules name the field of', () => {
  it.each<[string, AwsOffer, string[]]>([
    ['nothing sold', withoutGrants({}), ['MISSING_MANDATORY_TERMS grants']],
    ['a contract both fixed and chosen', awsOffer({ rates: [card(12, 'seats')] }), ['INCOMPATIBLE_TERMS rates']],
    [
      'a schedule for what the buyer chooses',
      withoutGrants({ rates: [card(12, 'seats')], schedule: [{ on: '2026-12-01', amount: usd(10_000_000) }] }),
      ['INCOMPATIBLE_TERMS schedule'],
    ],
    [
      'a duration twice',
      withoutGrants({ rates: [card(12, 'seats'), card(12, 'seats')] }),
      ['DUPLICATE_SELECTORS rates.1.months'],
    ],
    [
      'a dimension twice in a card',
      withoutGrants({ rates: [card(12, 'seats', 'seats')] }),
      ['DUPLICATE_DIMENSION_KEYS rates.0.rates.1.dimension'],
    ],
    [
      'other dimensions for another duration',
      withoutGrants({ rates: [card(12, 'seats'), card(24, 'tokens')] }),
      ['INCOMPATIBLE_RATES rates.1.rates'],
    ],
    [
      'an expected duration that cannot be chosen',
      withoutGrants({ rates: [card(24, 'seats')] }),
      ['INVALID_SELECTOR_DURATION_VALUE termMonths'],
    ],
    [
      'a rate of nothing, or in another currency',
      withoutGrants({
        rates: [
          {
            months: 12,
            rates: [
              { dimension: 'a', price: usd(0) },
              { dimension: 'b', price: { amount: 1, currency: 'EUR' } },
            ],
          },
        ],
      }),
      ['INCOMPATIBLE_CURRENCY_CODE rates.0.rates.1.price.currency', 'INVALID_AMOUNT rates.0.rates.0.price.amount'],
    ],
    ['a metered unit twice', awsOffer({ usage: [...usage, ...usage] }), ['DUPLICATE_DIMENSION_KEYS usage.1.dimension']],
    [
      'usage in euros',
      awsOffer({ usage, price: { amount: 5, currency: 'EUR' }, listPrice: { amount: 5, currency: 'EUR' } }),
      ['INCOMPATIBLE_CURRENCY_CODE price.currency'],
    ],
    ['no buyer', without(awsOffer(), 'buyerAccountIds'), ['MISSING_BUYER_ACCOUNTS buyerAccountIds']],
    [
      'buyers of a replacement',
      inInstallments({ replaces: 'agmt-1', endsOn: '2028-04-30' }),
      ['INCOMPATIBLE_TARGETING buyerAccountIds'],
    ],
    ['a replacement without an end', without(replacing(), 'endsOn'), ['MISSING_AGREEMENT_END_DATE endsOn']],
    [
      'a replacement that ends before it can be accepted',
      replacing({ endsOn: '2026-12-15', price: usd(1), schedule: [{ on: '2026-12-01', amount: usd(1) }] }),
      ['INVALID_AGREEMENT_END_DATE endsOn'],
    ],
    ['a replacement that starts later', replacing({ startsOn: '2027-01-01' }), ['INCOMPATIBLE_TERMS startsOn']],
    [
      'usage in place of a contract',
      without(without(replacing({ usage, price: usd(0) }), 'grants'), 'schedule'),
      ['INCOMPATIBLE_PRICING_MODEL usage'],
    ],
    ['an end of what replaces nothing', awsOffer({ endsOn: '2028-04-30' }), ['INCOMPATIBLE_TERMS endsOn']],
    ['a start while it can be accepted', awsOffer({ startsOn: '2026-12-15' }), ['INVALID_AGREEMENT_START_DATE startsOn']],
    ['a start after more than three years', awsOffer({ startsOn: '2029-11-03' }), ['INVALID_AGREEMENT_START_DATE startsOn']],
    [
      'a charge after the end of what starts later',
      inInstallments({ startsOn: '2027-01-01', price: usd(5), schedule: [{ on: '2028-01-01', amount: usd(5) }] }),
      ['INVALID_CHARGE_DATES schedule.0.on'],
    ],
    ['a price of its own in a resale', awsOffer({ resale }), ['INCOMPATIBLE_RESALE_AUTHORIZATION grants']],
    [
      'buyers of what was resold',
      withoutGrants({ resale, replaces: 'agmt-1', endsOn: '2028-04-30' }),
      ['INCOMPATIBLE_TARGETING buyerAccountIds'],
    ],
    ['a replaced resale without an end', without(reselling(), 'endsOn'), ['MISSING_AGREEMENT_END_DATE endsOn']],
    ['a replaced resale that starts later', reselling({ startsOn: '2027-01-01' }), ['INCOMPATIBLE_TERMS startsOn']],
    [
      'usage in place of what was resold',
      reselling({ resale: { ...resale, pricing: 'usage' } }),
      ['INCOMPATIBLE_PRICING_MODEL resale.pricing'],
    ],
    [
      'what the authorisation of a replacement says',
      reselling({ netDays: 30, schedule: [{ on: '2027-01-01', amount: usd(10_000_000) }] }),
      ['INCOMPATIBLE_RESALE_AUTHORIZATION schedule', 'INCOMPATIBLE_RESALE_AUTHORIZATION netDays'],
    ],
    ['a resale that is authorised on', withoutGrants({ resale, authorises }), ['INCOMPATIBLE_RESALE_AUTHORIZATION authorises']],
    [
      "what is the reseller's own to settle",
      inInstallments({ authorises, startsOn: '2027-01-01', netDays: 45, renews: { channel: 'external', pricing: 'contract' } }),
      ['INCOMPATIBLE_TERMS startsOn', 'INCOMPATIBLE_TERMS netDays', 'INCOMPATIBLE_TERMS renews'],
    ],
    [
      'no buyer among those of an authorisation',
      awsOffer({ authorises, buyerAccountIds: [] }),
      ['MISSING_BUYER_ACCOUNTS buyerAccountIds'],
    ],
    ['a replacement in a set', replacing({ offerSetId: 'offerset-1' }), ['INCOMPATIBLE_OFFER_SET_REFERENCE offerSetId']],
    [
      'a dimension made twice',
      awsOffer({
        newDimensions: ['a', 'a'].map((key) => ({ key, name: 'A', description: 'A', unit: 'Units', type: 'contract' as const })),
      }),
      ['DUPLICATE_DIMENSION_KEYS newDimensions.1.key'],
    ],
  ])('%s', (_, offer, problems) => {
    expect(found(offer)).toEqual(problems)
  })
})

describe('another last day', () => {
  it('is none of an authorisation: the reseller has it', () => {
    expect(extensionProblems(inInstallments({ authorises }), '2027-01-15', TODAY)).toMatchObject([
      { code: 'INVALID_UPDATE_REQUEST', target: 'expiresOn', message: expect.stringContaining('withdraw it and give another') },
    ])
  })

  const on = (offer: AwsOffer, day: string) => extensionProblems(offer, day, TODAY).map(({ code, target }) => `${code} ${target}`)

  it.each<[string, AwsOffer, string, string[]]>([
    ['later', awsOffer(), '2027-03-31', []],
    ['earlier', awsOffer(), '2026-11-03', []],
    ['today', awsOffer(), TODAY, ['INVALID_AVAILABILITY_END_DATE expiresOn']],
    ['just before the second installment', inInstallments(), '2027-02-28', []],
    ['on the second installment', inInstallments(), '2027-03-01', ['TOO_MANY_BACKDATED_CHARGES expiresOn']],
    ['on the start', awsOffer({ startsOn: '2027-01-01' }), '2027-01-01', ['INVALID_AGREEMENT_START_DATE expiresOn']],
  ])('%s', (_, offer, day, problems) => {
    expect(on(offer, day)).toEqual(problems)
  })
})
