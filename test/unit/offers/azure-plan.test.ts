import { describe, expect, it } from 'vitest'
import { configureRequest, withdrawal } from '../../../lib/offers/azure/plan.ts'
import type { AzureOffer } from '../../../lib/offers/offer.ts'
import { usd } from '../../support/usd.ts'
import { azureOffer, BILLING_ACCOUNT, PLAN, PRODUCT, sending } from './azure-offer.ts'

type Sent = { resources: [{ pricing: { recurrentPrice: { prices: unknown[] } } }, Record<string, unknown>] }
const sent = (changes: Partial<AzureOffer>) => configureRequest(azureOffer(changes)) as unknown
const priceIn = (changes: Partial<AzureOffer>) => (sent(changes) as Sent).resources[0].pricing.recurrentPrice.prices
const offerIn = (changes: Partial<AzureOffer>) => (sent(changes) as Sent).resources[1]

const year = (value: number) => ({ type: 'year', value })
const month = { type: 'month', value: 1 }

describe('the request that makes an offer on Azure', () => {
  it('is the price, then the offer that points to it', () => {
    expect(configureRequest(azureOffer())).toEqual({
      $schema: 'https://schema.mp.microsoft.com/schema/configure/2022-07-01',
      resources: [
        {
          $schema: 'https://schema.mp.microsoft.com/schema/price-and-availability-private-offer-plan/2023-07-15',
          resourceName: 'price',
          product: `product/${PRODUCT}`,
          plan: `plan/${PRODUCT}/${PLAN}`,
          offerPricingType: 'saasNewCustomizedPlans',
          pricing: {
            recurrentPrice: {
              recurrentPriceMode: 'flatRate',
              priceInputOption: 'usd',
              prices: [{ billingTerm: year(1), paymentOption: year(1), pricePerPaymentInUsd: 48000 }],
            },
          },
        },
        {
          $schema: 'https://schema.mp.microsoft.com/schema/private-offer/2023-07-15',
          name: 'Fabrikam 12m (off_1 1)',
          state: 'live',
          privateOfferType: 'customerPromotion',
          offerPricingType: 'saasNewCustomizedPlans',
          variableStartDate: true,
          end: '2027-12-31',
          acceptBy: '2026-12-20',
          preparedBy: 'deal.desk@contoso.example',
          notificationContacts: ['deal.desk@contoso.example'],
          beneficiaries: [{ id: BILLING_ACCOUNT, description: 'acc_1' }],
          pricing: [
            {
              product: `product/${PRODUCT}`,
              basePlan: `plan/${PRODUCT}/${PLAN}`,
              discountType: 'absolute',
              priceDetails: { resourceName: 'price' },
              newPlanDetails: { name: 'Fabrikam Enterprise', description: 'Negotiated enterprise plan' },
            },
          ],
        },
      ],
    })
  })

  it('carries the terms where there are any', () => {
    const termsUrl = 'https://contoso.example/terms.pdf?sig=1'
    expect(offerIn({ termsUrl })['termsAndConditionsDocSasUrl']).toBe(termsUrl)
  })

  it.each([
    [1, 'monthly', 420_000, { billingTerm: month, paymentOption: month, pricePerPaymentInUsd: 4200 }],
    [1, 'upfront', 420_050, { billingTerm: month, paymentOption: month, pricePerPaymentInUsd: 4200.5 }],
    [12, 'monthly', 4_000_008, { billingTerm: year(1), paymentOption: month, pricePerPaymentInUsd: 3333.34 }],
    [12, 'upfront', 4_000_001, { billingTerm: year(1), paymentOption: year(1), pricePerPaymentInUsd: 40000.01 }],
    [36, 'monthly', 3_600_036, { billingTerm: year(3), paymentOption: month, pricePerPaymentInUsd: 1000.01 }],
    [36, 'yearly', 12_000_000, { billingTerm: year(3), paymentOption: year(1), pricePerPaymentInUsd: 40000 }],
    [60, 'upfront', 99, { billingTerm: year(5), paymentOption: year(5), pricePerPaymentInUsd: 0.99 }],
  ] as const)('prices %i months paid %s at %i cents in equal payments', (termMonths, payments, amount, price) => {
    expect(priceIn({ termMonths, payments, price: usd(amount) })).toEqual([price])
  })

  it.each([
    ['2026-12-20', 12, '2027-12-31'],
    ['2026-12-01', 12, '2027-11-30'],
    ['2027-01-31', 1, '2027-02-28'],
    ['2027-02-28', 36, '2030-02-28'],
    ['2027-03-02', 48, '2031-03-31'],
  ])('ends with the month in which a term accepted on %s for %i months ends: %s', (expiresOn, termMonths, end) => {
    expect(offerIn({ expiresOn, termMonths, payments: 'upfront' })['end']).toBe(end)
  })
})

describe('the request that withdraws an offer on Azure', () => {
  const released = { externalId: '30000000-0000-4000-8000-000000000001' }

  it('names the offer, its types and the command', () => {
    expect(withdrawal(released.externalId, 'Fabrikam 12m (off_1 1)')).toEqual({
      $schema: 'https://schema.mp.microsoft.com/schema/configure/2022-07-01',
      resources: [
        {
          $schema: 'https://schema.mp.microsoft.com/schema/private-offer/2023-07-15',
          id: 'private-offer/30000000-0000-4000-8000-000000000001',
          name: 'Fabrikam 12m (off_1 1)',
          privateOfferType: 'customerPromotion',
          offerPricingType: 'saasNewCustomizedPlans',
          state: 'withdrawn',
        },
      ],
    })
  })

  it.each([
    ['before its call', azureOffer({ ...released, status: 'withdrawing' })],
    ['during its call', sending('withdraw', released)],
  ])('is what an offer that is being withdrawn plans: %s', (_, offer) => {
    expect(configureRequest(offer).resources).toEqual([expect.objectContaining({ state: 'withdrawn' })])
  })
})
