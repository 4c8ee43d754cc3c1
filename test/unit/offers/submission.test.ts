import { describe, expect, it } from 'vitest'
import { again, begin, fail, release, retry, started, withdraw, withdrawn } from '../../../lib/offers/submission.ts'
import { ann, contextAt, NOW } from '../../support/offers.ts'
import { awsOffer } from './aws-offer.ts'

const LATER = '2026-11-02T09:05:00.000Z'
const PROBLEMS = [{ code: 'NO', target: 'price', message: 'not so' }]
const submitting = () => begin(awsOffer(), contextAt()).offer
const withdrawing = () => begin(awsOffer({ status: 'withdrawing', externalId: 'ext-1' }), contextAt()).offer

describe('a call to the marketplace', () => {
  it('is noted before it goes out, with its kind and a new attempt', () => {
    const first = begin(awsOffer(), contextAt())
    expect(first.offer).toMatchObject({
      status: 'submitting',
      submission: { kind: 'create', attempt: 1, startedAt: NOW, open: true },
    })
    expect(first.events[0]).toMatchObject({ type: 'offer.submission-started.v1', data: { kind: 'create', attempt: 1 } })
    const second = begin(retry(first.offer, contextAt()).offer, contextAt(LATER))
    expect(second.offer.submission).toEqual({ kind: 'create', attempt: 2, startedAt: LATER, open: true })
  })
  it('that goes out once more is the same attempt', () => {
    const { offer, events } = again(submitting(), contextAt(LATER))
    expect(offer.submission).toEqual({ kind: 'create', attempt: 1, startedAt: NOW, repeatedAt: LATER, open: true })
    expect(events).toEqual([])
  })
  it('is followed by its job', () => {
    const { offer, events } = started(submitting(), 'job-1', contextAt())
    expect(offer.submission?.jobId).toBe('job-1')
    expect(events[0]).toMatchObject({ type: 'offer.submission-accepted.v1', data: { jobId: 'job-1' } })
    expect(started(awsOffer(), 'job-1', contextAt())).toEqual({ offer: awsOffer(), events: [] })
  })
  it('that breaks down makes the offer wait for its next attempt', () => {
    const { offer, events } = retry(submitting(), contextAt())
    expect(offer).toMatchObject({ status: 'approved', submission: { open: false, attempt: 1 } })
    expect(events[0]).toMatchObject({ type: 'offer.retried.v1', data: { attempt: 1 } })
    expect(retry(withdrawing(), contextAt()).offer).toMatchObject({ status: 'withdrawing', submission: { open: false } })
  })
  it('that is refused leaves the problems for a person', () => {
    const { offer, events } = fail(submitting(), PROBLEMS, contextAt())
    expect(offer).toMatchObject({ status: 'failed', problems: PROBLEMS, submission: { open: false } })
    expect(events[0]).toMatchObject({ type: 'offer.failed.v1', data: { problems: PROBLEMS } })
  })
  it('to withdraw that is refused leaves the offer on the marketplace', () => {
    expect(fail(withdrawing(), PROBLEMS, contextAt()).offer).toMatchObject({ status: 'released', problems: PROBLEMS })
  })
})

describe('a released offer', () => {
  it('has its id, its link and the time when the marketplace released it', () => {
    const found = { externalId: 'offer-1', acceptanceLink: 'https://aws.example/offer-1', at: '2026-11-02T08:59:00.000Z' }
    const { offer, events } = release(submitting(), found, contextAt(LATER))
    expect(offer).toMatchObject({
      status: 'released',
      externalId: 'offer-1',
      acceptanceLink: 'https://aws.example/offer-1',
      releasedAt: '2026-11-02T08:59:00.000Z',
      submission: { open: false },
    })
    expect(events[0]).toMatchObject({ type: 'offer.released.v1', time: '2026-11-02T08:59:00.000Z', recordedat: LATER })
  })
  it('of another id is not released again', () => {
    const { offer } = release(submitting(), { externalId: 'offer-1', at: NOW }, contextAt())
    expect(() => release(offer, { externalId: 'offer-2', at: NOW }, contextAt())).toThrow('is released')
  })
})

describe('a withdrawal', () => {
  it('of what the marketplace never saw is done at once', () => {
    const { offer, events } = withdraw(awsOffer({ status: 'draft' }), 'no need', ann, contextAt())
    expect(offer.status).toBe('withdrawn')
    expect(events[0]).toMatchObject({ type: 'offer.withdrawn.v1', data: { by: 'ann', reason: 'no need' } })
  })
  it('of a released offer is asked of the marketplace, which tells when it is done', () => {
    const asked = withdraw(awsOffer({ status: 'released' }), 'no need', ann, contextAt())
    expect(asked.offer.status).toBe('withdrawing')
    expect(asked.events[0]).toMatchObject({ type: 'offer.withdrawal-requested.v1', data: { by: 'ann', reason: 'no need' } })
    const done = withdrawn(begin(asked.offer, contextAt()).offer, contextAt())
    expect(done.offer).toMatchObject({ status: 'withdrawn', submission: { kind: 'withdraw', open: false } })
    expect(done.events[0]).toMatchObject({ type: 'offer.withdrawn.v1', data: { by: 'marketplace' } })
  })
})
