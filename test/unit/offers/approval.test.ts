import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide, submit } from '../../../lib/offers/approval.ts'
import { ann, bob, contextAt, fay, max, mia, NOW } from '../../support/offers.ts'
import { usd } from '../../support/usd.ts'
import { awsOffer } from './aws-offer.ts'

const RULE = { id: 'discount-and-total', version: 3, maxDiscountPermille: 150, maxTotal: 10_000_000, listPrices: {} }
const draft = (list: number, price: number) => awsOffer({ status: 'draft', listPrice: usd(list), price: usd(price) })
const pending = () => submit(draft(1000, 800), RULE, ann, contextAt()).offer

describe('the rule', () => {
  it.each([
    ['no discount', 1_000_000, 1_000_000, 0, false],
    ['a price above the list price', 1_000_000, 1_200_000, 0, false],
    ['a discount just below the limit', 1_000_000, 850_001, 150, false],
    ['a discount at the limit', 1_000_000, 850_000, 150, false],
    ['a discount a cent above the limit', 1_000_000, 849_999, 151, true],
    ['a total at the limit', 10_000_000, 10_000_000, 0, false],
    ['a total a cent above the limit', 10_000_001, 10_000_001, 0, true],
    ['a free offer', 1_000_000, 0, 1000, true],
  ])('lets a person decide only above a limit: %s', (_, list, price, permille, needed) => {
    const { offer, events } = submit(draft(list, price), RULE, ann, contextAt())
    expect(offer).toMatchObject({
      status: needed ? 'pending-approval' : 'approved',
      submittedBy: 'ann',
      approval: { needed, discountPermille: permille, rule: { id: 'discount-and-total', version: 3 } },
    })
    expect(offer.approval?.outcome).toBe(needed ? undefined : 'approved')
    expect(events.map(({ type }) => type)).toEqual(['offer.submitted.v1', ...(needed ? [] : ['offer.approved.v1'])])
  })

  it('says which limit is passed, by how much', () => {
    expect(submit(draft(1000, 800), RULE, ann, contextAt()).offer.approval?.reason).toBe('the discount of 20 % is above 15 %')
    expect(submit(draft(20_000_000, 20_000_000), RULE, ann, contextAt()).offer.approval?.reason).toBe(
      'the total of 20000000 is above 10000000 minor units',
    )
  })

  it('is named as the one who approved', () => {
    const { events } = submit(draft(1000, 900), RULE, ann, contextAt())
    expect(events.map(({ data }) => ('by' in data ? data.by : ''))).toEqual(['ann', 'rule:discount-and-total@3'])
  })

  it('forgets the problems of an attempt that failed', () => {
    const failed = awsOffer({ status: 'failed', problems: [{ code: 'NO', target: 'price', message: 'not so' }] })
    expect(submit(failed, RULE, ann, contextAt()).offer.problems).toEqual([])
  })

  it('is never passed by rounding', () => {
    const size = fc.integer({ min: 1, max: 1_000_000_000 })
    fc.assert(
      fc.property(size, size, (list, price) => {
        const above = BigInt(list - price) * 1000n > 150n * BigInt(list)
        const { approval } = submit(draft(list, price), { ...RULE, maxTotal: price }, ann, contextAt()).offer
        expect(approval?.needed).toBe(above)
      }),
    )
  })

  it("takes no partner's word for the list price", () => {
    const own = { ...draft(1000, 1000), requestedAs: 'partner' as const }
    const { approval, status } = submit(own, RULE, ann, contextAt()).offer
    expect(status).toBe('pending-approval')
    expect(approval?.reason).toContain("the partner's own statement")
    expect(approval).not.toHaveProperty('discountPermille')
  })

  it.each([
    ['partner', 100, 0],
    ['partner', 117, 146],
    ['partner', 118, 153],
    ['manager', 118, 153],
  ] as const)(
    "holds the price against the vendor's own list: asked by a %s, %i a unit and month",
    (requestedAs, amount, discount) => {
      const offer = { ...draft(1, 12_000), requestedAs, grants: [{ dimension: 'seats', quantity: 10 }], termMonths: 12 }
      const rule = { ...RULE, listPrices: { [offer.productId]: usd(amount) } }
      const { approval } = submit(offer, rule, ann, contextAt()).offer
      expect(approval).toMatchObject({ discountPermille: discount, needed: discount > 150 })
    },
  )

  it("passes over a vendor's list price in another currency", () => {
    const rule = { ...RULE, listPrices: { 'prod-cosell0ledger': { amount: 1, currency: 'EUR' } } }
    expect(submit(draft(1000, 800), rule, ann, contextAt()).offer.approval?.discountPermille).toBe(200)
  })
})

describe('a decision', () => {
  it.each(['approved', 'rejected'] as const)('is kept with who, when and why: %s', (outcome) => {
    const { offer, events } = decide(pending(), outcome, 'a strategic buyer', mia, contextAt('2026-11-03T10:00:00.000Z'))
    expect(offer).toMatchObject({
      status: outcome,
      approval: {
        rule: { id: 'discount-and-total', version: 3 },
        needed: true,
        by: 'mia',
        at: '2026-11-03T10:00:00.000Z',
        outcome,
        reason: 'a strategic buyer',
      },
    })
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({ type: `offer.${outcome}.v1`, data: { by: 'mia', reason: 'a strategic buyer' } })
  })

  it('is not for the one who requested the offer', () => {
    const own = { ...pending(), requestedBy: 'mia' }
    expect(() => decide(own, 'approved', 'mine', mia, contextAt())).toThrow('cannot decide on it: ask another manager')
  })
  it('is not for the one who submitted it', () => {
    const own = submit(draft(1000, 800), RULE, mia, contextAt()).offer
    expect(() => decide(own, 'rejected', 'mine', mia, contextAt())).toThrow('ask another manager')
    expect(decide(own, 'approved', 'good', max, contextAt()).offer.status).toBe('approved')
  })
  it.each([ann, bob, fay])('is for a partner manager only, not for $subject', (actor) => {
    expect(() => decide(pending(), 'approved', 'good', actor, contextAt())).toThrow('only a partner manager')
  })
  it('of another manager, or another one of the same, is refused once it is made', () => {
    const { offer } = decide(pending(), 'approved', 'good', mia, contextAt())
    expect(() => decide(offer, 'approved', 'good', max, contextAt())).toThrow('is approved')
    expect(() => decide(offer, 'rejected', 'not good', mia, contextAt())).toThrow('is approved')
  })
  it('is told at the time it is made', () => {
    expect(decide(pending(), 'approved', 'good', mia, contextAt()).events[0]?.time).toBe(NOW)
  })
})
