import { describe, expect, it } from 'vitest'
import type { Given } from '../../../lib/offers/azure/rule.ts'
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
  percentage,
  perUser,
  reservation,
  sellingPartner,
  services,
} from './azure-offer.ts'

const TODAY = '2026-11-02'
const GIVEN: Given = { today: TODAY, flexibleBilling: true }
const found = (offer: AzureOffer, given = GIVEN) => problemsOf(offer, given).map(({ code, target }) => `${code} ${target}`)

const without = (offer: AzureOffer, ...fields: (keyof AzureOffer)[]): AzureOffer =>
  Object.fromEntries(Object.entries(offer).filter(([name]) => !fields.some((field) => field === name))) as AzureOffer

const pricing = <Model extends AzureOffer['pricing']['model']>(
  offer: AzureOffer,
  _: Model,
  changes: Partial<Extract<AzureOffer['pricing'], { model: Model }>>,
): AzureOffer => ({ ...offer, pricing: { ...offer.pricing, ...changes } as AzureOffer['pricing'] })

const https = (path: string) => ({ url: `https://contoso.example/${path}`, fileName: path, title: path })
const predecessor = { externalId: '30000000-0000-4000-8000-000000000001', name: 'Fabrikam FY27', endsOn: '2027-12-31' }
const installments = (...days: string[]) => days.map((on) => ({ on, amount: usd(4_800_000 / days.length) }))

describe('before anything is sent, the rules of Azure', () => {
  it.each<[string, AzureOffer]>([
    ['yearly', azureOffer()],
    ['one month', azureOffer({ termMonths: 1, payments: 'monthly' })],
    ['one month at once', azureOffer({ termMonths: 1, payments: 'upfront' })],
    ['five years in months', azureOffer({ termMonths: 60, payments: 'monthly', price: usd(6000) })],
    ['an enrollment number', azureOffer({ billingAccountId: '7654321' })],
    ['terms', azureOffer({ termsUrl: 'https://contoso.example/terms.pdf' })],
    ['until tomorrow', azureOffer({ expiresOn: '2026-11-03' })],
    ['above the list price', azureOffer({ price: usd(7_000_000) })],
    [
      'five contacts',
      azureOffer({ notificationContacts: ['a@b.example', 'b@b.example', 'c@b.example', 'd@b.example', 'e@b.example'] }),
    ],
    ['a fixed start', azureOffer({ startsOn: '2027-01-01' })],
    ['a renewing customer', azureOffer({ customerContractRenewal: true, notes: 'opp-1042' })],
    ['the flat rate of a public plan', without(azureOffer(), 'planName', 'planDescription')],
    ['a percentage', percentage()],
    ['a percentage of every plan', without(percentage(), 'basePlanId')],
    ['a percentage for 18 months', percentage({ termMonths: 18 })],
    ['everything for nothing', pricing(percentage({ price: usd(0) }), 'percentage', { discountPercent: '100' })],
    [
      'a cent rounded the other way',
      pricing(percentage({ listPrice: usd(99), price: usd(86) }), 'percentage', { discountPercent: '12.5' }),
    ],
    ['users', perUser()],
    ['as many users as there may be', pricing(perUser(), 'per-user', { users: 500, maxUsers: 500 })],
    ['meters', metered()],
    ['professional services', services()],
    ['a reservation', reservation()],
    ['a flexible schedule', flexible()],
    ['a reseller', csp()],
    ['a reseller for all of its customers', csp({ cspTenants: [{ tenantId: CSP_TENANT }] })],
    ['a reseller from now on', without(csp(), 'startsOn')],
    ["an originator's offer", originator()],
    ["an originator's new plan", { ...originator(), ...without(azureOffer(), 'kind', 'preparedBy') }],
    ["a selling partner's part", sellingPartner()],
    ['a renewal', azureOffer({ predecessor, upgradedFrom: 'off_0', startsOn: '2028-01-01' })],
  ])('let a good offer pass: %s', (_, offer) => {
    expect(found(offer)).toEqual([])
  })

  it.each<[string, AzureOffer, string[]]>([
    ['another currency', azureOffer({ price: { amount: 4_800_000, currency: 'EUR' } }), ['currency_unsupported price.currency']],
    ['no price', azureOffer({ price: usd(0) }), ['price_not_positive price.amount']],
    ['a negative price', azureOffer({ price: usd(-1200) }), ['price_not_positive price.amount']],
    ['no list price', azureOffer({ listPrice: usd(0) }), ['list_price_unsupported listPrice']],
    ['a list price in yen', azureOffer({ listPrice: { amount: 1, currency: 'JPY' } }), ['list_price_unsupported listPrice']],
    [
      'a term of 18 months',
      azureOffer({ termMonths: 18, payments: 'monthly', price: usd(1800) }),
      ['term_unsupported termMonths'],
    ],
    ['a month paid yearly', azureOffer({ termMonths: 1, payments: 'yearly' }), ['payments_unsupported payments']],
    ['a rest of cents', azureOffer({ payments: 'monthly', price: usd(1201) }), ['price_not_divisible price.amount']],
    ['expiry today', azureOffer({ expiresOn: TODAY }), ['expiry_past expiresOn']],
    ['a name of signs', azureOffer({ name: '### %%' }), ['name_unusable name']],
    ['a blank plan name', azureOffer({ planName: '  ' }), ['plan_name_blank planName']],
    ['a blank plan description', azureOffer({ planDescription: ' ' }), ['plan_description_blank planDescription']],
    ['an offer id as the product', azureOffer({ productId: 'contoso-insights' }), ['product_malformed productId']],
    ['a plan name as the plan', azureOffer({ basePlanId: 'enterprise' }), ['plan_malformed basePlanId']],
    ['a path in the plan', azureOffer({ basePlanId: `plan/${PLAN}` }), ['plan_malformed basePlanId']],
    ['a billing account without date', azureOffer({ billingAccountId: 'x:y' }), ['billing_account_malformed billingAccountId']],
    ['no contact', azureOffer({ notificationContacts: [] }), ['contacts_out_of_range notificationContacts']],
    [
      'six contacts',
      azureOffer({ notificationContacts: Array(6).fill('a@b.example') }),
      ['contacts_out_of_range notificationContacts'],
    ],
    ['terms over http', azureOffer({ termsUrl: 'http://contoso.example/terms.pdf' }), ['terms_not_https termsUrl']],
    ['no billing account', without(azureOffer(), 'billingAccountId'), ['field_missing billingAccountId']],
    ['no plan to take the price of', without(azureOffer(), 'basePlanId'), ['field_missing basePlanId']],
    ['no payments', without(azureOffer(), 'payments'), ['field_missing payments']],
    ['nobody who prepared it', without(azureOffer(), 'preparedBy'), ['field_missing preparedBy']],
    ['a plan without words', without(azureOffer(), 'planDescription'), ['field_missing planDescription']],
    ['a plan without a name', without(azureOffer(), 'planName'), ['field_missing planName']],
  ])('refuse of an offer to a customer %s', (_, offer, problems) => {
    expect(found(offer)).toEqual(problems)
  })

  it.each<[string, AzureOffer, string[]]>([
    ['in the middle of a month', azureOffer({ startsOn: '2027-01-15' }), ['start_not_month_begin startsOn']],
    ['on a day past', azureOffer({ startsOn: '2026-11-01' }), ['start_past startsOn']],
    [
      'whose term is over before it may be accepted',
      azureOffer({ startsOn: '2027-01-01', termMonths: 1, payments: 'upfront', expiresOn: '2027-02-01' }),
      ['expiry_after_end expiresOn'],
    ],
    ['of a reseller after its end', csp({ startsOn: '2027-04-01' }), ['start_after_end startsOn']],
    ['of a renewal that waits for the acceptance', azureOffer({ predecessor }), ['renewal_overlaps startsOn']],
    ['of a renewal before the end', azureOffer({ predecessor, startsOn: '2027-12-01' }), ['renewal_overlaps startsOn']],
  ])('refuse a start %s', (_, offer, problems) => {
    expect(found(offer)).toEqual(problems)
  })

  it.each<[string, AzureOffer, string[]]>([
    [
      'a percentage of 0',
      pricing(percentage({ price: usd(6_000_000) }), 'percentage', { discountPercent: '0' }),
      ['discount_out_of_range pricing.discountPercent'],
    ],
    [
      'a percentage of 101',
      pricing(percentage({ price: usd(-60_000) }), 'percentage', { discountPercent: '101' }),
      ['price_not_positive price.amount', 'discount_out_of_range pricing.discountPercent'],
    ],
    [
      'a percentage that the price does not show',
      pricing(percentage(), 'percentage', { discountPercent: '50' }),
      ['price_not_discounted price.amount'],
    ],
    ['a percentage paid monthly', percentage({ payments: 'monthly' }), ['field_not_taken payments']],
    [
      'a percentage with a plan of its own',
      percentage({ planName: 'x', planDescription: 'y' }),
      ['field_not_taken planName', 'field_not_taken planDescription'],
    ],
    [
      'more users than the limit',
      pricing(perUser(), 'per-user', { users: 100, maxUsers: 99 }),
      ['users_out_of_limits pricing.users'],
    ],
    ['users who do not pay alike', perUser({ price: usd(4_800_001) }), ['price_not_divisible price.amount']],
    [
      'two prices of a meter',
      pricing(metered(), 'flat-rate', { meters: Array(2).fill({ meterId: 'a', pricePerUnit: '1', included: 0 }) }),
      ['meter_twice pricing.meters'],
    ],
    [
      'meters of services',
      pricing(metered(), 'flat-rate', { productType: 'professional-services' }),
      ['meters_unsupported pricing.meters'],
    ],
    ['a reservation for two years', reservation({ termMonths: 24 }), ['term_unsupported termMonths']],
    ['a reservation of another sum', reservation({ price: usd(2_820_001) }), ['price_not_sum price.amount']],
    [
      'a reservation with a plan of its own',
      reservation({ planName: 'x', planDescription: 'y' }),
      ['field_not_taken planName', 'field_not_taken planDescription'],
    ],
    [
      'a size twice',
      pricing(reservation(), 'vm-reservation', { sizes: Array(2).fill({ size: '1Core', quantity: 1, unitPrice: usd(470_000) }) }),
      ['size_twice pricing.sizes'],
    ],
    [
      'a reservation in euros',
      pricing(reservation(), 'vm-reservation', {
        sizes: [{ size: '1Core', quantity: 1, unitPrice: { amount: 940_000, currency: 'EUR' } }],
      }),
      ['amount_unsupported pricing'],
    ],
    ['a schedule of another sum', flexible({ price: usd(4_800_001) }), ['price_not_sum price.amount']],
    ['a schedule with payments', flexible({ payments: 'monthly' }), ['field_not_taken payments']],
    [
      'a schedule for the public plan',
      without(flexible(), 'planName', 'planDescription'),
      ['field_missing planName', 'field_missing planDescription'],
    ],
    [
      'a schedule of a month',
      flexible({ termMonths: 1 }),
      ['term_unsupported termMonths', 'installments_out_of_term pricing.installments'],
    ],
    [
      'a charge below zero',
      pricing(flexible(), 'flexible-schedule', {
        initialCharge: { amount: usd(-1) },
        installments: [{ on: '2027-03-01', amount: usd(4_800_001) }],
      }),
      ['amount_unsupported pricing'],
    ],
    [
      'two charges on a day',
      pricing(flexible(), 'flexible-schedule', { installments: installments('2027-03-01', '2027-03-01') }),
      ['installments_out_of_order pricing.installments'],
    ],
    [
      'a charge today',
      pricing(flexible(), 'flexible-schedule', { installments: installments(TODAY) }),
      ['installments_out_of_term pricing.installments'],
    ],
  ])('refuse of a price %s', (_, offer, problems) => {
    expect(found(offer)).toEqual(problems)
  })

  it('refuse a flexible schedule unless it is switched on', () => {
    expect(found(flexible(), { ...GIVEN, flexibleBilling: false })).toEqual(['flexible_billing_off pricing.model'])
  })

  it.each<[string, AzureOffer, string[]]>([
    ['a billing account', csp({ billingAccountId: BILLING_ACCOUNT }), ['field_not_taken billingAccountId']],
    ['nobody', without(csp(), 'cspTenants'), ['field_missing cspTenants']],
    ['terms', csp({ termsUrl: 'https://contoso.example/terms.pdf' }), ['field_not_taken termsUrl']],
    ['documents', csp({ termsDocuments: [https('a.pdf')] }), ['field_not_taken termsDocuments']],
    ['a reservation', csp({ pricing: sellingPartner().pricing }), ['model_not_for_kind pricing.model']],
    [
      'a plan of its own',
      csp({ planName: 'x', planDescription: 'y' }),
      ['field_not_taken planName', 'field_not_taken planDescription'],
    ],
    ['notes', csp({ notes: 'opp-1' }), ['field_not_taken notes']],
    ['an attestation', csp({ customerContractRenewal: true }), ['field_not_taken customerContractRenewal']],
    ['an end within a month', csp({ expiresOn: '2027-03-30' }), ['end_not_month_end expiresOn']],
    ['a name as a tenant', csp({ cspTenants: [{ tenantId: 'northwind' }] }), ['tenant_malformed cspTenants']],
    [
      'a tenant twice',
      csp({ cspTenants: [{ tenantId: CSP_TENANT }, { tenantId: CSP_TENANT }] }),
      ['tenant_malformed cspTenants'],
    ],
    [
      'a name as a customer',
      csp({ cspTenants: [{ tenantId: CSP_TENANT, customerTenantIds: [CUSTOMER_TENANT, 'x'] }] }),
      ['tenant_malformed cspTenants'],
    ],
  ])('refuse of an offer to resellers %s', (_, offer, problems) => {
    expect(found(offer)).toEqual(problems)
  })

  it.each<[string, AzureOffer, string[]]>([
    ['without its partner', without(originator(), 'sellingPartner'), ['field_missing sellingPartner']],
    ['with one PDF', originator({ termsUrl: 'https://contoso.example/terms.pdf' }), ['field_not_taken termsUrl']],
    [
      'with documents over http',
      originator({ termsDocuments: [{ ...https('a.pdf'), url: 'http://contoso.example/a.pdf' }] }),
      ['terms_not_https termsDocuments'],
    ],
    [
      'of services',
      { ...originator(), ...without(services(), 'kind', 'preparedBy') },
      ['services_not_multiparty pricing.productType'],
    ],
    ['that renews', originator({ upgradedFrom: 'off_0' }), ['field_not_taken upgradedFrom']],
    ['with a markup', originator({ pricing: sellingPartner().pricing }), ['model_not_for_kind pricing.model']],
    ['received, at a price', sellingPartner({ pricing: percentage().pricing }), ['model_not_for_kind pricing.model']],
    ['received, without its id', without(sellingPartner(), 'receivedOfferId'), ['field_missing receivedOfferId']],
    ['received under a name', sellingPartner({ receivedOfferId: 'Fabrikam' }), ['received_offer_malformed receivedOfferId']],
    ['received, and prepared by nobody', without(sellingPartner(), 'preparedBy'), ['field_missing preparedBy']],
    ['received, with a start', sellingPartner({ startsOn: '2027-01-01' }), ['field_not_taken startsOn']],
    ['received, with a plan', sellingPartner({ basePlanId: PLAN }), ['field_not_taken basePlanId']],
    [
      'received, with two markups of a plan',
      pricing(sellingPartner(), 'markup', { markups: Array(2).fill({ planId: PLAN, percent: '8' }) }),
      ['markup_twice pricing.markups'],
    ],
    [
      'received, with a name as a plan',
      pricing(sellingPartner(), 'markup', { markups: [{ planId: 'enterprise', percent: '8' }] }),
      ['plan_malformed basePlanId'],
    ],
  ])('refuse a multiparty offer %s', (_, offer, problems) => {
    expect(found(offer)).toEqual(problems)
  })

  it('tells all problems at once, each with a remedy', () => {
    const offer = azureOffer({ price: usd(0), expiresOn: '2020-01-01', productId: 'x', billingAccountId: 'y', termMonths: 5 })
    const problems = problemsOf(offer, GIVEN)
    expect(problems.map(({ target }) => target)).toEqual([
      'price.amount',
      'termMonths',
      'expiresOn',
      'productId',
      'billingAccountId',
    ])
    expect(problems.filter(({ message }) => message.length < 20)).toEqual([])
  })

  it.each([
    [percentage({ price: usd(1) }), 'the price must be the list price less the percentage: 4800000'],
    [csp({ notes: 'x' }), 'an offer to resellers (CSP) at the model percentage takes no notes: leave it out'],
    [
      azureOffer({ predecessor }),
      'a renewal begins after the offer that it renews, which ends on 2027-12-31: take the first day of a later month',
    ],
    [sellingPartner({ pricing: percentage().pricing }), 'a received multiparty offer takes another model: markup'],
  ])('say what would be right', (offer, message) => {
    expect(problemsOf(offer, GIVEN).map((problem) => problem.message)).toContain(message)
  })
})
