import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Answers, serviceOf, snapshotOf } from '../../../lib/agreements/aws/snapshot.ts'
import { addMonths, wholeMonths } from '../../../lib/core/period.ts'

const at = (instant: string) => new Date(instant)
const NOW = at('2027-04-01T00:00:00.000Z')

const agreement: Answers['agreement'] = {
  agreementId: 'agmt-1',
  acceptor: { accountId: '310000000009' },
  proposer: { accountId: '111122223333' },
  acceptanceTime: at('2026-11-10T12:54:43.232Z'),
  startTime: at('2026-11-10T12:54:43.232Z'),
  endTime: at('2027-11-10T12:54:43.232Z'),
  agreementType: 'PurchaseAgreement',
  estimatedCharges: { currencyCode: 'USD', agreementValue: '100000.00' },
  proposalSummary: { offerId: 'offer-a', resources: [{ id: 'prod-a', type: 'SaaSProduct' }] },
  status: 'ACTIVE',
}
const answers = (changes: Partial<Answers> = {}): Answers => ({ agreement, terms: [], invoices: [], adjustments: [], ...changes })
const read = (changes: Partial<Answers['agreement']> = {}, now = NOW) =>
  snapshotOf(answers({ agreement: { ...agreement, ...changes } }), now)

describe('the snapshot of an agreement', () => {
  it('says who bought what, when, for how long and for how much', () => {
    expect(read()).toEqual({
      marketplace: 'aws',
      id: 'agmt-1',
      status: 'active',
      offerExternalId: 'offer-a',
      buyerId: '310000000009',
      productId: 'prod-a',
      acceptedAt: '2026-11-10T12:54:43.232Z',
      activatedAt: '2026-11-10T12:54:43.232Z',
      service: { from: '2026-11-10', to: '2027-11-10' },
      value: { amount: 10_000_000, currency: 'USD' },
      schedule: [],
      invoices: [],
    })
  })

  it.each([
    ['ACTIVE', 'active'],
    ['RENEWED', 'ended'],
    ['REPLACED', 'ended'],
    ['EXPIRED', 'ended'],
    ['CANCELLED', 'ended'],
    ['TERMINATED', 'ended'],
    ['SUPERSEDED', 'ended'],
  ] as const)('takes %s for %s', (status, expected) => {
    expect(read({ status }).status).toBe(expected)
  })

  it('is pending, and not yet activated, until its start', () => {
    const startTime = at('2027-05-01T00:00:00.000Z')
    const pending = read({ startTime, endTime: at('2028-04-30T23:59:59.999Z') })
    expect(pending).toMatchObject({ status: 'pending', service: { from: '2027-05-01', to: '2028-05-01' } })
    expect(pending).not.toHaveProperty('activatedAt')
    expect(read({ startTime }, startTime)).toMatchObject({ status: 'active', activatedAt: '2027-05-01T00:00:00.000Z' })
  })

  it('has no offer and no value where the marketplace tells none', () => {
    const { proposalSummary: _, estimatedCharges: __, ...rest } = agreement
    const bare = snapshotOf(answers({ agreement: { ...rest, proposalSummary: { resources: [{ id: 'prod-a' }] } } }), NOW)
    expect(bare).not.toHaveProperty('offerExternalId')
    expect(bare).not.toHaveProperty('value')
  })

  it('renews itself where the buyer has switched that on', () => {
    const renewing = (enableAutoRenew: boolean) =>
      snapshotOf(answers({ terms: [{ renewalTerm: { type: 'RenewalTerm', configuration: { enableAutoRenew } } }] }), NOW)
    expect(renewing(true)).toMatchObject({ renewsItself: true })
    expect(renewing(false)).not.toHaveProperty('renewsItself')
  })

  it.each<[string, NonNullable<Answers['agreement']['endTimeBehavior']>, boolean]>([
    ['does', { type: 'RENEW', renewalSummary: { offerId: 'offer-a' } }, true],
    ['does not: it has as often as it may', { type: 'EXPIRE', reasonCode: 'RENEWAL_LIMIT_EXHAUSTED' }, false],
    ['does not: the seller prevents it', { type: 'EXPIRE', reasonCode: 'PROPOSER_RENEW_OPTED_OUT' }, false],
  ])('renews itself as AWS says, whatever the buyer has switched: it %s', (_, endTimeBehavior, renews) => {
    const terms = [{ renewalTerm: { type: 'RenewalTerm', configuration: { enableAutoRenew: true } } }]
    const { renewsItself = false } = snapshotOf(answers({ agreement: { ...agreement, endTimeBehavior }, terms }), NOW)
    expect(renewsItself).toBe(renews)
  })

  it('takes the installments from the payment schedule and passes by terms that it does not know', () => {
    const terms: Answers['terms'] = [
      { $unknown: ['termOfNextYear', { type: 'TermOfNextYear' }] },
      { validityTerm: { type: 'ValidityTerm', agreementDuration: 'P12M' } },
      {
        paymentScheduleTerm: {
          type: 'PaymentScheduleTerm',
          currencyCode: 'JPY',
          schedule: [{ chargeDate: at('2026-12-01T00:00:00Z'), chargeAmount: '5000' }],
        },
      },
    ]
    expect(snapshotOf(answers({ terms }), NOW).schedule).toEqual([
      { on: '2026-12-01', amount: { amount: 5000, currency: 'JPY' } },
    ])
  })

  it.each([
    ['no buyer', { acceptor: {} }, 'acceptor.accountId is missing'],
    ['a value that no cent can hold', { estimatedCharges: { agreementValue: '1.005', currencyCode: 'USD' } }, 'no exact amount'],
    ['a value without a currency', { estimatedCharges: { agreementValue: '1.00' } }, 'currency of agreementValue is missing'],
  ])('is refused with %s, so that nothing wrong is booked', (_, changes, message) => {
    expect(() => read(changes)).toThrow(message)
  })
})

describe('the service period', () => {
  it.each([
    ['the same time of day', '2026-11-10T12:54:43.232Z', '2027-11-10T12:54:43.232Z', '2026-11-10', '2027-11-10'],
    ['whole days', '2027-01-01T00:00:00.000Z', '2027-12-31T23:59:59.999Z', '2027-01-01', '2028-01-01'],
    ['an end without milliseconds', '2027-01-01T00:00:00Z', '2027-12-31T23:59:59Z', '2027-01-01', '2028-01-01'],
    ['midnight to midnight', '2027-01-01T00:00:00Z', '2028-01-01T00:00:00Z', '2027-01-01', '2028-01-01'],
    ['the last second of the day twice', '2027-01-01T23:59:59.500Z', '2028-01-01T23:59:59.500Z', '2027-01-01', '2028-01-01'],
    ['from the afternoon to the end of a day', '2026-11-10T12:54:43Z', '2027-11-09T23:59:59.999Z', '2026-11-10', '2027-11-10'],
    ['the end of January', '2027-01-31T08:00:00Z', '2027-02-28T08:00:00Z', '2027-01-31', '2027-02-28'],
    ['an early end', '2027-01-01T08:00:00Z', '2027-01-20T17:00:00Z', '2027-01-01', '2027-01-20'],
  ])('runs by %s', (_, start, end, from, to) => {
    expect(serviceOf(at(start), at(end))).toEqual({ from, to })
  })

  it.each([
    ['no end', undefined],
    ['the year 9999', '9999-01-01T00:00:00Z'],
    ['an end on the first day', '2027-01-01T20:00:00Z'],
  ])('is absent with %s', (_, end) => {
    expect(serviceOf(at('2027-01-01T08:00:00Z'), end ? at(end) : undefined)).toBeUndefined()
  })

  it('of whole months comes out on the month grid', () => {
    const start = fc.date({ min: at('2020-01-01T00:00:00Z'), max: at('2035-12-31T23:59:59.999Z'), noInvalidDate: true })
    fc.assert(
      fc.property(start, fc.integer({ min: 1, max: 60 }), (from, months) => {
        const [day, time] = from.toISOString().split('T')
        const end = addMonths(day ?? '', months)
        const service = serviceOf(from, at(`${end}T${time}`))
        expect(service && wholeMonths(service.from, service.to)).toBe(months)
      }),
    )
  })
})

describe('the invoices of an agreement', () => {
  const line = (invoiceId: string, amount: string, issued: string, invoiceType: 'INVOICE' | 'CREDIT_MEMO' = 'INVOICE') => ({
    agreementId: 'agmt-1',
    invoiceId,
    pricingCurrencyAmount: { amount, currencyCode: 'USD' },
    issuedTime: at(issued),
    invoiceType,
  })
  const credit = (id: string, amount: string, issued: string) => line(id, amount, issued, 'CREDIT_MEMO')
  const request = (
    originalInvoiceId: string,
    adjustmentAmount: string,
    created: string,
    status: 'COMPLETED' | 'VALIDATION_FAILED' | 'PENDING' = 'COMPLETED',
  ) => ({
    billingAdjustmentRequestId: `ba-${created}`,
    originalInvoiceId,
    adjustmentAmount,
    currencyCode: 'USD',
    status,
    agreementId: 'agmt-1',
    createdAt: at(created),
    updatedAt: at(created),
    agreementType: 'PurchaseAgreement',
    catalog: 'AWSMarketplace',
  })
  const invoices = (changes: Partial<Answers>) => snapshotOf(answers(changes), NOW).invoices
  const corrections = (changes: Partial<Answers>) => invoices(changes).map(({ id, corrects }) => [id, corrects])

  const billed = [line('i1', '40000.00', '2026-12-01T01:00:00Z'), line('i2', '30000.00', '2027-03-01T01:00:00Z')]

  it('are in order of time, in minor units, and a credit memo is negative whatever its sign', () => {
    const lines = [credit('c2', '50.00', '2027-03-05T00:00:00Z'), ...billed, credit('c1', '-100.00', '2027-03-04T00:00:00Z')]
    expect(invoices({ invoices: lines })).toEqual([
      { id: 'i1', type: 'invoice', issuedOn: '2026-12-01', amount: { amount: 4_000_000, currency: 'USD' } },
      { id: 'i2', type: 'invoice', issuedOn: '2027-03-01', amount: { amount: 3_000_000, currency: 'USD' } },
      { id: 'c1', type: 'credit', issuedOn: '2027-03-04', amount: { amount: -10_000, currency: 'USD' } },
      { id: 'c2', type: 'credit', issuedOn: '2027-03-05', amount: { amount: -5000, currency: 'USD' } },
    ])
  })

  it('tell which one a credit memo takes back, by the amount of the request before it', () => {
    const lines = [...billed, credit('c1', '-100.00', '2027-03-04T00:00:00Z'), credit('c2', '-50.00', '2027-03-05T00:00:00Z')]
    const adjustments = [request('i2', '50.00', '2027-03-03T00:00:00Z'), request('i1', '100.00', '2027-03-03T12:00:00Z')]
    expect(corrections({ invoices: lines, adjustments }).slice(2)).toEqual([
      ['c1', 'i1'],
      ['c2', 'i2'],
    ])
  })

  it('give equal refunds to their requests in turn', () => {
    const lines = [...billed, credit('c1', '-100.00', '2027-03-04T00:00:00Z'), credit('c2', '-100.00', '2027-03-09T00:00:00Z')]
    const adjustments = [request('i2', '100.00', '2027-03-08T00:00:00Z'), request('i1', '100.00', '2027-03-03T00:00:00Z')]
    expect(corrections({ invoices: lines, adjustments }).slice(2)).toEqual([
      ['c1', 'i1'],
      ['c2', 'i2'],
    ])
  })

  it.each([
    ['came after it', request('i1', '100.00', '2027-03-05T00:00:00Z')],
    ['was refused', request('i1', '100.00', '2027-03-03T00:00:00Z', 'VALIDATION_FAILED')],
    ['was for another amount', request('i1', '99.99', '2027-03-03T00:00:00Z')],
  ])('do not explain a credit memo by a request that %s', (_, adjustment) => {
    const lines = [...billed, credit('c1', '-100.00', '2027-03-04T00:00:00Z')]
    expect(corrections({ invoices: lines, adjustments: [adjustment] }).at(-1)).toEqual(['c1', undefined])
  })
})
