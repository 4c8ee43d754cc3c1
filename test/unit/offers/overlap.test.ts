import { describe, expect, it } from 'vitest'
import * as offers from '../../../lib/offers/commands.ts'
import type { Offer } from '../../../lib/offers/offer.ts'
import { overlapsOf } from '../../../lib/offers/overlap.ts'
import * as reading from '../../../lib/offers/read.ts'
import { ann, contextAt, memoryOffers } from '../../support/offers.ts'
import { ONE_MANAGER } from '../../support/policy.ts'
import { awsOffer } from './aws-offer.ts'
import { azureOffer, csp, discounts, originator, percentage, SEAT_PLAN, SERVICES_PRODUCT, sellingPartner } from './azure-offer.ts'

const TODAY = '2026-11-02'
const live = { id: 'off_2', status: 'released', releasedAt: '2026-10-05T10:00:00.000Z' } as const

const others = (discounts().items ?? []).map((item) => ({ ...item, productId: SERVICES_PRODUCT }))

const everyPlan = () => {
  const { basePlanId: _, ...offer } = percentage(live)
  return offer
}

describe('a multiparty offer', () => {
  it.each<[string, Offer, boolean]>([
    ['another one', originator(live), true],
    ["a customer's own", azureOffer(live), true],
    ['one of every plan', everyPlan(), true],
    ['one that begins on its last day', azureOffer({ ...live, startsOn: '2027-12-01' }), true],
    ['one of several plans, this among them', discounts({}, live), true],
    ['one of several other plans', discounts({}, { ...live, items: others }), false],
    ['itself', originator(), false],
    ['one after it', azureOffer({ ...live, startsOn: '2028-01-01' }), false],
    ['one of another plan', azureOffer({ ...live, basePlanId: SEAT_PLAN }), false],
    ["another customer's", azureOffer({ ...live, billingAccountId: '7654321' }), false],
    ["a reseller's", csp(live), false],
    ['one that we received', sellingPartner(live), false],
    ['one on AWS', awsOffer(live), false],
  ])('beside %s is a problem: %s', (_, other, isProblem) => {
    const problems = overlapsOf(originator(), [other], TODAY)
    expect(problems.map(({ code, target }) => `${code} ${target}`)).toEqual(isProblem ? ['offer_overlaps startsOn'] : [])
  })

  it('of several plans needs room for each of them', () => {
    const { items = [], price, listPrice } = discounts()
    const { basePlanId: _, ...offer } = originator({ items, price, listPrice })
    const beside = (other: Offer) => overlapsOf(offer, [other], TODAY).length
    expect(beside(azureOffer({ ...live, basePlanId: SEAT_PLAN }))).toBe(1)
    expect(beside(azureOffer({ ...live, productId: SERVICES_PRODUCT }))).toBe(0)
  })

  it('is the only kind that needs room', () => {
    expect(overlapsOf(azureOffer(), [originator(live)], TODAY)).toEqual([])
  })

  it('is not submitted beside one that is live, and its plan says which', async () => {
    const { store } = memoryOffers(originator({ status: 'draft' }), azureOffer(live))
    const plan = () => ({ request: {}, hash: 'plan-1', problems: [] })
    const partners = { get: async (id: string) => ({ id, type: 'reseller' as const }) }
    const desk = {
      store,
      partners,
      policy: ONE_MANAGER,
      drawsDown: async () => false,
      marketplaces: { aws: { plan }, azure: { plan } },
    }
    const said = { target: 'startsOn', message: expect.stringContaining('off_2') }
    expect((await reading.planOffer(desk)(ann, 'off_1', contextAt())).problems).toEqual([{ ...said, code: 'offer_overlaps' }])
    const submitting = offers.submitOffer(desk)(ann, 'off_1', undefined, contextAt())
    await expect(submitting).rejects.toMatchObject({ code: 'unprocessable', details: [said] })
  })
})
