import type { AzureOffer } from '../../../lib/offers/offer.ts'
import { usd } from '../../support/usd.ts'

export const PRODUCT = '20000000-0000-4000-8000-000000000001'
export const PLAN = '20000000-0000-4000-8000-0000000000b1'
export const SEAT_PLAN = '20000000-0000-4000-8000-0000000000b3'
export const VM_PRODUCT = '20000000-0000-4000-8000-000000000002'
export const VM_PLAN = '20000000-0000-4000-8000-0000000000b2'
export const SERVICES_PRODUCT = '20000000-0000-4000-8000-000000000003'
const SERVICES_PLAN = '20000000-0000-4000-8000-0000000000b5'
export const BILLING_ACCOUNT = '80000000-0000-4000-8000-000000000001:80000000-0000-4000-8000-000000000002_2019-05-31'
export const CSP_TENANT = 'a0000000-0000-4000-8000-000000000001'
export const CUSTOMER_TENANT = '70000000-0000-4000-8000-000000000001'
export const RECEIVED = '30000000-0000-4000-8000-000000000003'

type Changes = Partial<AzureOffer>

/** What offers of every kind say, as of 2026-11-02. */
const COMMON = {
  marketplace: 'azure',
  id: 'off_1',
  version: 1,
  status: 'approved',
  requestedBy: 'ann',
  requestedAs: 'manager',
  requestedAt: '2026-11-01T08:00:00.000Z',
  problems: [],
  partnerId: 'par_1',
  accountId: 'acc_1',
  name: 'Fabrikam 12m',
  productId: PRODUCT,
  listPrice: usd(6_000_000),
  price: usd(4_800_000),
  termMonths: 12,
  expiresOn: '2026-12-20',
  notificationContacts: ['deal.desk@contoso.example'],
} satisfies Changes

const customer = {
  kind: 'customer',
  billingAccountId: BILLING_ACCOUNT,
  preparedBy: 'deal.desk@contoso.example',
} satisfies Changes
const newPlan = { planName: 'Fabrikam Enterprise', planDescription: 'Negotiated enterprise plan' }

/** A good offer at a flat rate for a plan of its own, changed by what a test is about. */
export const azureOffer = (changes: Changes = {}): AzureOffer => ({
  ...COMMON,
  ...customer,
  pricing: { model: 'flat-rate', productType: 'saas' },
  basePlanId: PLAN,
  payments: 'yearly',
  ...newPlan,
  ...changes,
})

const PERCENTAGE = { model: 'percentage', discountPercent: '20' } as const

/** 20 % off a public plan. */
export const percentage = (changes: Changes = {}): AzureOffer => ({
  ...COMMON,
  ...customer,
  pricing: PERCENTAGE,
  basePlanId: PLAN,
  ...changes,
})

/** 100 users (20 to 500) at 40 USD a month. */
export const perUser = (changes: Changes = {}): AzureOffer =>
  azureOffer({
    pricing: { model: 'per-user', users: 100, minUsers: 20, maxUsers: 500 },
    basePlanId: SEAT_PLAN,
    payments: 'monthly',
    ...changes,
  })

/** A flat rate, and events beyond the included ones. */
export const metered = (changes: Changes = {}): AzureOffer =>
  azureOffer({
    pricing: {
      model: 'flat-rate',
      productType: 'saas',
      meters: [
        { meterId: 'events', pricePerUnit: '0.002', included: 100_000 },
        { meterId: 'exports', pricePerUnit: '1', included: 'unlimited' },
      ],
    },
    ...changes,
  })

export const services = (changes: Changes = {}): AzureOffer =>
  azureOffer({
    pricing: { model: 'flat-rate', productType: 'professional-services' },
    productId: SERVICES_PRODUCT,
    basePlanId: SERVICES_PLAN,
    ...changes,
  })

/** Four machines of 36 cores and one of 8 for three years. */
export const reservation = (changes: Changes = {}): AzureOffer => ({
  ...COMMON,
  ...customer,
  productId: VM_PRODUCT,
  basePlanId: VM_PLAN,
  termMonths: 36,
  payments: 'yearly',
  pricing: {
    model: 'vm-reservation',
    sizes: [
      { size: '36Core', quantity: 4, unitPrice: usd(220_000) },
      { size: '8Core', quantity: 1, unitPrice: usd(60_000) },
    ],
  },
  price: usd(2_820_000),
  ...changes,
})

/** Two years, delayed, in two installments. */
export const flexible = (changes: Changes = {}): AzureOffer => {
  const { payments: _, ...offer } = azureOffer()
  return {
    ...offer,
    termMonths: 24,
    pricing: {
      model: 'flexible-schedule',
      productType: 'saas',
      initialCharge: { amount: usd(0), note: 'delayed billing' },
      installments: [
        { on: '2027-03-01', amount: usd(2_400_000), note: 'year 1' },
        { on: '2028-03-01', amount: usd(2_400_000) },
      ],
    },
    ...changes,
  }
}

/** A margin of 20 % for a reseller's first quarter, for one of its customers. */
export const csp = (changes: Changes = {}): AzureOffer => ({
  ...COMMON,
  kind: 'csp',
  pricing: PERCENTAGE,
  basePlanId: PLAN,
  cspTenants: [{ tenantId: CSP_TENANT, customerTenantIds: [CUSTOMER_TENANT] }],
  preparedBy: 'deal.desk@contoso.example',
  startsOn: '2027-01-01',
  expiresOn: '2027-03-31',
  ...changes,
})

export const originator = (changes: Changes = {}): AzureOffer => ({
  ...COMMON,
  kind: 'multiparty-originator',
  billingAccountId: BILLING_ACCOUNT,
  pricing: PERCENTAGE,
  basePlanId: PLAN,
  sellingPartner: { sellerId: '12345678', name: 'Northwind Resale Ltd', location: 'United States' },
  termsDocuments: [
    { url: 'https://contosodocs.blob.core.windows.net/terms/isv.pdf?sig=1', fileName: 'isv.pdf', title: 'Contoso terms' },
  ],
  notes: 'opp-1042',
  ...changes,
})

/** Our part of an offer that we received. */
export const sellingPartner = (changes: Changes = {}): AzureOffer => ({
  ...COMMON,
  kind: 'multiparty-selling-partner',
  pricing: { model: 'markup', markups: [{ planId: PLAN, percent: '8' }] },
  receivedOfferId: RECEIVED,
  preparedBy: 'desk@northwind.example',
  termsDocuments: [
    { url: 'https://northwind.blob.core.windows.net/terms/own.pdf?sig=1', fileName: 'own.pdf', title: 'Northwind terms' },
  ],
  ...changes,
})

type Items = NonNullable<AzureOffer['items']>

const flatItem: Items[number] = {
  basePlanId: PLAN,
  ...newPlan,
  payments: 'yearly',
  listPrice: usd(6_000_000),
  price: usd(4_800_000),
}
const seatItem: Items[number] = {
  basePlanId: SEAT_PLAN,
  planName: 'Fabrikam Seats',
  planDescription: 'Negotiated seats',
  pricing: { model: 'per-user', users: 100, minUsers: 20, maxUsers: 500 },
  payments: 'monthly',
  listPrice: usd(5_000_000),
  price: usd(4_320_000),
}

const inTotal = (items: Items, field: 'price' | 'listPrice') => usd(items.reduce((sum, item) => sum + item[field].amount, 0))

/** An offer of several items, whose totals add up. */
export const itemised = (items: Items, changes: Changes = {}): AzureOffer => ({
  ...COMMON,
  ...customer,
  pricing: { model: 'flat-rate', productType: 'saas' },
  items,
  price: inTotal(items, 'price'),
  listPrice: inTotal(items, 'listPrice'),
  ...changes,
})

/** Two private plans: a flat rate, and 100 users (20 to 500) at 36 USD a month; changed by what a test is about. */
export const bundle = (changes: Partial<Items[number]> = {}, more: Changes = {}): AzureOffer =>
  itemised([flatItem, { ...seatItem, ...changes }], more)

/** The two private plans, and a third for services. */
export const trio = (): AzureOffer =>
  itemised([
    flatItem,
    seatItem,
    {
      ...flatItem,
      productId: SERVICES_PRODUCT,
      basePlanId: SERVICES_PLAN,
      planName: 'Onboarding',
      pricing: { model: 'flat-rate', productType: 'professional-services' },
      payments: 'upfront',
      listPrice: usd(1_000_000),
      price: usd(1_000_000),
    },
  ])

/** 20 % off one public plan and 10 % off another; changed by what a test is about. */
export const discounts = (changes: Partial<Items[number]> = {}, more: Changes = {}): AzureOffer =>
  itemised(
    [
      { basePlanId: PLAN, pricing: PERCENTAGE, listPrice: usd(6_000_000), price: usd(4_800_000) },
      {
        basePlanId: SEAT_PLAN,
        pricing: { model: 'percentage', discountPercent: '10' },
        listPrice: usd(4_800_000),
        price: usd(4_320_000),
        ...changes,
      },
    ],
    more,
  )

/** An offer while its call to the marketplace is open. */
export const calling = (kind: 'create' | 'withdraw' | 'delete', offer: AzureOffer, attempt = 1): AzureOffer => ({
  ...offer,
  status: { create: 'submitting', withdraw: 'withdrawing', delete: 'deleting' }[kind] as AzureOffer['status'],
  submission: { kind, attempt, startedAt: '2026-11-02T09:00:00.000Z', open: true },
})

/** A good offer while its call to the marketplace is open. */
export const sending = (kind: 'create' | 'withdraw' | 'delete', changes: Changes = {}, attempt = 1): AzureOffer =>
  calling(kind, azureOffer(changes), attempt)
