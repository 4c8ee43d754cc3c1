import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DomainEvent } from '../../../events/index.ts'
import type { Mandate } from '../../../lib/approvals/claim.ts'
import type { ApprovalPolicy } from '../../../lib/approvals/policy.ts'
import type { Actor } from '../../../lib/core/context.ts'
import { decide, escalate, submit } from '../../../lib/offers/approval.ts'
import type { Offer } from '../../../lib/offers/offer.ts'
import { ann, bob, contextAt, fay, max, mia, NOW, pia } from '../../support/offers.ts'
import { ONE_MANAGER, policyOf, ruleOf, stepOf } from '../../support/policy.ts'
import { usd } from '../../support/usd.ts'
import { awsOffer } from './aws-offer.ts'

const draft = (list: number, price: number) => awsOffer({ status: 'draft', listPrice: usd(list), price: usd(price) })
const submitted = (offer: Offer, policy: ApprovalPolicy = ONE_MANAGER, actor = ann) =>
  submit(offer, { policy, partner: { type: 'reseller' } }, actor, contextAt())
const pending = () => submitted(draft(1000, 800)).offer

type Outcome = 'approved' | 'rejected'
const decided = (offer: Offer, outcome: Outcome, actor: Actor, { reason = 'good', now = NOW, mandates = [] as Mandate[] } = {}) =>
  decide(offer, { outcome, reason }, { actor, mandates }, contextAt(now))
const typesOf = ({ events }: { events: { type: string }[] }) => events.map(({ type }) => type)

describe('the policy', () => {
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
    const { offer, events } = submitted(draft(list, price))
    expect(offer).toMatchObject({
      status: needed ? 'pending-approval' : 'approved',
      submittedBy: 'ann',
      approval: { needed, facts: { discountPermille: permille }, policy: { id: 'deal-desk', version: 3 } },
    })
    expect(offer.approval?.outcome).toBe(needed ? undefined : 'approved')
    expect(typesOf({ events })).toEqual(['offer.submitted.v1', needed ? 'offer.approval-requested.v1' : 'offer.approved.v1'])
  })

  it('says which limits are passed, by how much', () => {
    expect(pending().approval?.reason).toBe('the discount of 20 % is above 15 %')
    expect(submitted(draft(30_000_000, 20_000_000)).offer.approval?.reason).toBe(
      'the discount of 33.4 % is above 15 %; the total of 20000000 is above 10000000 minor units of USD',
    )
  })

  it('is named as the one who approved', () => {
    const { events } = submitted(draft(1000, 900))
    expect(events.map(({ data }) => ('by' in data ? data.by : ''))).toEqual(['ann', 'policy:deal-desk@3'])
  })

  it('forgets the problems of an attempt that failed', () => {
    const failed = awsOffer({ status: 'failed', problems: [{ code: 'NO', target: 'price', message: 'not so' }] })
    expect(submitted(failed).offer.problems).toEqual([])
  })

  it('is never passed by rounding', () => {
    const size = fc.integer({ min: 1, max: 1_000_000_000 })
    const policy = policyOf([stepOf('manager')], [ruleOf('discount', { discountAbovePermille: 150 }, 'manager')])
    fc.assert(
      fc.property(size, size, (list, price) => {
        const above = BigInt(list - price) * 1000n > 150n * BigInt(list)
        expect(submitted(draft(list, price), policy).offer.approval?.needed).toBe(above)
      }),
    )
  })

  it.each([
    ["a partner's own word for the list price", { ...draft(1000, 1000), requestedAs: 'partner' as const }],
    ['a list price in another currency', { ...draft(1000, 1000), listPrice: { amount: 1000, currency: 'EUR' } }],
    ['a list price of nothing', draft(0, 1000)],
  ])('takes no discount from %s, so that a person decides', (_, offer) => {
    const { approval, status } = submitted(offer).offer
    expect(status).toBe('pending-approval')
    expect(approval?.reason).toContain("the partner's own statement")
    expect(approval?.facts).not.toHaveProperty('discountPermille')
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
      const policy = { ...ONE_MANAGER, listPrices: { [offer.productId]: usd(amount) } }
      const { approval } = submitted(offer, policy).offer
      expect(approval).toMatchObject({ facts: { discountPermille: discount }, needed: discount > 150 })
    },
  )

  it("passes over a vendor's list price in another currency", () => {
    const policy = { ...ONE_MANAGER, listPrices: { 'prod-cosell0ledger': { amount: 1, currency: 'EUR' } } }
    expect(submitted(draft(1000, 800), policy).offer.approval?.facts.discountPermille).toBe(200)
  })
})

describe('a decision', () => {
  it.each(['approved', 'rejected'] as const)('is kept with who, when and why, by which policy and facts: %s', (outcome) => {
    const { offer, events } = decided(pending(), outcome, mia, { reason: 'a strategic buyer', now: '2026-11-03T08:00:00.000Z' })
    const decision = { outcome, by: 'mia', seat: 0, reason: 'a strategic buyer', at: '2026-11-03T08:00:00.000Z' }
    expect(offer).toMatchObject({
      status: outcome,
      approval: { policy: { id: 'deal-desk', version: 3 }, needed: true, outcome, steps: [{ decisions: [decision] }] },
    })
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({
      type: `offer.${outcome}.v1`,
      time: '2026-11-03T08:00:00.000Z',
      data: {
        by: 'mia',
        reason: 'a strategic buyer',
        policy: { id: 'deal-desk', version: 3 },
        step: 'manager',
        facts: { discountPermille: 200 },
      },
    })
  })

  it('is not for the one who requested the offer', () => {
    expect(() => decided({ ...pending(), requestedBy: 'mia' }, 'approved', mia)).toThrow('cannot decide on it: ask another')
  })
  it('is not for the one who submitted it', () => {
    const own = submitted(draft(1000, 800), ONE_MANAGER, mia).offer
    expect(() => decided(own, 'rejected', mia)).toThrow('ask another approver')
    expect(decided(own, 'approved', max).offer.status).toBe('approved')
  })
  it.each([fay, pia])('is for those whom the step waits for only, not for $subject', (actor) => {
    expect(() => decided(pending(), 'approved', actor)).toThrow('the step manager waits for the role manager')
  })
  it.each([ann, bob])('is never for a partner, even with a delegation: $subject', (actor) => {
    const mandates = [{ by: 'max', role: 'manager' as const }]
    expect(() => decided({ ...pending(), requestedBy: 'x', submittedBy: 'x' }, 'approved', actor, { mandates })).toThrow(
      'a partner never decides',
    )
  })
  it('of another manager, or another one of the same, is refused once it is made', () => {
    const { offer } = decided(pending(), 'approved', mia)
    expect(() => decided(offer, 'approved', max)).toThrow('is approved')
    expect(() => decided(offer, 'rejected', mia)).toThrow('is approved')
  })
  it('by a delegate names both', () => {
    const { offer, events } = decided(pending(), 'approved', fay, { mandates: [{ by: 'max', role: 'manager' }] })
    expect(offer.approval?.steps[0]?.decisions).toMatchObject([{ by: 'fay', onBehalfOf: 'max' }])
    expect(events[0]?.data).toMatchObject({ by: 'fay', onBehalfOf: 'max' })
  })
})

describe('steps in sequence', () => {
  const policy = policyOf(
    [
      stepOf('desk', { approvers: [{ role: 'manager' }, { role: 'finance' }], dueHours: 8 }),
      stepOf('last', { approvers: [{ person: 'pia' }] }),
    ],
    [ruleOf('all', { always: true }, 'desk', 'last')],
  )

  it('tell each decision, and whoever is next', () => {
    const start = submitted(draft(1000, 1000), policy)
    const one = decided(start.offer, 'approved', fay)
    const two = decided(one.offer, 'approved', mia)
    const three = decided(two.offer, 'approved', pia)
    expect([start, one, two, three].map(typesOf)).toEqual([
      ['offer.submitted.v1', 'offer.approval-requested.v1'],
      ['offer.approval-given.v1'],
      ['offer.approval-given.v1', 'offer.approval-requested.v1'],
      ['offer.approved.v1'],
    ])
    expect([start, one, two, three].map(({ offer }) => offer.status)).toEqual([
      'pending-approval',
      'pending-approval',
      'pending-approval',
      'approved',
    ])
    const events = [start, one, two, three].flatMap((each) => each.events)
    for (const event of events) expect(DomainEvent.parse(event)).toEqual(event)
  })

  it('are escalated once each when they are overdue, and told', () => {
    const { offer } = submitted(draft(1000, 1000), policy)
    const early = escalate(offer, contextAt('2026-11-02T16:59:59.999Z'))
    expect(early).toEqual({ offer, events: [] })
    const late = escalate(offer, contextAt('2026-11-02T17:00:00.000Z'))
    expect(late.events).toMatchObject([
      {
        type: 'offer.approval-escalated.v1',
        data: { step: 'desk', dueAt: '2026-11-02T17:00:00.000Z', escalatedTo: { role: 'platform' } },
      },
    ])
    for (const event of late.events) expect(DomainEvent.parse(event)).toEqual(event)
    expect(escalate(late.offer, contextAt('2026-12-02T17:00:00.000Z')).events).toEqual([])
    expect(decided(late.offer, 'approved', pia).offer.approval?.steps.map(({ state }) => state)).toEqual(['approved', 'open'])
  })

  it('of an offer that is withdrawn are not escalated', () => {
    const { offer } = submitted(draft(1000, 1000), policy)
    expect(escalate({ ...offer, status: 'withdrawn' }, contextAt('2026-12-02T17:00:00.000Z')).events).toEqual([])
  })
})
