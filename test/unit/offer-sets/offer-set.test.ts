import { describe, expect, it } from 'vitest'
import {
  type Decided,
  type OfferSet,
  OfferSetRequest,
  OfferSetStatus,
  replace,
  request,
  resume,
  withdraw,
} from '../../../lib/offer-sets/offer-set.ts'
import { begin, created, fail, released, retry, started } from '../../../lib/offer-sets/submission.ts'
import { offerSet } from '../../support/offer-sets.ts'
import { ann, contextAt, NOW } from '../../support/offers.ts'

const context = contextAt()
const STATUSES = OfferSetStatus.def.entries
const outcome = (decide: (set: OfferSet) => Decided, set: OfferSet) => {
  try {
    return decide(set).set.status
  } catch {
    return 'refused'
  }
}

describe('a request for a set', () => {
  const good = { name: 'Fabrikam bundle', buyerNotes: 'All you need', offerIds: ['off_1', 'off_2'] }

  it('makes a set of the partner and customer of its offers', () => {
    const { set, events } = request(OfferSetRequest.parse(good), [{ partnerId: 'par_1', accountId: 'acc_1' }], ann, context)
    expect(set).toMatchObject({
      ...good,
      version: 0,
      status: 'requested',
      partnerId: 'par_1',
      accountId: 'acc_1',
      requestedBy: 'ann',
    })
    expect(events).toMatchObject([
      { type: 'offer-set.requested.v1', subject: set.id, data: { offerIds: good.offerIds, by: 'ann' } },
    ])
  })

  it.each<[string, object]>([
    ['one offer', { offerIds: ['off_1'] }],
    ['eight offers', { offerIds: Array.from({ length: 8 }, (_, index) => `off_${index}`) }],
    ['an offer twice', { offerIds: ['off_1', 'off_1'] }],
    ['no name', { name: '' }],
    ['a name that starts with a space', { name: ' bundle' }],
    ['a bracket in the name', { name: 'a<b' }],
    ['a name too long', { name: 'x'.repeat(151) }],
    ['no notes', { buyerNotes: '' }],
    ['notes too long', { buyerNotes: 'x'.repeat(1001) }],
    ['a field too many', { solutionId: 'soln-1' }],
  ])('is refused with %s', (_, changes) => {
    expect(OfferSetRequest.safeParse({ ...good, ...changes }).success).toBe(false)
    expect(OfferSetRequest.safeParse(good).success).toBe(true)
  })
})

describe('a set', () => {
  const verbs: [string, (set: OfferSet) => Decided, Partial<Record<OfferSetStatus, OfferSetStatus>>][] = [
    ['begin to create', (set) => begin(set, 'create', [], context), { requested: 'creating' }],
    ['begin to release', (set) => begin(set, 'release', ['offer-1'], context), { preparing: 'releasing' }],
    ['created', (set) => created(set, 'offerset-1', NOW, context), { creating: 'preparing' }],
    ['released', (set) => released(set, 'offerset-1', NOW, context), { releasing: 'released' }],
    ['fail', (set) => fail(set, [], context), { creating: 'failed', releasing: 'failed' }],
    ['resume', (set) => resume(set, ann, context), { failed: 'requested', expired: 'released' }],
    [
      'withdraw',
      (set) => withdraw(set, 'no need', ann, context),
      {
        ...{ requested: 'withdrawing', preparing: 'withdrawing', 'attention-needed': 'withdrawing', failed: 'withdrawing' },
        ...{ released: 'withdrawing', expired: 'withdrawing', withdrawing: 'withdrawing', withdrawn: 'withdrawn' },
      },
    ],
    [
      'replace an offer',
      (set) => replace(set, 'off_2', 'off_3', ann, context),
      { requested: 'requested', preparing: 'preparing', 'attention-needed': 'attention-needed', failed: 'failed' },
    ],
  ]

  it.each(verbs)('takes %s in some states and refuses it in all others', (_, decide, allowed) => {
    for (const status of Object.values(STATUSES))
      expect([status, outcome(decide, offerSet({ status }))]).toEqual([status, allowed[status] ?? 'refused'])
  })

  it('that the marketplace has goes on where it was', () => {
    expect(resume(offerSet({ status: 'failed', externalId: 'offerset-1' }), ann, context).set.status).toBe('preparing')
  })

  it('counts the attempts of each call apart, and tries again with the next one', () => {
    const first = begin(offerSet(), 'create', [], context).set
    const again = begin(retry(first, context).set, 'create', [], context).set
    expect([first.submission?.attempt, again.submission?.attempt]).toEqual([1, 2])
    const ready = created(again, 'offerset-1', NOW, context).set
    const releasing = begin(ready, 'release', ['offer-1', 'offer-2'], context).set
    expect(releasing.submission).toMatchObject({ kind: 'release', attempt: 1, open: true, offers: ['offer-1', 'offer-2'] })
    expect(retry(releasing, context).set).toMatchObject({ status: 'preparing', submission: { open: false } })
  })

  it('notes the job of a call once', () => {
    const set = begin(offerSet(), 'create', [], context).set
    const working = started(set, 'job-1', context).set
    expect(working.submission?.jobId).toBe('job-1')
    expect(started(working, 'job-1', context).events).toEqual([])
  })

  it('has an offer replaced in its place, and no stranger', () => {
    const { set } = replace(offerSet({ status: 'preparing' }), 'off_1', 'off_3', ann, context)
    expect(set.offerIds).toEqual(['off_3', 'off_2'])
    expect(() => replace(offerSet({ status: 'preparing' }), 'off_9', 'off_3', ann, context)).toThrow('not in offer set')
  })
})
