import { describe, expect, it } from 'vitest'
import { problemsOf } from '../../../lib/offers/azure/rules.ts'
import type { AzureOffer } from '../../../lib/offers/offer.ts'
import { usd } from '../../support/usd.ts'
import { azureOffer } from './azure-offer.ts'

const TODAY = '2026-11-02'
const found = (changes: Partial<AzureOffer>) =>
  problemsOf(azureOffer(changes), TODAY).map(({ code, target }) => `${code} ${target}`)

describe('before anything is sent, the rules of Azure', () => {
  it.each<[string, Partial<AzureOffer>]>([
    ['yearly', {}],
    ['one month', { termMonths: 1, payments: 'monthly' }],
    ['one month at once', { termMonths: 1, payments: 'upfront' }],
    ['five years in months', { termMonths: 60, payments: 'monthly', price: usd(6000) }],
    ['an enrollment number', { billingAccountId: '7654321' }],
    ['terms', { termsUrl: 'https://contoso.example/terms.pdf' }],
    ['until tomorrow', { expiresOn: '2026-11-03' }],
    ['above the list price', { price: usd(7_000_000) }],
    ['five contacts', { notificationContacts: ['a@b.example', 'b@b.example', 'c@b.example', 'd@b.example', 'e@b.example'] }],
  ])('let a good offer pass: %s', (_, changes) => {
    expect(found(changes)).toEqual([])
  })

  it.each<[string, Partial<AzureOffer>, string[]]>([
    ['another currency', { price: { amount: 4_800_000, currency: 'EUR' } }, ['currency_unsupported price.currency']],
    ['no price', { price: usd(0) }, ['price_not_positive price.amount']],
    ['a negative price', { price: usd(-1200) }, ['price_not_positive price.amount']],
    ['no list price', { listPrice: usd(0) }, ['list_price_unsupported listPrice']],
    ['a list price in yen', { listPrice: { amount: 1, currency: 'JPY' } }, ['list_price_unsupported listPrice']],
    ['a term of 18 months', { termMonths: 18, payments: 'monthly', price: usd(1800) }, ['term_unsupported termMonths']],
    ['a month paid yearly', { termMonths: 1, payments: 'yearly' }, ['payments_unsupported payments']],
    ['a rest of cents', { payments: 'monthly', price: usd(1201) }, ['price_not_divisible price.amount']],
    ['expiry today', { expiresOn: TODAY }, ['expiry_past expiresOn']],
    ['a name of signs', { name: '### %%' }, ['name_unusable name']],
    ['a blank plan name', { planName: '  ' }, ['plan_name_blank planName']],
    ['a blank plan description', { planDescription: ' ' }, ['plan_description_blank planDescription']],
    ['an offer id as the product', { productId: 'contoso-insights' }, ['product_malformed productId']],
    ['a plan name as the plan', { basePlanId: 'enterprise' }, ['plan_malformed basePlanId']],
    ['a path in the plan', { basePlanId: `plan/${azureOffer().basePlanId}` }, ['plan_malformed basePlanId']],
    ['a billing account without date', { billingAccountId: 'x:y' }, ['billing_account_malformed billingAccountId']],
    ['no contact', { notificationContacts: [] }, ['contacts_out_of_range notificationContacts']],
    ['six contacts', { notificationContacts: Array(6).fill('a@b.example') }, ['contacts_out_of_range notificationContacts']],
    ['terms over http', { termsUrl: 'http://contoso.example/terms.pdf' }, ['terms_not_https termsUrl']],
  ])('refuse %s', (_, changes, problems) => {
    expect(found(changes)).toEqual(problems)
  })

  it('tells all problems at once, each with a remedy', () => {
    const offer = azureOffer({ price: usd(0), expiresOn: '2020-01-01', productId: 'x', billingAccountId: 'y', termMonths: 5 })
    const problems = problemsOf(offer, TODAY)
    expect(problems.map(({ target }) => target)).toEqual([
      'price.amount',
      'termMonths',
      'expiresOn',
      'productId',
      'billingAccountId',
    ])
    expect(problems.filter(({ message }) => message.length < 20)).toEqual([])
  })
})
