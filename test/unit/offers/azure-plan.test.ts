import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { command, configureRequest } from '../../../lib/offers/azure/plan.ts'
import { problemsOf } from '../../../lib/offers/azure/rules.ts'
import type { AzureOffer } from '../../../lib/offers/offer.ts'
import { usd } from '../../support/usd.ts'
import {
  azureOffer,
  BILLING_ACCOUNT,
  CSP_TENANT,
  CUSTOMER_TENANT,
  csp,
  flexible,
  metered,
  originator,
  PLAN,
  PRODUCT,
  percentage,
  perUser,
  RECEIVED,
  reservation,
  sellingPartner,
  sending,
  services,
  VM_PLAN,
  VM_PRODUCT,
} from './azure-offer.ts'

type Sent = { resources: [{ pricing: { recurrentPrice: { prices: unknown[] } } }, Record<string, unknown>] }
/** The resources as they are on the wire. */
const resourcesOf = (offer: AzureOffer): Record<string, unknown>[] =>
  JSON.parse(JSON.stringify(configureRequest(offer))).resources
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

describe('the request for other prices on Azure', () => {
  const [product, plan] = [`product/${PRODUCT}`, `plan/${PRODUCT}/${PLAN}`]
  const item = (offer: AzureOffer) => Object(resourcesOf(offer).at(-1))['pricing'][0] as unknown
  const edit = { privateOfferType: 'customerPromotion', offerPricingType: 'editExistingOfferPricingOnly' }

  it('takes a percentage off a plan, without a price of its own', () => {
    expect(resourcesOf(percentage())).toEqual([expect.objectContaining(edit)])
    expect(item(percentage())).toEqual({ product, plan, discountType: 'percentage', discountPercentage: 20 })
  })

  it('takes a percentage off every plan of a product', () => {
    const { basePlanId: _, ...all } = percentage({ pricing: { model: 'percentage', discountPercent: '12.5' } })
    expect(item(all)).toEqual({ product, discountType: 'percentage', discountPercentage: 12.5 })
  })

  it('changes the flat rate of a public plan, which gets no new name', () => {
    const { planName: _, planDescription: __, ...offer } = azureOffer()
    expect(resourcesOf(offer)).toMatchObject([{ plan, offerPricingType: edit.offerPricingType }, edit])
    expect(item(offer)).toEqual({ product, plan, discountType: 'absolute', priceDetails: { resourceName: 'price' } })
  })

  it('splits the price over users and payments', () => {
    expect(resourcesOf(perUser())[0]).toMatchObject({
      offerPricingType: 'saasNewCustomizedPlans',
      pricing: {
        recurrentPrice: {
          recurrentPriceMode: 'perUser',
          userLimits: { min: 20, max: 500 },
          prices: [{ billingTerm: year(1), paymentOption: month, pricePerPaymentInUsd: 40 }],
        },
      },
    })
  })

  it('has meters beside the recurrent price', () => {
    expect(resourcesOf(metered())[0]?.['pricing']).toMatchObject({
      recurrentPrice: { recurrentPriceMode: 'flatRate' },
      customMeters: {
        priceInputOption: 'usd',
        meters: {
          events: {
            pricePerPaymentInUsd: 0.002,
            includedQuantities: [{ billingTerm: year(1), quantity: 100_000, isInfinite: false }],
          },
          exports: { pricePerPaymentInUsd: 1, includedQuantities: [{ billingTerm: year(1), isInfinite: true }] },
        },
      },
    })
  })

  it('makes new plans of professional services under their own type', () => {
    expect(resourcesOf(services()).map((part) => part['offerPricingType'])).toEqual(['newCustomizedPlans', 'newCustomizedPlans'])
  })

  it('reserves virtual machines, without new plan details', () => {
    const [price, offer] = resourcesOf(reservation())
    expect(price).toMatchObject({
      offerPricingType: 'vmSoftwareReservations',
      softwareReservation: {
        reservationDuration: year(3),
        paymentSchedule: year(1),
        vmPrices: {
          '36Core': { quantity: 4, unitPricePerPaymentPeriodInUsd: 2200 },
          '8Core': { quantity: 1, unitPricePerPaymentPeriodInUsd: 600 },
        },
      },
    })
    expect(price).not.toHaveProperty('pricing')
    expect(offer?.['pricing']).toEqual([
      {
        product: `product/${VM_PRODUCT}`,
        basePlan: `plan/${VM_PRODUCT}/${VM_PLAN}`,
        discountType: 'absolute',
        priceDetails: { resourceName: 'price' },
      },
    ])
  })

  it('bills by a schedule', () => {
    const [price, offer] = resourcesOf(flexible())
    expect(price?.['pricing']).toEqual({
      recurrentPrice: {
        recurrentPriceMode: 'flatRate',
        priceInputOption: 'usd',
        prices: [
          {
            contractDuration: year(2),
            flexibleSchedule: {
              price: 48000,
              initialCharge: { pricePerPaymentInUsd: 0, note: 'delayed billing' },
              billingSchedule: [
                { chargeDate: '2027-03-01', pricePerPaymentInUsd: 24000, note: 'year 1' },
                { chargeDate: '2028-03-01', pricePerPaymentInUsd: 24000 },
              ],
            },
          },
        ],
      },
    })
    expect(offer?.['offerPricingType']).toBe('newCustomizedPlans')
  })
})

describe('what Azure charges over a whole term', () => {
  const cents = (usd: number) => Math.round(usd * 100)
  const priceIn = (offer: AzureOffer) => Object(configureRequest(offer).resources[0])
  const monthsIn = ({ type, value }: { type: string; value: number }) => (type === 'year' ? 12 * value : value)
  const term = fc.constantFrom(1, 12, 24, 36, 48, 60)
  const payments = fc.constantFrom('monthly', 'upfront')
  const each = fc.integer({ min: 1, max: 10_000_000 })
  const payCount = (months: number, rhythm: string) => (rhythm === 'monthly' ? months : 1)

  it('is the price, however many users pay it in however many payments', () => {
    fc.assert(
      fc.property(term, payments, each, fc.integer({ min: 1, max: 500 }), (termMonths, rhythm, amount, users) => {
        const price = usd(amount * users * payCount(termMonths, rhythm))
        const pricing = { model: 'per-user', users, minUsers: 1, maxUsers: 500 } as const
        const offer = perUser({ termMonths, payments: rhythm as 'monthly', price, listPrice: price, pricing })
        const [charge] = priceIn(offer).pricing.recurrentPrice.prices
        const count = monthsIn(charge.billingTerm) / monthsIn(charge.paymentOption)
        expect(cents(charge.pricePerPaymentInUsd) * users * count).toBe(price.amount)
        expect(problemsOf(offer, { today: '2026-11-02', flexibleBilling: false })).toEqual([])
      }),
    )
  })

  it('is the sum of a reservation, and of a flexible schedule', () => {
    const { reservationDuration, paymentSchedule, vmPrices } = priceIn(reservation()).softwareReservation
    const sizes: { quantity: number; unitPricePerPaymentPeriodInUsd: number }[] = Object.values(vmPrices)
    const payment = sizes.reduce((sum, size) => sum + size.quantity * cents(size.unitPricePerPaymentPeriodInUsd), 0)
    expect((payment * monthsIn(reservationDuration)) / monthsIn(paymentSchedule)).toBe(reservation().price.amount)
    const { initialCharge, billingSchedule } = priceIn(flexible()).pricing.recurrentPrice.prices[0].flexibleSchedule
    const charges: { pricePerPaymentInUsd: number }[] = [initialCharge, ...billingSchedule]
    expect(charges.reduce((sum, charge) => sum + cents(charge.pricePerPaymentInUsd), 0)).toBe(flexible().price.amount)
  })
})

describe('the request for other kinds of offers on Azure', () => {
  const made = (offer: AzureOffer) => resourcesOf(offer).at(-1)

  it('fixes the start of an offer, and with it its end', () => {
    const offer = made(azureOffer({ startsOn: '2027-02-01' }))
    expect(offer).toMatchObject({ variableStartDate: false, start: '2027-02-01', end: '2028-01-31', acceptBy: '2026-12-20' })
    expect(made(azureOffer())).not.toHaveProperty('start')
  })

  it('attests a renewal and keeps notes', () => {
    const said = { customerContractRenewal: false, notes: 'opp-1042' }
    expect(made(azureOffer(said))).toMatchObject(said)
    expect(made(azureOffer())).not.toHaveProperty('customerContractRenewal')
  })

  it('gives resellers a margin for a time, with nothing to accept', () => {
    const offer = made(csp())
    expect(offer).toMatchObject({
      privateOfferType: 'cspPromotion',
      variableStartDate: false,
      start: '2027-01-01',
      end: '2027-03-31',
      beneficiaries: [{ id: CSP_TENANT, beneficiaryRecipients: [{ id: CUSTOMER_TENANT, recipientType: 'cspCustomer' }] }],
    })
    for (const field of ['acceptBy', 'termsAndConditionsDocSasUrl', 'partners']) expect(offer).not.toHaveProperty(field)
    expect(made(csp({ cspTenants: [{ tenantId: CSP_TENANT }] }))).toMatchObject({ beneficiaries: [{ id: CSP_TENANT }] })
  })

  it('names the selling partner of a multiparty offer', () => {
    expect(made(originator())).toMatchObject({
      privateOfferType: 'multipartyPromotionOriginator',
      acceptBy: '2026-12-20',
      partners: [{ id: '12345678', partnerName: 'Northwind Resale Ltd', location: 'United States' }],
      termsAndConditionsDocs: [{ fileName: 'isv.pdf', customerFacingDocumentName: 'Contoso terms', sasUrl: expect.any(String) }],
      notes: 'opp-1042',
    })
    expect(made(originator())).not.toHaveProperty('preparedBy')
  })

  it("has only our part of an offer that we received, whose rest is its originator's", () => {
    expect(configureRequest(sellingPartner()).resources).toEqual([
      {
        $schema: 'https://schema.mp.microsoft.com/schema/private-offer/2023-07-15',
        id: `private-offer/${RECEIVED}`,
        state: 'live',
        privateOfferType: 'multipartyPromotionChannelPartner',
        preparedBy: 'desk@northwind.example',
        termsAndConditionsDocs: [
          {
            sasUrl: 'https://northwind.blob.core.windows.net/terms/own.pdf?sig=1',
            fileName: 'own.pdf',
            customerFacingDocumentName: 'Northwind terms',
          },
        ],
        notificationContacts: ['deal.desk@contoso.example'],
        originatorPricing: [{ product: `product/${PRODUCT}`, plan: `plan/${PRODUCT}/${PLAN}`, markupPercentage: 8 }],
      },
    ])
  })

  it('names the offer that it renews', () => {
    const predecessor = { externalId: RECEIVED, name: 'Fabrikam FY27 (off_0 1)', endsOn: '2027-12-31' }
    expect(made(azureOffer({ predecessor, startsOn: '2028-01-01' }))).toMatchObject({
      upgradedFrom: { name: 'Fabrikam FY27 (off_0 1)', id: `private-offer/${RECEIVED}` },
    })
  })
})

describe('the request that withdraws or deletes an offer on Azure', () => {
  const released = { externalId: '30000000-0000-4000-8000-000000000001' }

  it('names the offer, its types and the command', () => {
    expect(command('withdraw', azureOffer(released), { name: 'Fabrikam 12m (off_1 1)' })).toEqual({
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
    ['withdrawn before its call', azureOffer({ ...released, status: 'withdrawing' }), 'withdrawn'],
    ['withdrawn during its call', sending('withdraw', released), 'withdrawn'],
    ['deleted before its call', azureOffer({ ...released, status: 'deleting' }), 'deleted'],
    ['deleted during its call', sending('delete', released), 'deleted'],
  ])('is what an offer plans that is being %s', (_, offer, state) => {
    expect(configureRequest(offer).resources).toEqual([expect.objectContaining({ state })])
  })

  it('keeps the name and the types that the marketplace shows', () => {
    const shown = { name: 'Fabrikam via Northwind', offerPricingType: 'saasNewCustomizedPlans' }
    expect(command('withdraw', sellingPartner({ externalId: RECEIVED }), shown).resources).toEqual([
      {
        $schema: 'https://schema.mp.microsoft.com/schema/private-offer/2023-07-15',
        id: `private-offer/${RECEIVED}`,
        privateOfferType: 'multipartyPromotionChannelPartner',
        state: 'withdrawn',
        ...shown,
      },
    ])
    expect(configureRequest(azureOffer({ ...released, status: 'deleting', externalName: 'As made' })).resources).toEqual([
      expect.objectContaining({ name: 'As made' }),
    ])
  })
})
