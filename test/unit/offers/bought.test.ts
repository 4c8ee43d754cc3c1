import { describe, expect, it } from 'vitest'
import { acceptedPrice, asBought, isChoice, itemOf, type PlanTold } from '../../../lib/offers/bought.ts'
import type { AzureOffer, Offer } from '../../../lib/offers/offer.ts'
import { worthOf } from '../../../lib/offers/worth.ts'
import { usd } from '../../support/usd.ts'
import { awsOffer } from './aws-offer.ts'
import {
  azureOffer,
  bundle,
  csp,
  discounts,
  itemised,
  originator,
  PLAN,
  PRODUCT,
  percentage,
  SEAT_PLAN,
  SERVICES_PRODUCT,
  sellingPartner,
} from './azure-offer.ts'

const YEAR = { from: '2026-12-01', to: '2027-12-01' }
const ids = (planId: string, productId = PRODUCT) => ({ ids: { productId, planId } })
const total = { listPrice: usd(600), price: usd(480) }
const everyPlan = () =>
  itemised(
    [PRODUCT, SERVICES_PRODUCT].map((productId) => ({ ...total, productId })),
    { pricing: percentage().pricing },
  )
const { items = [] } = discounts()
const through = (offer: AzureOffer) => {
  const { basePlanId: _, ...rest } = offer
  return { ...rest, items, price: discounts().price }
}

describe('the item that a plan is', () => {
  it.each<[string, AzureOffer, PlanTold, number | undefined]>([
    ['a private one, by its name', bundle(), { name: 'Fabrikam Seats' }, 1],
    ['a private one, however its name is written', bundle(), { name: ' fabrikam enterprise' }, 0],
    ['not by the ids of what it was made from', bundle(), ids(PLAN), undefined],
    ['not by another name', bundle(), { name: 'Enterprise' }, undefined],
    ['not without a name', bundle(), {}, undefined],
    ['a public one, by its ids', discounts(), ids(SEAT_PLAN), 1],
    ['a public one, however its guids are written', discounts(), ids(PLAN.toUpperCase()), 0],
    ['not of another product', discounts(), ids(PLAN, SERVICES_PRODUCT), undefined],
    ['not by the name of a public one', discounts(), { name: 'Enterprise' }, undefined],
    ['any plan of a product', everyPlan(), ids('any', SERVICES_PRODUCT), 1],
    ['none, where two are', itemised([...items, ...items]), ids(PLAN), undefined],
    ['the only one', azureOffer(), { name: 'Fabrikam Enterprise' }, 0],
  ])('is %s', (_, offer, plan, item) => {
    expect(itemOf(offer, plan)).toBe(item)
  })

  it.each<[string, Offer, boolean]>([
    ['of two private plans', bundle(), true],
    ['of two plans through a partner', through(originator()), true],
    ['of one plan', azureOffer(), false],
    ['to resellers, of whose sales files tell', through(csp()), false],
    ['of another seller', sellingPartner(), false],
    ['on AWS', awsOffer(), false],
  ])('must be told of an offer %s: %s', (_, offer, isNeeded) => {
    expect(isChoice(offer)).toBe(isNeeded)
  })
})

describe('a purchase through an offer of several plans', () => {
  it.each<[number, number, number]>([
    [0, 1, 4_800_000],
    [1, 100, 4_320_000],
    [1, 25, 1_080_000],
  ])('of item %i for %i users is worth that item alone: %i', (item, quantity, amount) => {
    expect(worthOf(asBought(bundle(), item), { service: YEAR, quantity })).toEqual(usd(amount))
  })

  it('is of the product of its item', () => {
    expect(asBought(everyPlan(), 1).productId).toBe(SERVICES_PRODUCT)
    expect(asBought(everyPlan(), 1)).not.toHaveProperty('items')
  })

  it('is not guessed', () => {
    expect(() => asBought(bundle(), undefined)).toThrow(
      expect.objectContaining({ code: 'unprocessable', details: [{ target: 'items', message: expect.any(String) }] }),
    )
  })

  it.each<[string, Offer]>([
    ['one plan', azureOffer()],
    ['resellers', through(csp())],
    ['AWS', awsOffer()],
  ])('needs not be told for %s', (_, offer) => {
    expect(asBought(offer, undefined)).toEqual(offer)
  })

  it.each<[string, Offer, number]>([
    ['nothing yet: all of it', bundle(), 9_120_000],
    ['its second item', bundle({}, { boughtItem: 1 }), 4_320_000],
    ['its only one', azureOffer(), 4_800_000],
    ['that of AWS', awsOffer({ price: usd(7) }), 7],
  ])('was accepted at the price of what it bought: %s', (_, offer, amount) => {
    expect(acceptedPrice(offer)).toEqual(usd(amount))
  })
})
