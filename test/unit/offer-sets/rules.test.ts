import { describe, expect, it } from 'vitest'
import { misfits, unfit } from '../../../lib/offer-sets/rules.ts'
import type { AwsOffer, Offer } from '../../../lib/offers/offer.ts'
import { draft, memberOf, pair } from '../../support/offer-sets.ts'
import { usd } from '../../support/usd.ts'
import { azureOffer } from '../offers/azure-offer.ts'

const TODAY = '2026-11-02'
const codes = (problems: { code: string; target: string }[]) => problems.map(({ code, target }) => `${code} ${target}`)

describe('offers that shall be accepted together', () => {
  it('fit when partner, customer, buyers, last day and currency are the same and the products are not', () => {
    const [one, two] = pair()
    const accounts = ['310000000009', '310000000010']
    const some = { ...one, buyerAccountIds: accounts }
    const others = { ...two, buyerAccountIds: accounts.toReversed() }
    expect(misfits([one, two], TODAY)).toEqual([])
    expect(misfits([some, others], TODAY)).toEqual([])
  })

  it.each<[string, Partial<AwsOffer>]>([
    ['DIFFERENT_PARTNERS', { partnerId: 'par_2' }],
    ['DIFFERENT_ACCOUNTS', { accountId: 'acc_2' }],
    ['INCONSISTENT_OFFER_TARGETING_RULE', { buyerAccountIds: ['310000000010'] }],
    ['INCONSISTENT_OFFER_AVAILABILITY_END_DATE', { expiresOn: '2026-12-16' }],
    ['INCONSISTENT_OFFER_CURRENCY_CODE', { price: { amount: 1, currency: 'EUR' } }],
    ['TOO_MANY_OFFERS_PER_PRODUCT', { productId: 'prod-cosell0ledger' }],
  ])('do not with %s, which names the offer that differs', (code, changes) => {
    const [one, two] = pair()
    expect(codes(misfits([one, { ...two, ...changes }], TODAY))).toEqual([`${code} offerIds.1`])
  })

  it('must be open still', () => {
    const [one, two] = pair()
    expect(misfits([one, two], one.expiresOn)).toEqual([])
    expect(codes(misfits([one, two], '2026-12-16'))).toEqual(['EXPIRED_OFFERS offerIds.0', 'EXPIRED_OFFERS offerIds.1'])
  })

  it('are told everything at once', () => {
    const [one, two] = pair()
    const third = draft('off_3', { expiresOn: '2026-12-16', price: { amount: 1, currency: 'EUR' } })
    expect(codes(misfits([one, two, third], TODAY))).toEqual([
      'INCONSISTENT_OFFER_AVAILABILITY_END_DATE offerIds.2',
      'INCONSISTENT_OFFER_CURRENCY_CODE offerIds.2',
      'TOO_MANY_OFFERS_PER_PRODUCT offerIds.2',
    ])
  })
})

describe('an offer for a set', () => {
  it('is a draft of its own', () => {
    expect(unfit(draft('off_1'), 0)).toEqual([])
  })

  it.each<[string, string, Offer]>([
    ['NOT_ON_AWS', 'of Azure', azureOffer({ status: 'draft' })],
    ['NOT_A_DRAFT', 'that was submitted', draft('off_1', { status: 'approved' })],
    ['INCOMPATIBLE_OFFER_SET_REFERENCE', 'that replaces an agreement', draft('off_1', { replaces: 'agmt-1' })],
    [
      'INCOMPATIBLE_OFFER_SET_REFERENCE',
      'that resells',
      draft('off_1', { resale: { authorizationId: 'resaleauthz-1', markupPercent: '5.0' } }),
    ],
    [
      'INCOMPATIBLE_OFFER_SET_REFERENCE',
      'for a reseller',
      draft('off_1', { authorises: { resellerAccountId: '210000000002' }, price: usd(1) }),
    ],
    ['INCOMPATIBLE_OFFER_SET_REFERENCE', 'of another set', draft('off_1', { memberOf: memberOf('ofs_2') })],
    ['INCOMPATIBLE_OFFER_SET_REFERENCE', 'of a set made elsewhere', draft('off_1', { offerSetId: 'offerset-1' })],
  ])('is refused with %s when it is one %s', (code, _, offer) => {
    expect(codes(unfit(offer, 3))).toEqual([`${code} offerIds.3`])
  })
})
