import {
  BatchCreateBillingAdjustmentRequestCommand,
  type BatchCreateBillingAdjustmentRequestEntry,
  ListAgreementInvoiceLineItemsCommand,
  type ListAgreementInvoiceLineItemsInput,
  ListBillingAdjustmentRequestsCommand,
} from '@aws-sdk/client-marketplace-agreement'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Agreement, acceptOffer } from '../../infra/local/marketplaces/aws/agreements.ts'
import { invoiceAgreement, refundInvoice } from '../../infra/local/marketplaces/aws/billing.ts'
import { renewAgreement } from '../../infra/local/marketplaces/aws/renewal.ts'
import { BUYER, CONFIGURABLE, type Marketplace, openMarketplace, refusal } from '../support/aws-marketplace.ts'

let market: Marketplace
let agreement: Agreement
beforeEach(async () => {
  market = await openMarketplace()
  agreement = await acceptOffer(market.world, await market.release(), BUYER)
})
afterEach(() => market.close())

const until = (instant: string) => market.after((Date.parse(instant) - market.world.now().getTime()) / 1000)
const items = async (other: Partial<ListAgreementInvoiceLineItemsInput> = {}) => {
  const { agreementInvoiceLineItemGroupSummaries = [] } = await market.agreement.send(
    new ListAgreementInvoiceLineItemsCommand({ agreementId: agreement.id, groupBy: 'INVOICE_ID', ...other }),
  )
  return agreementInvoiceLineItemGroupSummaries
}
const amounts = async (other: Partial<ListAgreementInvoiceLineItemsInput> = {}) =>
  (await items(other)).map((item) => item.pricingCurrencyAmount?.amount)

describe('invoices', () => {
  it('are issued on the dates of the schedule that have come, once', async () => {
    expect(await invoiceAgreement(market.world, agreement.id)).toEqual([])
    await until('2027-03-05T00:00:00Z')
    await invoiceAgreement(market.world, agreement.id, '2026-12-31T00:00:00Z')
    expect(await amounts()).toEqual(['40000.00'])
    await invoiceAgreement(market.world, agreement.id)
    await invoiceAgreement(market.world, agreement.id)
    expect(await items()).toEqual([
      {
        agreementId: agreement.id,
        invoiceId: expect.stringMatching(/^\d{10}$/),
        pricingCurrencyAmount: { amount: '40000.00', maxAdjustmentAmount: '40000.00', currencyCode: 'USD' },
        invoiceBillingPeriod: { month: 12, year: 2026 },
        issuedTime: new Date('2026-12-01T00:00:00Z'),
        invoiceType: 'INVOICE',
        invoicingEntity: { legalName: 'Amazon Web Services, Inc.' },
      },
      expect.objectContaining({ issuedTime: new Date('2027-03-01T00:00:00Z') }),
    ])
  })

  it('are issued for the whole price at once when it is paid upfront', async () => {
    const upfront = await acceptOffer(market.world, await market.release(CONFIGURABLE), BUYER, { quantities: { seats: 1000 } })
    await invoiceAgreement(market.world, upfront.id)
    expect(await amounts({ agreementId: upfront.id })).toEqual(['180125.00'])
  })

  it('are numbered apart for a renewal', async () => {
    const next = await renewAgreement(market.world, agreement.id)
    await until('2027-12-02T00:00:00Z')
    await invoiceAgreement(market.world, agreement.id)
    await invoiceAgreement(market.world, next.id)
    expect(await amounts()).toEqual(['40000.00', '30000.00', '30000.00'])
    expect(await amounts({ agreementId: next.id })).toEqual(['40000.00'])
  })

  it('are found by number, kind, period and time', async () => {
    await until('2027-06-02T00:00:00Z')
    const [first] = await invoiceAgreement(market.world, agreement.id)
    await refundInvoice(market.world, agreement.id, first?.id ?? '', '100.00', 'OTHER')
    expect(await amounts({ invoiceId: first?.id ?? '' })).toEqual(['40000.00'])
    expect(await amounts({ invoiceType: 'CREDIT_MEMO' })).toEqual(['-100.00'])
    expect(await amounts({ invoiceBillingPeriod: { month: 3, year: 2027 } })).toEqual(['30000.00'])
    expect(await amounts({ afterIssuedTime: new Date('2027-06-01T12:00:00Z') })).toEqual(['-100.00'])
    expect(await amounts({ beforeIssuedTime: new Date('2027-03-01T00:00:00Z') })).toEqual(['40000.00'])
    expect((await items({ maxResults: 1 })).length).toBe(1)
  })
})

describe('refunds', () => {
  let invoiceId: string
  beforeEach(async () => {
    await until('2026-12-02T00:00:00Z')
    const [first] = await invoiceAgreement(market.world, agreement.id)
    invoiceId = first?.id ?? ''
  })

  const entry = (other: Partial<BatchCreateBillingAdjustmentRequestEntry> = {}): BatchCreateBillingAdjustmentRequestEntry => ({
    agreementId: agreement.id,
    originalInvoiceId: invoiceId,
    adjustmentAmount: '100.00',
    currencyCode: 'USD',
    adjustmentReasonCode: 'INCORRECT_TERMS_ACCEPTED',
    clientToken: 'refund-1',
    ...other,
  })
  const refund = (...billingAdjustmentRequestEntries: BatchCreateBillingAdjustmentRequestEntry[]) =>
    market.agreement.send(new BatchCreateBillingAdjustmentRequestCommand({ billingAdjustmentRequestEntries }))
  const requests = async (other = {}) =>
    (await market.agreement.send(new ListBillingAdjustmentRequestsCommand({ agreementId: agreement.id, ...other }))).items ?? []

  it('are PENDING for a minute and then a credit memo, which an event tells', async () => {
    const { items: created, errors } = await refund(entry())
    const id = created?.[0]?.billingAdjustmentRequestId
    expect([id, errors]).toEqual([expect.stringMatching(/^ba-[a-z0-9]{13}$/), []])
    expect(await requests()).toMatchObject([{ billingAdjustmentRequestId: id, status: 'PENDING', adjustmentAmount: '100.00' }])
    expect((await items())[0]?.pricingCurrencyAmount?.maxAdjustmentAmount).toBe('39900.00')
    await market.after(60)
    expect(await requests({ status: 'COMPLETED' })).toMatchObject([{ updatedAt: new Date('2026-12-02T00:01:00Z') }])
    expect((await items())[1]).toMatchObject({
      invoiceType: 'CREDIT_MEMO',
      issuedTime: new Date('2026-12-02T00:01:00Z'),
      pricingCurrencyAmount: { amount: '-100.00', maxAdjustmentAmount: '0.00' },
    })
    expect(market.events('Purchase Agreement Billing Adjustment Completed - Proposer')).toMatchObject([
      {
        resources: [],
        detail: {
          agreement: { id: agreement.id },
          billingAdjustmentRequest: {
            id,
            adjustmentAmount: '-100.00',
            currencyCode: 'USD',
            adjustmentReasonCode: 'INCORRECT_TERMS_ACCEPTED',
          },
          invoice: { originalInvoiceId: invoiceId },
        },
      },
    ])
  })

  it('of more than the invoice fail later', async () => {
    await refund(entry({ adjustmentAmount: '40000.01' }))
    await market.after(60)
    expect(await requests()).toMatchObject([{ status: 'VALIDATION_FAILED' }])
    expect(await amounts()).toEqual(['40000.00'])
    expect(market.events('Purchase Agreement Billing Adjustment Failed - Proposer')).toMatchObject([
      { detail: { billingAdjustmentRequest: { adjustmentAmount: '-40000.01' } } },
    ])
  })

  it('are made once for a token, which is forgotten after eight hours', async () => {
    const first = await refund(entry())
    expect(await refund(entry())).toMatchObject({ items: first.items ?? [], errors: [] })
    expect(await refund(entry({ adjustmentAmount: '1.00' }))).toMatchObject({
      items: [],
      errors: [{ code: 'VALIDATION_EXCEPTION' }],
    })
    await market.after(8 * 3600)
    await refund(entry())
    expect(await requests()).toHaveLength(2)
  })

  it.each([
    ['RESOURCE_NOT_FOUND_EXCEPTION', { originalInvoiceId: '2500000000' }],
    ['VALIDATION_EXCEPTION', { adjustmentAmount: '-1.00' }],
    ['VALIDATION_EXCEPTION', { adjustmentAmount: '0.00' }],
    ['VALIDATION_EXCEPTION', { currencyCode: 'EUR' }],
  ])('answer the error %s for an entry (%#)', async (code, other) => {
    expect(await refund(entry(other))).toMatchObject({ items: [], errors: [{ code, clientToken: 'refund-1' }] })
    expect(await requests()).toEqual([])
  })

  it('conflict while another of the same invoice is pending', async () => {
    const answer = await refund(entry(), entry({ clientToken: 'refund-2' }))
    expect(answer.items).toHaveLength(1)
    expect(answer.errors).toMatchObject([{ code: 'CONFLICT_EXCEPTION', clientToken: 'refund-2' }])
  })

  it('are refused as a whole without entries, with too many, of several agreements and of none that exists', async () => {
    const refused = async (...entries: BatchCreateBillingAdjustmentRequestEntry[]) => refusal(refund(...entries))
    expect(await refused()).toMatchObject({ reason: 'MISSING_BILLING_ADJUSTMENT_REQUEST_ENTRY' })
    expect(await refused(...Array.from({ length: 6 }, () => entry()))).toMatchObject({
      reason: 'BILLING_ADJUSTMENTS_LIMIT_EXCEEDED',
    })
    expect(await refused(entry(), entry({ agreementId: 'agmt-other' }))).toMatchObject({ reason: 'MULTIPLE_AGREEMENT_IDS' })
    await market.after(1)
    expect(await refused(entry({ agreementId: 'agmt-other' }))).toMatchObject({ name: 'ResourceNotFoundException' })
  })

  it('by hand are complete at once and never more than the invoice', async () => {
    await refundInvoice(market.world, agreement.id, invoiceId, '40000.00', 'BUYER_DISSATISFACTION')
    expect(await amounts()).toEqual(['40000.00', '-40000.00'])
    const more = refundInvoice(market.world, agreement.id, invoiceId, '0.01', 'OTHER')
    expect(await refusal(more)).toMatchObject({ code: 'conflict' })
    expect(await refusal(refundInvoice(market.world, agreement.id, 'ghost', '1.00', 'OTHER'))).toMatchObject({
      code: 'not_found',
    })
    expect(await refusal(refundInvoice(market.world, agreement.id, invoiceId, '1', 'MOOD'))).toMatchObject({
      code: 'invalid_request',
    })
  })
})
