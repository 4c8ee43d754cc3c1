import { describe, expect, it } from 'vitest'
import { checked } from '../../../lib/core/checked.ts'
import { ServiceError } from '../../../lib/core/errors.ts'
import { OfferRequest } from '../../../lib/offers/offer.ts'
import { AzureOfferRequest } from '../../../lib/offers/request-azure.ts'
import { AWS_REQUEST } from '../offers/aws-offer.ts'
import { azureOffer } from '../offers/azure-offer.ts'

const said = (request: object) => {
  try {
    checked(OfferRequest, request)
    return []
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return error.details.map(({ target, message }) => `${target} ${message}`)
  }
}
const AZURE_REQUEST = Object.fromEntries(Object.entries(azureOffer()).filter(([name]) => name in AzureOfferRequest.shape))
const { price: _, ...withoutPrice } = AWS_REQUEST

describe('a request that is wrong in itself is told in words that say what to do', () => {
  it.each<[string, object, string]>([
    [
      'a missing field',
      withoutPrice,
      'price is missing: give money in minor units (cents), like { "amount": 4800000, "currency": "USD" }',
    ],
    [
      'an amount as text',
      { ...AWS_REQUEST, price: { amount: '5', currency: 'USD' } },
      'price.amount must be a whole number of minor units (cents) without quotes: 4800000 is 48,000.00',
    ],
    [
      'dollars and cents',
      { ...AWS_REQUEST, price: { amount: 5.5, currency: 'USD' } },
      'price.amount must be a whole number of minor units (cents) without quotes: 4800000 is 48,000.00',
    ],
    [
      'no currency',
      { ...AWS_REQUEST, price: { amount: 5 } },
      'price.currency is missing: give three capital letters of ISO 4217, like USD, in quotes',
    ],
    ['a number as a name', { ...AWS_REQUEST, name: 7 }, 'name must be text in quotes'],
    ['an empty name', { ...AWS_REQUEST, name: '' }, 'name must not be empty'],
    ['a long name', { ...AWS_REQUEST, name: 'x'.repeat(101) }, 'name must be at most 100 characters'],
    ['a term of years', { ...AWS_REQUEST, termMonths: '1 year' }, 'termMonths must be a number without quotes'],
    ['no term', { ...AWS_REQUEST, termMonths: 0 }, 'termMonths must be at least 1'],
    ['a term that is too long', { ...AWS_REQUEST, termMonths: 61 }, 'termMonths must be at most 60'],
    ['one account outside a list', { ...AWS_REQUEST, buyerAccountIds: '310000000009' }, 'buyerAccountIds must be a list in [ ]'],
    ['no grant', { ...AWS_REQUEST, grants: [] }, 'grants must not be empty: give at least one'],
    [
      'a day in another order',
      { ...AWS_REQUEST, expiresOn: '31.12.2026' },
      'expiresOn must be a date like 2026-10-31, from 2000 to 2099',
    ],
    ['net days that AWS has not', { ...AWS_REQUEST, netDays: 31 }, 'netDays must be one of 15, 30, 45, 60, 90, 120'],
    ['another marketplace', { ...AWS_REQUEST, marketplace: 'gcp' }, 'marketplace must be one of aws, azure'],
    [
      'a field of nobody',
      { ...AWS_REQUEST, discount: 5 },
      'discount is not a field of this request: remove it or correct its name',
    ],
    [
      'a contact without @',
      { ...AZURE_REQUEST, notificationContacts: ['ann'] },
      'notificationContacts.0 must be an e-mail address',
    ],
    [
      'a list that is too long',
      { ...AZURE_REQUEST, notificationContacts: Array(6).fill('a@b.example') },
      'notificationContacts must be at most 5 items',
    ],
    [
      'terms nowhere',
      { ...AZURE_REQUEST, termsUrl: 'terms.pdf' },
      'termsUrl must be an address like https://example.com/terms.pdf',
    ],
  ])('%s', (__, request, words) => {
    expect(said(request)).toEqual([words])
  })
})
