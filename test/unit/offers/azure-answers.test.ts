import { describe, expect, it } from 'vitest'
import {
  acceptedAt,
  endOf,
  isAccepted,
  isBreakdown,
  isLive,
  isWithdrawn,
  Job,
  JobDetail,
  PrivateOffer,
  problemOf,
} from '../../../lib/offers/azure/answers.ts'

const offer = (changes: object) => PrivateOffer.parse({ id: 'private-offer/3', name: 'n', state: 'live', ...changes })

describe('a private offer as Azure tells it', () => {
  it.each([
    ['live', 'pendingAcceptance', { live: true, accepted: false, withdrawn: false }],
    ['Live', 'Accepted', { live: true, accepted: true, withdrawn: false }],
    ['LIVE', 'accepted', { live: true, accepted: true, withdrawn: false }],
    ['Draft', null, { live: false, accepted: false, withdrawn: true }],
    ['withdrawn', undefined, { live: false, accepted: false, withdrawn: true }],
    ['archived', 'accepted', { live: false, accepted: false, withdrawn: false }],
  ])('is read whatever the casing: %s, %s', (state, subState, expected) => {
    const read = offer({ state, subState })
    expect({ live: isLive(read), accepted: isAccepted(read), withdrawn: isWithdrawn(read) }).toEqual(expected)
  })

  it('has a bare guid and the first acceptance link', () => {
    const read = offer({ acceptanceLinks: [{ beneficiaryId: 'b', link: 'https://portal.azure.com/#1' }] })
    expect([read.guid, read.acceptanceLink]).toEqual(['3', 'https://portal.azure.com/#1'])
  })

  it('is found among the resources of a job', () => {
    const price = { id: 'price-and-availability-private-offer-plan/1/2', pricing: {} }
    const made = { id: 'private-offer/3', name: 'n', state: 'live', acceptanceLinks: null }
    expect(JobDetail.parse({ resources: [price, made] }).guid).toBe('3')
    expect(JobDetail.safeParse({ resources: [price] }).success).toBe(false)
  })
})

describe('the instant of an acceptance', () => {
  const released = '2026-11-22T09:00:00.000Z'
  const now = '2026-12-05T08:00:00.000Z'

  it.each([
    ['2026-12-03', '2026-12-03T23:59:59.999Z'],
    ['2026-12-03T10:00:00Z', '2026-12-03T23:59:59.999Z'],
    ['2026-11-22', '2026-11-22T23:59:59.999Z'],
    ['2026-12-05', now],
    ['2026-12-06', now],
    ['2026-11-21', now],
    ['0001-01-01', now],
    [null, now],
    [undefined, now],
  ])('of an offer last changed on %s is %s', (lastModified, at) => {
    expect(acceptedAt({ lastModified }, released, now)).toBe(at)
  })
})

describe('a job as Azure tells it', () => {
  const job = (changes: object) => Job.parse({ jobId: '4', jobStatus: 'completed', jobResult: 'succeeded', ...changes })

  it.each([
    ['notStarted', false],
    ['running', false],
    ['Completed', true],
  ])('with the status %s is done: %s', (jobStatus, done) => {
    expect(job({ jobStatus }).done).toBe(done)
  })

  it.each([
    ['2026-11-22T08:03:10.3649551Z', '2026-11-22T08:03:10.364Z'],
    ['0001-01-01', undefined],
    ['0001-01-01T00:00:00', undefined],
    [null, undefined],
  ])('that ended at %s ended at %s', (jobEnd, end) => {
    expect(endOf(job({ jobEnd }))).toBe(end)
  })

  it('is read in both spellings of its id', () => {
    expect(Job.parse({ jobID: '5', jobStatus: 'running', jobResult: 'pending' }).jobId).toBe('5')
  })
})

describe('an error of Azure', () => {
  it.each([
    ['acceptBy is required when state is live.', 'expiresOn'],
    ['There is no plan/1/2 in product/1.', 'basePlanId'],
    ['There is no product/1.', 'productId'],
    ['resources.1.beneficiaries.0.id: unknown billing account', 'billingAccountId'],
    ['The plan name is taken', 'planName'],
    ['resources.1.name: too long', 'name'],
    ['The price belongs to another plan.', 'price'],
    ['The start date should be defined', 'startsOn'],
    ['Something else is wrong', 'offer'],
  ])('is a problem of a field of ours: %s → %s', (message, target) => {
    expect(problemOf({ code: 'Conflict', message })).toEqual({
      code: 'Conflict',
      target,
      message: expect.stringContaining(message),
    })
  })

  it.each([
    ['InternalServerError', true],
    ['GatewayTimeout', true],
    ['Conflict', false],
    ['', false],
  ])('%s is a breakdown on their side: %s', (code, expected) => {
    expect(isBreakdown({ code, message: '' })).toBe(expected)
  })
})
