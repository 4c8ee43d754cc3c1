import { DescribeAgreementCommand, GetAgreementTermsCommand } from '@aws-sdk/client-marketplace-agreement'
import { DescribeEntityCommand, ValidationException } from '@aws-sdk/client-marketplace-catalog'
import { describe, expect, it } from 'vitest'
import { acceptOffer, findAgreement } from '../../infra/local/marketplaces/aws/agreements.ts'
import { renewAgreement, switchRenewal } from '../../infra/local/marketplaces/aws/renewal.ts'
import { BUYER, but, type Changes, CONFIGURABLE, changeOf, changeSetOf, refusal, SCHEDULED } from '../support/aws-marketplace.ts'
import { market } from '../support/each-aws-marketplace.ts'

const DAY = 86_400
const RANGE = { Type: 'PercentageRange', Range: { MinValue: '3.00', MaxValue: '8.00', DefaultValue: '5.00' } }
const FIXED = { Type: 'FixedPercentage', Value: '4.50' }

type Row = [offset: string, percentage: string, day?: number]
const template = (...rows: Row[]) => [
  {
    Type: 'PaymentScheduleTermTemplate',
    Schedule: rows.map(([ChargeDateOffset, ChargePercentage, DayOfMonth]) => ({
      ...{ ChargeDateOffset, ChargePercentage },
      ...(DayOfMonth && { DayOfMonth }),
    })),
  },
]
const HALVES = template(['P0M', '50.00'], ['P6M', '50.00'])
const renewing = (term: object, offer = SCHEDULED): Changes =>
  but(offer, { UpdateRenewalTerms: { Terms: [{ Type: 'RenewalTerm', ...term }] } })
const inHalves = (term: object) => renewing({ PriceIncrease: FIXED, TermTemplates: HALVES, ...term })
const inRows = (...rows: Row[]) => inHalves({ TermTemplates: template(...rows) })

const errorsOf = async (changes: Changes) =>
  ((await market.run(changeSetOf(changes))).ChangeSet ?? []).flatMap(({ ChangeType, ErrorDetailList = [] }) =>
    ErrorDetailList.map(({ ErrorCode }) => `${ChangeType} ${ErrorCode}`),
  )
const USAGE = but(CONFIGURABLE, {
  UpdatePricingTerms: {
    PricingModel: 'Usage',
    Terms: [
      {
        Type: 'UsageBasedPricingTerm',
        CurrencyCode: 'USD',
        RateCards: [{ RateCard: [{ DimensionKey: 'api_calls_1k', Price: '0.08' }] }],
      },
    ],
  },
  UpdateValidityTerms: { Terms: [{ Type: 'ValidityTerm', AgreementDuration: 'P12M' }] },
})

describe('terms of renewal', () => {
  it.each<[string, Changes]>([
    ['a fixed increase', inHalves({})],
    ['none at all, without a schedule', renewing({ PriceIncrease: { ...FIXED, Value: '0.00' } }, CONFIGURABLE)],
    ['a range', inHalves({ PriceIncrease: RANGE, LockoutPeriod: 'P30D', AdjustmentDeadline: 'P31D', MaxRenewals: 3 })],
    ['installments in days', inRows(['P0D', '0.01'], ['P364D', '99.99'])],
    ['a day of the month', inRows(['P0M', '20', 15], ['P0M', '20'], ['P10M', '60', 31])],
    [
      'a start in the future',
      but(inRows(['P5M', '100']), {
        UpdateValidityTerms: {
          Terms: [{ Type: 'ValidityTerm', AgreementStartDate: '2027-01-01', AgreementEndDate: '2027-06-30' }],
        },
        UpdatePricingTerms: {
          PricingModel: 'Contract',
          Terms: [
            {
              ...{ Type: 'FixedUpfrontPricingTerm', CurrencyCode: 'USD', Price: '0.00' },
              Grants: [{ DimensionKey: 'seats', MaxQuantity: 5 }],
            },
          ],
        },
      }),
    ],
  ])('may be %s', async (_, changes) => {
    expect(await errorsOf(changes)).toEqual([])
  })

  it.each<[string, string, Changes]>([
    ['MISSING_PRICE_INCREASE', 'nothing but their type', renewing({}, CONFIGURABLE)],
    ['INCOMPATIBLE_TERMS', 'usage alone', renewing({ PriceIncrease: FIXED }, USAGE)],
    ['MISSING_ADJUSTMENT_DEADLINE', 'a range that is never settled', inHalves({ PriceIncrease: RANGE })],
    ['INVALID_ADJUSTMENT_DEADLINE', 'nothing to settle', inHalves({ AdjustmentDeadline: 'P60D' })],
    [
      'INVALID_ADJUSTMENT_DEADLINE',
      'a deadline with the lockout',
      inHalves({ PriceIncrease: RANGE, LockoutPeriod: 'P30D', AdjustmentDeadline: 'P30D' }),
    ],
    [
      'INVALID_ADJUSTMENT_DEADLINE',
      'a deadline before the start',
      inHalves({ PriceIncrease: RANGE, AdjustmentDeadline: 'P365D' }),
    ],
    ['INVALID_LOCKOUT_PERIOD', 'a lockout from the start', inHalves({ LockoutPeriod: 'P365D' })],
    [
      'INVALID_LOCKOUT_PERIOD',
      'the same of the shortest choice',
      renewing({ PriceIncrease: FIXED, LockoutPeriod: 'P365D' }, CONFIGURABLE),
    ],
    ['MISSING_PAYMENT_SCHEDULE_TERM_TEMPLATE', 'no template for a schedule', inHalves({ TermTemplates: undefined })],
    ['INCOMPATIBLE_TERMS', 'a template for no schedule', renewing({ PriceIncrease: FIXED, TermTemplates: HALVES }, CONFIGURABLE)],
    ['DUPLICATE_CHARGE_DATE_OFFSETS', 'one offset twice', inRows(['P1M', '50'], ['P1M', '50'])],
    ['INVALID_CHARGE_DATE_OFFSETS', 'a charge at the end', inRows(['P12M', '100'])],
    ['INVALID_CHARGE_DATE_OFFSETS', 'a charge on the day after the last', inRows(['P365D', '100'])],
    ['INVALID_CHARGE_PERCENTAGES', 'too little in all', inRows(['P0M', '60'], ['P1M', '39.99'])],
    ['INVALID_DAY_OF_MONTH', 'a day in the last month', inRows(['P11M', '100', 1])],
    ['INVALID_DAY_OF_MONTH', 'two days in the first month', inRows(['P0M', '50', 1], ['P0M', '50', 15])],
  ])('fail with %s for %s', async (code, _, changes) => {
    expect(await errorsOf(changes)).toEqual([`UpdateRenewalTerms ${code}`])
  })

  const range = (MinValue: string, DefaultValue: string, MaxValue: string) => ({
    PriceIncrease: { Type: 'PercentageRange', Range: { MinValue, DefaultValue, MaxValue } },
  })
  it.each<[string, Changes, string]>([
    ['a lockout of no day', inHalves({ LockoutPeriod: 'P0D' }), 'LockoutPeriod'],
    ['a deadline in months', inHalves({ AdjustmentDeadline: 'P2M' }), 'AdjustmentDeadline'],
    ['no renewal', inHalves({ MaxRenewals: 0 }), 'MaxRenewals'],
    ['more than double the price', inHalves({ PriceIncrease: { ...FIXED, Value: '100.01' } }), 'PriceIncrease.Value'],
    ['a price as a number', inHalves({ PriceIncrease: { ...FIXED, Value: 5 } }), 'PriceIncrease.Value'],
    ['a range of one percentage', inHalves(range('5.00', '5.00', '5.00')), 'PriceIncrease.Range'],
    ['a default outside', inHalves(range('3.00', '9.00', '8.00')), 'PriceIncrease.Range'],
    ['an installment of nothing', inRows(['P0M', '0.00'], ['P1M', '100']), 'TermTemplates[0].Schedule[0].ChargePercentage'],
    ['a day beside days', inRows(['P30D', '100', 5]), 'TermTemplates[0].Schedule[0].DayOfMonth'],
    ['two units', inRows(['P0M', '50'], ['P30D', '50']), 'TermTemplates[0].Schedule'],
    [
      '87 installments',
      inRows(...Array.from({ length: 87 }, (_, day): Row => [`P${day}D`, '1.00'])),
      'TermTemplates[0].Schedule',
    ],
  ])('are refused at once with %s', async (_, changes, field) => {
    const error = await refusal(market.start(changeSetOf(changes)))
    const fields = error instanceof ValidationException ? error.ValidationExceptionFieldList : []
    expect(fields?.map(({ Field }) => Field)).toEqual([`DetailsDocument.Terms[0].${field}`])
  })

  it('are read back from the offer, and cannot change after its release', async () => {
    const EntityId = await market.release(inHalves({ MaxRenewals: 2 }))
    const { DetailsDocument } = await market.catalog.send(new DescribeEntityCommand({ Catalog: 'AWSMarketplace', EntityId }))
    expect(DetailsDocument).toMatchObject({
      Terms: expect.arrayContaining([{ Type: 'RenewalTerm', PriceIncrease: FIXED, TermTemplates: HALVES, MaxRenewals: 2 }]),
    })
    const { ChangeSet = [] } = await market.run([changeOf('UpdateRenewalTerms', { Terms: [] }, EntityId)])
    expect(ChangeSet[0]?.ErrorDetailList).toMatchObject([{ ErrorCode: 'INCOMPATIBLE_TERMS' }])
  })
})

const accepted = async (changes: Changes, autoRenew = false) =>
  acceptOffer(market.world, await market.release(changes), BUYER, { autoRenew })
const described = (agreementId: string) => market.agreement.send(new DescribeAgreementCommand({ agreementId }))
const termsOf = async (agreementId: string) =>
  (await market.agreement.send(new GetAgreementTermsCommand({ agreementId }))).acceptedTerms ?? []
const chargesOf = async (agreementId: string) =>
  (await termsOf(agreementId)).flatMap(({ paymentScheduleTerm: term }) =>
    (term?.schedule ?? []).map(({ chargeDate, chargeAmount }) => [chargeDate?.toISOString().slice(0, 10), chargeAmount]),
  )
const until = async (instant: string) => market.after((Date.parse(instant) - market.world.now().getTime()) / 1000)
const nextOf = async (id: string) => {
  const created = market
    .events('Purchase Agreement Created - Proposer')
    .map(({ detail }) => detail as { agreement: { id: string } })
  const found = created.find(({ agreement }) => (agreement as { previousAgreementId?: string }).previousAgreementId === id)
  return found?.agreement.id ?? ''
}

describe('a renewed agreement', () => {
  it('costs more by the fixed percentage, in the installments of the template', async () => {
    const { id } = await accepted(inRows(['P0M', '33.33', 31], ['P3M', '33.33'], ['P11M', '33.34']))
    const next = await renewAgreement(market.world, id)
    expect(await described(next.id)).toMatchObject({
      startTime: new Date('2027-11-02T09:03:00Z'),
      endTime: new Date('2028-11-02T09:03:00Z'),
      estimatedCharges: { agreementValue: '104500.00' },
    })
    expect(await chargesOf(next.id)).toEqual([
      ['2027-11-30', '34829.85'],
      ['2028-02-02', '34829.85'],
      ['2028-10-02', '34840.30'],
    ])
  })

  it('costs more by the default of a range, unless the seller has settled on another percentage', async () => {
    const ranged = inHalves({ PriceIncrease: RANGE, AdjustmentDeadline: 'P60D' })
    const first = await renewAgreement(market.world, (await accepted(ranged)).id)
    expect((await described(first.id)).estimatedCharges?.agreementValue).toBe('105000.00')
    const second = await renewAgreement(market.world, first.id, { increasePercent: '8' })
    expect(await chargesOf(second.id)).toEqual([
      ['2028-11-02', '56700.00'],
      ['2029-05-02', '56700.00'],
    ])
  })

  it('costs more for what the buyer chose, too', async () => {
    const offerId = await market.release(renewing({ PriceIncrease: FIXED }, CONFIGURABLE))
    const { id } = await acceptOffer(market.world, offerId, BUYER, { quantities: { seats: 1000 } })
    const next = await renewAgreement(market.world, id)
    expect((await described(next.id)).estimatedCharges?.agreementValue).toBe('188230.00')
  })

  it('is not there where nobody switched it on: the agreement expires', async () => {
    const { id } = await accepted(inHalves({}))
    expect((await described(id)).endTimeBehavior).toMatchObject({ type: 'EXPIRE', reasonCode: 'ACCEPTOR_RENEW_OPTED_OUT' })
    await until('2027-11-02T10:00:00Z')
    expect((await described(id)).status).toBe('EXPIRED')
  })

  it('follows by itself where the buyer has switched it on, as often as the terms allow', async () => {
    const { id, offerId } = await accepted(inHalves({ MaxRenewals: 1 }), true)
    expect((await described(id)).endTimeBehavior).toEqual({ type: 'RENEW', renewalSummary: { offerId } })
    expect((await termsOf(id)).find(({ renewalTerm }) => renewalTerm)?.renewalTerm?.configuration).toEqual({
      enableAutoRenew: true,
    })
    await until('2027-11-02T10:00:00Z')
    expect((await described(id)).status).toBe('RENEWED')
    const next = await nextOf(id)
    expect(await described(next)).toMatchObject({
      acceptanceTime: new Date('2027-11-02T09:03:00Z'),
      initialAgreementId: id,
      endTimeBehavior: { type: 'EXPIRE', reasonCode: 'RENEWAL_LIMIT_EXHAUSTED' },
    })
    expect(await refusal(renewAgreement(market.world, next))).toMatchObject({ code: 'conflict' })
    await until('2028-11-02T10:00:00Z')
    expect((await described(next)).status).toBe('EXPIRED')
  })

  it('follows on the next one, however long nobody looked', async () => {
    const { id } = await accepted(inHalves({ MaxRenewals: 2 }), true)
    await until('2030-01-01T00:00:00Z')
    const second = await nextOf(id)
    const third = await nextOf(second)
    const statuses = await Promise.all([id, second, third].map(async (each) => (await described(each)).status))
    expect(statuses).toEqual(['RENEWED', 'RENEWED', 'EXPIRED'])
  })

  it('is switched on and off until the lockout, which an event tells', async () => {
    const { id } = await accepted(inHalves({ LockoutPeriod: 'P30D' }))
    await market.after(DAY)
    await switchRenewal(market.world, id, true)
    await switchRenewal(market.world, id, false)
    await switchRenewal(market.world, id, true)
    const told = market.events('Purchase Agreement Amended - Proposer').map(({ detail }) => detail)
    expect(told).toMatchObject([
      { agreement: { id, autoRenewalEnabled: true }, renewalSummary: { disabledBy: null } },
      { agreement: { intent: 'AMEND', autoRenewalEnabled: false }, renewalSummary: { disabledBy: 'ACCEPTOR' } },
      { renewalSummary: { lockoutStartTime: '2027-10-03T09:03:00Z' } },
    ])
    await until('2027-10-03T09:03:00Z')
    expect(await refusal(switchRenewal(market.world, id, false))).toMatchObject({ code: 'conflict' })
    expect((await findAgreement(market.world, id)).autoRenews).toBe(true)
  })

  it('cannot be switched on where the terms have none', async () => {
    const { id } = await accepted(SCHEDULED)
    expect(await refusal(switchRenewal(market.world, id, true))).toMatchObject({ code: 'conflict' })
  })
})
