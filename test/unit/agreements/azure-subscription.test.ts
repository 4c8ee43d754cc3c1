import { describe, expect, it } from 'vitest'
import { Operation, SourceOffer, Subscription, SubscriptionPage, snapshotOf } from '../../../lib/agreements/azure-subscription.ts'

const NOW = '2026-12-06T10:00:00.000Z'
const TERM = { startDate: '2026-12-05T00:00:00Z', endDate: '2027-12-04T00:00:00Z', termUnit: 'P1Y' }
const told = {
  id: 's1',
  offerId: 'contoso-insights',
  planId: 'p1',
  quantity: '',
  purchaser: { tenantId: 't1', emailId: 'buyer@fabrikam.example' },
  saasSubscriptionStatus: 'Subscribed',
  term: TERM,
  created: '2026-12-04T22:10:00.5468572Z',
}
const snapshot = (changes: object = {}, offer?: string) =>
  snapshotOf(
    Subscription.parse({ ...told, ...changes }),
    offer ? { offerExternalId: offer, planName: 'Enterprise' } : undefined,
    NOW,
  )

describe('a subscription as an agreement', () => {
  it('tells its term with an exclusive end, its private offer, its plan and no money', () => {
    expect(snapshot({}, 'o1')).toEqual({
      marketplace: 'azure',
      id: 's1',
      status: 'active',
      offerExternalId: 'o1',
      buyerId: 't1',
      productId: 'contoso-insights',
      plan: { id: 'p1', name: 'Enterprise' },
      acceptedAt: '2026-12-04T22:10:00.546Z',
      activatedAt: '2026-12-05T00:00:00.000Z',
      service: { from: '2026-12-05', to: '2027-12-05' },
      schedule: [],
      invoices: [],
    })
  })

  it.each([
    ['NotStarted', 'pending'],
    ['PendingFulfillmentStart', 'pending'],
    ['Subscribed', 'active'],
    ['Subscribed ', 'active'],
    ['subscribed', 'active'],
    ['Suspended', 'active'],
    ['Unsubscribed', 'ended'],
    ['Frozen', 'pending'],
  ])('that is %j is %s', (saasSubscriptionStatus, status) => {
    expect(snapshot({ saasSubscriptionStatus }).status).toBe(status)
  })

  it.each([
    ['it waits for its activation', { saasSubscriptionStatus: 'PendingFulfillmentStart' }],
    ['its term is a unit only', { term: { termUnit: 'PAY' } }],
    ['its term is empty', { term: { startDate: '', endDate: '', termUnit: 'P1M' } }],
    ['its term is in year 1', { term: { startDate: '0001-01-01T00:00:00', endDate: '0001-01-01T00:00:00' } }],
    ['it has no term', { term: null }],
  ])('has neither term nor activation when %s', (_, changes) => {
    const { service, activatedAt } = snapshot(changes)
    expect([service, activatedAt]).toEqual([undefined, undefined])
  })

  it('renews itself where the buyer left that on', () => {
    expect(snapshot({ autoRenew: true })).toMatchObject({ renewsItself: true })
    for (const autoRenew of [false, null, undefined]) expect(snapshot({ autoRenew })).not.toHaveProperty('renewsItself')
  })

  it('is not active before it was bought', () => {
    const created = '2026-12-05T09:00:00Z'
    expect(snapshot({ created }).activatedAt).toBe('2026-12-05T09:00:00.000Z')
  })

  it('was bought by now when nobody tells when', () => {
    expect(snapshot({ created: '0001-01-01T00:00:00' }).acceptedAt).toBe(NOW)
  })
})

describe("the private offer of a subscription's plan", () => {
  it.each([
    [{ plans: [{ planId: 'p1', displayName: 'Gold', sourceOffers: [{ externalId: 'o1' }] }] }, ['o1', 'Gold']],
    [{ plans: [{ planId: 'p1', displayName: 7, sourceOffers: [{ externalId: 'o1' }] }] }, ['o1', undefined]],
    [
      {
        plans: [
          { planId: 'p0', displayName: 'Public' },
          { planId: 'p1', sourceOffers: [{ externalId: 'o1' }] },
        ],
      },
      ['o1', undefined],
    ],
    [{ plans: [{ planId: 'p1', sourceOffers: [] }] }, undefined],
    [{ plans: [{ planId: 'p1' }] }, undefined],
    [{ plans: [] }, undefined],
    [undefined, undefined],
  ])('in %j is told with its name: %j', (answer, expected) => {
    const found = SourceOffer.parse(answer)
    expect(found && [found.offerExternalId, found.planName]).toEqual(expected)
  })
})

describe('a page of subscriptions', () => {
  it('is empty when there are none: the body is empty then', () => {
    expect(SubscriptionPage.parse(undefined)).toEqual({ ids: [], next: undefined })
  })
})

describe('an operation', () => {
  it('is read whatever its action', () => {
    const told = { id: 'o1', subscriptionId: 's1', action: 'Transfer', status: null, planId: '', quantity: '' }
    expect(Operation.parse(told)).toEqual({ operationId: 'o1', subscriptionId: 's1', action: 'Transfer', status: '' })
  })
})
