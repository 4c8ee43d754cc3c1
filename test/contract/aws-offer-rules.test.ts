import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_PRODUCT, PRODUCTS } from '../../infra/local/marketplaces/aws/products.ts'
import {
  BUYER,
  but,
  type Changes,
  CONFIGURABLE,
  changeOf,
  changeSetOf,
  type Marketplace,
  openMarketplace,
  SCHEDULED,
} from '../support/aws-marketplace.ts'

let market: Marketplace
beforeAll(async () => {
  market = await openMarketplace()
  await market.world.shelf.put(PRODUCTS, 'prod-unlisted', { ...DEFAULT_PRODUCT, id: 'prod-unlisted', hasPublicOffer: false })
})
afterAll(() => market.close())

const errorsOf = async (changes: ReturnType<typeof changeSetOf>) => {
  const { Status, FailureCode, ChangeSet = [] } = await market.run(changes)
  const errors = ChangeSet.flatMap((each) => (each.ErrorDetailList ?? []).map((error) => `${each.ChangeType} ${error.ErrorCode}`))
  if (errors.length) expect([Status, FailureCode]).toEqual(['FAILED', 'CLIENT_ERROR'])
  return errors
}

const fixed = (other: object) => ({
  PricingModel: 'Contract',
  Terms: [
    {
      Type: 'FixedUpfrontPricingTerm',
      CurrencyCode: 'USD',
      Price: '0.00',
      Duration: 'P12M',
      Grants: [{ DimensionKey: 'seats', MaxQuantity: 500 }],
      ...other,
    },
  ],
})
const schedule = (...dates: string[]) => ({
  Terms: [
    {
      Type: 'PaymentScheduleTerm',
      CurrencyCode: 'USD',
      Schedule: dates.map((ChargeDate) => ({ ChargeDate, ChargeAmount: '10.00' })),
    },
  ],
})
const card = (Value: string, prices: Record<string, string>, one = 'Allowed', two = one) => ({
  Selector: { Type: 'Duration', Value },
  RateCard: Object.entries(prices).map(([DimensionKey, Price]) => ({ DimensionKey, Price })),
  Constraints: { MultipleDimensionSelection: one, QuantityConfiguration: two },
})
const configurable = (...RateCards: object[]) => ({
  PricingModel: 'Contract',
  Terms: [{ Type: 'ConfigurableUpfrontPricingTerm', CurrencyCode: 'USD', RateCards }],
})
const usage = (CurrencyCode: string) => ({
  PricingModel: 'Usage',
  Terms: [
    {
      Type: 'UsageBasedPricingTerm',
      CurrencyCode,
      RateCards: [{ RateCard: [{ DimensionKey: 'api_calls_1k', Price: '0.08000000' }] }],
    },
  ],
})
const validity = (term: object) => ({ Terms: [{ Type: 'ValidityTerm', ...term }] })
const buyers = (...BuyerAccounts: string[]) => ({ PositiveTargeting: { BuyerAccounts } })
const legal = (document: object) => ({ Terms: [{ Type: 'LegalTerm', Documents: [document] }] })
const many = Array.from({ length: 26 }, (_, index) => String(500000000000 + index))

const both = { PricingModel: 'Contract', Terms: [...fixed({}).Terms, ...configurable(card('P12M', { seats: '1.00' })).Terms] }
const ALONE = { UpdatePaymentScheduleTerms: undefined, UpdateValidityTerms: undefined, ReleaseOffer: undefined }

const refused: [code: string, changes: Changes][] = [
  ['ReleaseOffer MISSING_NAME', but(SCHEDULED, { UpdateInformation: { Description: 'only' } })],
  ['ReleaseOffer MISSING_DESCRIPTION', but(SCHEDULED, { UpdateInformation: { Name: 'only' } })],
  ['ReleaseOffer MISSING_BUYER_ACCOUNTS', but(SCHEDULED, { UpdateTargeting: undefined })],
  ['ReleaseOffer MISSING_AVAILABILITY_END_DATE', but(SCHEDULED, { UpdateAvailability: undefined })],
  ['UpdateAvailability MISSING_AVAILABILITY_END_DATE', but(SCHEDULED, { UpdateAvailability: {} })],
  [
    'UpdateAvailability INVALID_AVAILABILITY_END_DATE',
    but(SCHEDULED, { UpdateAvailability: { AvailabilityEndDate: '2026-11-02' } }),
  ],
  ['ReleaseOffer MISSING_MANDATORY_TERMS', but(SCHEDULED, { UpdateLegalTerms: undefined })],
  ['ReleaseOffer MISSING_MANDATORY_TERMS', but(CONFIGURABLE, { UpdatePricingTerms: undefined })],
  ['ReleaseOffer MISSING_MANDATORY_TERMS', but(SCHEDULED, { UpdatePaymentScheduleTerms: undefined })],
  ['ReleaseOffer MISSING_MANDATORY_TERMS', but(SCHEDULED, { UpdateValidityTerms: undefined })],
  ['ReleaseOffer INCOMPATIBLE_PRODUCT', but(SCHEDULED, { CreateOffer: { ProductId: 'prod-unlisted' } })],
  [
    'CreateOffer INCOMPATIBLE_PRODUCT',
    but(SCHEDULED, { CreateOffer: { ProductId: DEFAULT_PRODUCT.id, OfferSetId: 'offerset-1' } }),
  ],
  ['UpdateTargeting TOO_MANY_BUYER_ACCOUNTS', but(SCHEDULED, { UpdateTargeting: buyers(...many) })],
  ['UpdateTargeting INVALID_BUYER_ACCOUNTS', but(SCHEDULED, { UpdateTargeting: buyers(BUYER, '000000000001') })],
  [
    'UpdateTargeting INVALID_TARGETING',
    but(SCHEDULED, { UpdateTargeting: { ...buyers(BUYER), NegativeTargeting: { CountryCodes: ['FR'] } } }),
  ],
  [
    'UpdatePricingTerms INVALID_GRANTS',
    but(SCHEDULED, { UpdatePricingTerms: fixed({ Grants: [{ DimensionKey: 'chairs', MaxQuantity: 1 }] }) }),
  ],
  ['UpdatePricingTerms MISSING_DURATION', but(SCHEDULED, { UpdatePricingTerms: fixed({ Duration: undefined }) })],
  ['UpdatePricingTerms INVALID_DURATION', but(SCHEDULED, { UpdatePricingTerms: fixed({ Duration: 'P11M' }) })],
  [
    'UpdatePaymentScheduleTerms INCOMPATIBLE_CURRENCY_CODE',
    but(SCHEDULED, { UpdatePricingTerms: fixed({ CurrencyCode: 'EUR' }) }),
  ],
  ['UpdatePaymentScheduleTerms INCOMPATIBLE_TERMS', but(SCHEDULED, { UpdatePricingTerms: fixed({ Price: '100.00' }) })],
  [
    'UpdatePaymentScheduleTerms DUPLICATE_CHARGE_DATES',
    but(SCHEDULED, { UpdatePaymentScheduleTerms: schedule('2027-01-01', '2027-01-01') }),
  ],
  ['UpdatePaymentScheduleTerms INVALID_CHARGE_DATES', but(SCHEDULED, { UpdatePaymentScheduleTerms: schedule('2026-11-01') })],
  [
    'UpdatePaymentScheduleTerms INVALID_CHARGE_DATES',
    but(SCHEDULED, { UpdatePaymentScheduleTerms: schedule('2026-12-01', '2027-11-03') }),
  ],
  [
    'UpdatePaymentScheduleTerms TOO_MANY_BACKDATED_CHARGES',
    but(SCHEDULED, { UpdatePaymentScheduleTerms: schedule('2026-12-01', '2026-12-15') }),
  ],
  [
    'UpdatePricingTerms DUPLICATE_TERM_TYPES',
    but(SCHEDULED, { UpdatePricingTerms: { PricingModel: 'Contract', Terms: [...fixed({}).Terms, ...fixed({}).Terms] } }),
  ],
  [
    'UpdatePricingTerms INCOMPATIBLE_PRICING_MODEL',
    but(SCHEDULED, { UpdatePricingTerms: { ...fixed({}), PricingModel: 'Usage' } }),
  ],
  [
    'UpdatePricingTerms INVALID_RATE_CARD',
    but(CONFIGURABLE, { UpdatePricingTerms: configurable(card('P12M', { chairs: '1.00' })) }),
  ],
  [
    'UpdatePricingTerms DUPLICATE_SELECTORS',
    but(CONFIGURABLE, { UpdatePricingTerms: configurable(card('P12M', { seats: '1.00' }), card('P1Y', { seats: '2.00' })) }),
  ],
  [
    'UpdatePricingTerms INCOMPATIBLE_RATES',
    but(CONFIGURABLE, {
      UpdatePricingTerms: configurable(card('P12M', { seats: '1.00' }), card('P24M', { overage_seats: '2.00' })),
    }),
  ],
  [
    'UpdatePricingTerms INCOMPATIBLE_RATE_CARD_CONSTRAINTS',
    but(CONFIGURABLE, { UpdatePricingTerms: configurable(card('P12M', { seats: '1.00' }, 'Allowed', 'Disallowed')) }),
  ],
  ['UpdatePricingTerms INCOMPATIBLE_TERMS', but(SCHEDULED, { ...ALONE, UpdatePricingTerms: both })],
  [
    'UpdatePaymentScheduleTerms INCOMPATIBLE_TERMS',
    but(SCHEDULED, {
      UpdatePricingTerms: CONFIGURABLE['UpdatePricingTerms'],
      UpdateValidityTerms: undefined,
      ReleaseOffer: undefined,
    }),
  ],
  [
    'UpdateValidityTerms INVALID_AGREEMENT_DURATION',
    but(CONFIGURABLE, { UpdatePricingTerms: usage('USD'), UpdateValidityTerms: validity({ AgreementDuration: 'P0D' }) }),
  ],
  [
    'UpdateValidityTerms INVALID_AGREEMENT_TIME_INTERVAL',
    but(SCHEDULED, {
      UpdateValidityTerms: validity({ AgreementStartDate: '2027-07-01', AgreementEndDate: '2027-06-30' }),
      UpdatePaymentScheduleTerms: schedule('2027-01-01'),
    }),
  ],
  [
    'UpdatePricingTerms DUPLICATE_DIMENSION_KEYS',
    but(CONFIGURABLE, {
      UpdatePricingTerms: configurable({
        ...card('P12M', {}),
        RateCard: ['1.00', '2.00'].map((Price) => ({ DimensionKey: 'seats', Price })),
      }),
    }),
  ],
  [
    'UpdateValidityTerms MISSING_AGREEMENT_START_DATE',
    but(CONFIGURABLE, { UpdateValidityTerms: validity({ AgreementDuration: 'P12M' }) }),
  ],
  [
    'UpdateValidityTerms MISSING_AGREEMENT_END_DATE',
    but(SCHEDULED, { UpdateValidityTerms: validity({ AgreementStartDate: '2027-01-01' }) }),
  ],
  [
    'UpdateValidityTerms INVALID_AGREEMENT_START_DATE',
    but(SCHEDULED, { UpdateValidityTerms: validity({ AgreementStartDate: '2026-12-15', AgreementEndDate: '2027-12-14' }) }),
  ],
  [
    'UpdateValidityTerms INVALID_AGREEMENT_START_DATE',
    but(SCHEDULED, { UpdateValidityTerms: validity({ AgreementStartDate: '2029-11-03', AgreementEndDate: '2030-11-02' }) }),
  ],
  [
    'UpdateValidityTerms INCOMPATIBLE_TERMS',
    but(SCHEDULED, {
      UpdateValidityTerms: validity({
        AgreementDuration: 'P12M',
        AgreementStartDate: '2027-01-01',
        AgreementEndDate: '2027-12-31',
      }),
    }),
  ],
  [
    'UpdatePricingTerms INCOMPATIBLE_CURRENCY_CODE',
    but(CONFIGURABLE, { UpdatePricingTerms: usage('EUR'), UpdateValidityTerms: validity({ AgreementDuration: 'P450D' }) }),
  ],
  ['ReleaseOffer MISSING_MANDATORY_TERMS', but(CONFIGURABLE, { UpdatePricingTerms: usage('USD') })],
  [
    'UpdateNetPaymentTerms INVALID_PAYMENT_DUE_PERIOD',
    but(SCHEDULED, { UpdateNetPaymentTerms: { Terms: [{ Type: 'NetPaymentTerm', PaymentDuePeriod: 'P31D' }] } }),
  ],
  [
    'UpdateLegalTerms INVALID_LEGAL_DOCUMENTS',
    but(SCHEDULED, { UpdateLegalTerms: legal({ Type: 'StandardEula', Version: '2019-04-24' }) }),
  ],
  [
    'UpdateLegalTerms INVALID_LEGAL_DOCUMENTS',
    but(SCHEDULED, { UpdateLegalTerms: legal({ Type: 'CustomEula', Url: 'https://example.com/eula.pdf' }) }),
  ],
]

describe('the rules that a change set meets when it is applied', () => {
  it.each(refused)('fails with %s (%#)', async (code, changes) => {
    expect(await errorsOf(changeSetOf(changes))).toEqual([code])
  })

  it('tells every error of a change set', async () => {
    const changes = but(SCHEDULED, {
      UpdateInformation: { Name: 'only' },
      UpdatePaymentScheduleTerms: schedule('2026-12-01', '2026-12-02'),
    })
    expect(await errorsOf(changeSetOf(changes))).toEqual([
      'UpdatePaymentScheduleTerms TOO_MANY_BACKDATED_CHARGES',
      'ReleaseOffer MISSING_DESCRIPTION',
    ])
  })

  it('leaves nothing of a failed change set', async () => {
    const before = await market.offers()
    await errorsOf(changeSetOf(but(SCHEDULED, { UpdateInformation: { Name: 'only' } })))
    expect((await market.offers()).EntitySummaryList).toEqual(before.EntitySummaryList)
  })

  const accepted: [name: string, changes: Changes][] = [
    ['a payment schedule', SCHEDULED],
    ['prices that the buyer configures', CONFIGURABLE],
    ['a charge on the first day', but(SCHEDULED, { UpdatePaymentScheduleTerms: schedule('2026-11-02', '2026-12-16') })],
    [
      'a document of its own',
      but(SCHEDULED, { UpdateLegalTerms: legal({ Type: 'CustomEula', Url: 'https://terms.s3.amazonaws.com/eula.pdf' }) }),
    ],
    [
      'a start in the future',
      but(SCHEDULED, {
        UpdateValidityTerms: validity({ AgreementStartDate: '2027-01-01', AgreementEndDate: '2027-12-31' }),
        UpdatePaymentScheduleTerms: schedule('2027-01-01'),
      }),
    ],
    [
      'usage',
      but(CONFIGURABLE, { UpdatePricingTerms: usage('USD'), UpdateValidityTerms: validity({ AgreementDuration: 'P450D' }) }),
    ],
  ]
  it.each(accepted)('releases an offer with %s', async (_, changes) => {
    const reversed = changeSetOf(changes).toReversed()
    expect(await errorsOf(reversed)).toEqual([])
  })
})

describe('the rules for an offer that is released', () => {
  let offerId: string
  beforeAll(async () => {
    offerId = await market.release()
  })

  const change = (type: string, details: unknown) => errorsOf([changeOf(type, details, offerId)])

  it.each([
    ['UpdateTargeting', 'INCOMPATIBLE_TARGETING'],
    ['UpdatePricingTerms', 'INVALID_UPDATE_REQUEST'],
    ['UpdatePaymentScheduleTerms', 'INCOMPATIBLE_TERMS'],
    ['UpdateValidityTerms', 'INCOMPATIBLE_TERMS'],
    ['ReleaseOffer', 'INVALID_UPDATE_REQUEST'],
    ['UpdateLegalTerms', 'INCOMPATIBLE_TERMS'],
  ])('refuses %s', async (type, code) => {
    expect(await change(type, SCHEDULED[type])).toEqual([`${type} ${code}`])
  })

  it('keeps what it says of an agreement before', async () => {
    const PreExistingAgreement = { AcquisitionChannel: 'External', PricingModel: 'Contract' }
    expect(await change('UpdateInformation', { PreExistingAgreement })).toEqual(['UpdateInformation INVALID_UPDATE_REQUEST'])
    expect(await change('UpdateInformation', { Description: 'another' })).toEqual([])
  })

  it('refuses an expiry beyond its second charge', async () => {
    expect(await change('UpdateAvailability', { AvailabilityEndDate: '2027-03-01' })).toEqual([
      'UpdateAvailability TOO_MANY_BACKDATED_CHARGES',
    ])
  })

  it('takes a later expiry, and one in the past', async () => {
    expect(await change('UpdateAvailability', { AvailabilityEndDate: '2027-02-28' })).toEqual([])
    expect(await change('UpdateAvailability', { AvailabilityEndDate: '2026-11-01' })).toEqual([])
  })
})
