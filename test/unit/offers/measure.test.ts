import { describe, expect, it } from 'vitest'
import { approvalFacts } from '../../../lib/offers/approval-facts.ts'
import type { AzureOffer } from '../../../lib/offers/offer.ts'
import { usd } from '../../support/usd.ts'
import {
  azureOffer,
  bundle,
  csp,
  discounts,
  metered,
  PRODUCT,
  percentage,
  perUser,
  reservation,
  sellingPartner,
  VM_PRODUCT,
} from './azure-offer.ts'

/** 50 USD a user and month, 900 USD a machine and month. */
const LIST = { [PRODUCT]: usd(5_000), [VM_PRODUCT]: usd(90_000) }
const percentageOf = (discountPercent: string) => ({ model: 'percentage', discountPercent }) as const
const discountOf = (offer: AzureOffer) =>
  approvalFacts({ ...offer, requestedAs: 'partner' }, LIST, { type: 'msp' }, '2026-11-02').discountPermille

describe('what an offer on Azure gives away', () => {
  it.each<[string, AzureOffer, number]>([
    ['users count', perUser(), 200],
    ['machines count', reservation({ price: usd(16_200_000) }), 0],
    [
      'a percentage says it',
      percentage({ pricing: { model: 'percentage', discountPercent: '12.5' }, price: usd(5_250_000) }),
      125,
    ],
    [
      'a percentage is rounded up',
      percentage({ pricing: { model: 'percentage', discountPercent: '15.01' }, price: usd(5_099_400) }),
      151,
    ],
    [
      'a percentage counts whatever list price is stated',
      percentage({ listPrice: usd(75_000_000), price: usd(60_000_000) }),
      200,
    ],
    ['the margin of resellers too', csp({ listPrice: usd(75_000_000), price: usd(60_000_000) }), 200],
  ])('is measured: %s', (_, offer, discountPermille) => {
    expect(discountOf(offer)).toBe(discountPermille)
  })

  it.each<[string, AzureOffer, number | undefined]>([
    // 100 users at 36 USD of 50, and a flat rate above the list.
    ['of private plans', bundle(), 280],
    ['stated off public plans', discounts({}, { price: usd(400_000_000), listPrice: usd(500_000_000) }), 200],
    ['however much the others cost', discounts({ pricing: percentageOf('90') }), 900],
    ['unknown, where that of one is', bundle({ pricing: metered().pricing }), undefined],
  ])('is that of the item where it is the most, since each can be bought by itself: %s', (_, offer, discountPermille) => {
    expect(discountOf(offer)).toBe(discountPermille)
  })

  it.each<[string, AzureOffer]>([
    ['meters', metered({ price: usd(75_000_000) })],
    ['a markup', sellingPartner({ price: usd(75_000_000) })],
  ])('is unknown, and so above every limit, where no list price can tell: %s', (_, offer) => {
    expect(discountOf(offer)).toBeUndefined()
    expect(discountOf(azureOffer({ price: usd(75_000_000) }))).toBeDefined()
  })
})
