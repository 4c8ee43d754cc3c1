import { describe, expect, it } from 'vitest'
import { isComplete, judged, obstacles, takenBack, watched } from '../../../lib/offer-sets/progress.ts'
import type { AwsOffer, OfferStatus } from '../../../lib/offers/offer.ts'
import { offerSet, pair } from '../../support/offer-sets.ts'
import { contextAt } from '../../support/offers.ts'

const context = contextAt()
const TODAY = '2026-11-02'
const standing = (...statuses: OfferStatus[]): AwsOffer[] =>
  pair().map((offer, index) => ({ ...offer, status: statuses[index] ?? 'draft', externalId: `offer-${index}` }))

describe('what stands in the way of a release', () => {
  it.each<OfferStatus>(['draft', 'pending-approval', 'approved', 'submitting', 'released', 'extending'])(
    'is not an offer that is %s',
    (status) => {
      expect(obstacles(standing('released', status), TODAY)).toEqual([])
    },
  )

  it.each<OfferStatus>(['rejected', 'failed', 'withdrawing', 'withdrawn', 'expired', 'accepted'])(
    'is an offer that is %s',
    (status) => {
      const [found] = obstacles(standing('released', status), TODAY)
      expect(found).toMatchObject({ code: 'OFFER_LOST', target: 'offerIds.1', message: expect.stringContaining(`is ${status}`) })
    },
  )

  it('is told once, while it is so, and when it is no more', () => {
    const set = offerSet({ status: 'preparing' })
    expect(judged(set, standing('released', 'draft'), context).set).toBe(set)
    const first = judged(set, standing('released', 'rejected'), context)
    expect(first.set.status).toBe('attention-needed')
    expect(first.events).toMatchObject([{ type: 'offer-set.attention-needed.v1', data: { problems: [{ code: 'OFFER_LOST' }] } }])
    expect(judged(first.set, standing('released', 'rejected'), context).events).toEqual([])
    const over = judged(first.set, standing('released', 'draft'), context)
    expect(over.set).toMatchObject({ status: 'preparing', problems: [] })
    expect(over.events).toMatchObject([{ type: 'offer-set.resumed.v1', data: { by: 'cosell' } }])
  })

  it('is gone when every offer is released', () => {
    expect(isComplete(standing('released', 'released'))).toBe(true)
    expect(isComplete(standing('released', 'extending'))).toBe(false)
    expect(isComplete(standing('released', 'submitting'))).toBe(false)
  })
})

describe('a released set', () => {
  it.each<[string, OfferStatus, OfferStatus]>([
    ['accepted', 'accepted', 'accepted'],
    ['released', 'accepted', 'released'],
    ['released', 'released', 'extending'],
    ['expired', 'released', 'withdrawn'],
    ['expired', 'accepted', 'expired'],
    ['expired', 'expired', 'expired'],
  ])('is %s when its offers are %s and %s', (status, one, two) => {
    const later = contextAt('2026-12-17T00:00:00.000Z')
    expect(watched(offerSet({ status: 'released' }), standing(one, two), later).set.status).toBe(status)
  })

  it('waits a day for an acceptance on the last one', () => {
    const dayAfter = contextAt('2026-12-16T23:59:00.000Z')
    const set = offerSet({ status: 'released' })
    expect(watched(set, standing('expired', 'expired'), dayAfter).set).toBe(set)
    expect(watched(set, standing('accepted', 'accepted'), dayAfter).set.status).toBe('accepted')
  })
})

describe('a set that is taken back', () => {
  it.each<[string, OfferStatus[]]>([
    ['withdrawn', []],
    ['withdrawn', ['withdrawn', 'rejected']],
    ['withdrawn', ['accepted', 'withdrawn']],
    ['withdrawing', ['withdrawing', 'withdrawn']],
    ['withdrawing', ['pending-approval', 'withdrawn']],
    ['accepted', ['accepted', 'accepted']],
  ])('is %s when what is left of it is %j', (status, statuses) => {
    const left = standing(...statuses).slice(0, statuses.length)
    expect(takenBack(offerSet({ status: 'withdrawing' }), left, context).set.status).toBe(status)
  })

  it('says which offer the marketplace did not take back, once', () => {
    const submission = { kind: 'withdraw' as const, attempt: 2, startedAt: '2026-11-02T09:00:00.000Z', open: false }
    const problems = [{ code: 'NO', target: 'expiresOn', message: 'not now' }]
    const [gone, stuck] = standing('withdrawn', 'released')
    const left = [gone, { ...stuck, submission, problems }] as AwsOffer[]
    const set = offerSet({ status: 'withdrawing' })
    const told = takenBack(set, left, context)
    expect(told.set).toMatchObject({ status: 'withdrawing', problems: [{ code: 'OFFER_STAYS', target: 'offerIds.1' }] })
    expect(told.events).toMatchObject([{ type: 'offer-set.attention-needed.v1' }])
    expect(takenBack(told.set, left, context).events).toEqual([])
  })
})
