import { describe, expect, it } from 'vitest'
import { accept, activate, agreed, expire, pay, unaccept } from '../../../lib/offers/acceptance.ts'
import type { Offer } from '../../../lib/offers/offer.ts'
import { contextAt, NOW } from '../../support/offers.ts'
import { usd } from '../../support/usd.ts'
import { awsOffer } from './aws-offer.ts'
import { bundle } from './azure-offer.ts'

const AT = '2026-11-05T14:00:00.000Z'
const released = () => awsOffer({ status: 'released', externalId: 'ext-1', releasedAt: NOW })

describe('the acceptance', () => {
  it('has the time of the marketplace, the agreement and the price', () => {
    const { offer, events } = accept(released(), { agreementId: 'agmt-1', at: AT }, contextAt('2026-11-06T00:00:00.000Z'))
    expect(offer).toMatchObject({ status: 'accepted', acceptedAt: AT, agreementId: 'agmt-1', releasedAt: NOW })
    expect(events[0]).toMatchObject({
      type: 'offer.accepted.v1',
      time: AT,
      recordedat: '2026-11-06T00:00:00.000Z',
      data: { agreementId: 'agmt-1', price: usd(10_000_000) },
    })
  })
  it('holds though a withdrawal is on its way, and ends it', () => {
    const submission = { kind: 'withdraw' as const, attempt: 2, startedAt: NOW, open: true }
    const { offer } = accept({ ...released(), status: 'withdrawing', submission }, { at: AT }, contextAt())
    expect(offer).toMatchObject({ status: 'accepted', submission: { open: false } })
  })
  it('that is heard of before the release tells both', () => {
    expect(accept(awsOffer({ status: 'submitting' }), { at: AT }, contextAt()).offer.releasedAt).toBe(AT)
  })
  it('learns its agreement later, without a second event', () => {
    const { offer } = accept(released(), { at: AT }, contextAt())
    expect(offer.agreementId).toBeUndefined()
    const later = accept(offer, { agreementId: 'agmt-1', at: '2026-11-07T00:00:00.000Z' }, contextAt())
    expect(later).toEqual({ offer: { ...offer, agreementId: 'agmt-1' }, events: [] })
    expect(accept(later.offer, { agreementId: 'agmt-2', at: AT }, contextAt()).offer.agreementId).toBe('agmt-1')
  })
})

it('an offer of several plans learns once which of them its agreement bought, and not from another agreement', () => {
  const offer = bundle({}, { status: 'released', externalId: 'ext-1', releasedAt: NOW })
  const told = (before: Offer, agreementId: string, item?: number) =>
    agreed(before, { agreementId, acceptedAt: AT, item }, contextAt()).offer
  const untold = told(offer, 'sub-1')
  expect(untold).not.toHaveProperty('boughtItem')
  expect(told(untold, 'sub-2', 0)).toBe(untold)
  const known = told(untold, 'sub-1', 1)
  expect(known).toMatchObject({ agreementId: 'sub-1', boughtItem: 1 })
  expect(told(known, 'sub-1', 0)).toBe(known)
  expect(told(offer, 'sub-1', 1)).toMatchObject({ status: 'accepted', agreementId: 'sub-1', boughtItem: 1 })
})

describe('an acceptance that was of another offer', () => {
  const submission = { kind: 'withdraw' as const, attempt: 2, startedAt: NOW, open: true, jobId: 'cs-1' }
  it.each([
    ['released', released()],
    ['expired', { ...released(), status: 'expired' as const }],
    ['about to be withdrawn', { ...released(), status: 'withdrawing' as const, submission }],
    ['about to be extended', { ...released(), status: 'extending' as const, extension: { expiresOn: '2027-01-01' } }],
  ])('leaves one that was %s as it stood', (_, offer) => {
    const accepted = activate(accept(offer, { agreementId: 'agmt-1', at: AT }, contextAt()).offer, AT, contextAt()).offer
    const corrected = unaccept(accepted, 'agmt-1', contextAt())
    expect(corrected.offer).toEqual(offer)
    expect(corrected.events).toMatchObject([{ type: 'offer.acceptance-corrected.v1', data: { agreementId: 'agmt-1' } }])
    expect(unaccept(accepted, 'agmt-2', contextAt()).events).toEqual([])
  })
})

describe('an agreement', () => {
  const [BOUGHT, ACTIVE] = ['2026-11-07T09:00:00.000Z', '2026-11-08T00:00:00.000Z']
  it('tells of the purchase, which may come after the acceptance, and of the activation', () => {
    const accepted = accept(released(), { at: AT }, contextAt()).offer
    const bought = agreed(accepted, { agreementId: 'sub-1', acceptedAt: BOUGHT }, contextAt())
    expect(bought.events.map(({ type, time }) => [type, time])).toEqual([['offer.purchased.v1', BOUGHT]])
    const active = agreed(bought.offer, { agreementId: 'sub-1', acceptedAt: BOUGHT, activatedAt: ACTIVE }, contextAt())
    expect(active.events.map(({ type, time }) => [type, time])).toEqual([['offer.activated.v1', ACTIVE]])
    expect(active.offer).toMatchObject({ acceptedAt: AT, purchasedAt: BOUGHT, activatedAt: ACTIVE, agreementId: 'sub-1' })
  })
  it('that is the first to tell of the acceptance tells all at once, and read again nothing', () => {
    const read = { agreementId: 'agmt-1', acceptedAt: AT, activatedAt: AT }
    const { offer, events } = agreed(released(), read, contextAt())
    expect(events.map(({ type }) => type)).toEqual(['offer.accepted.v1', 'offer.purchased.v1', 'offer.activated.v1'])
    expect(agreed(offer, read, contextAt())).toEqual({ offer, events: [] })
  })
})

it('the activation has the time of the marketplace', () => {
  const { offer, events } = activate(accept(released(), { at: AT }, contextAt()).offer, '2026-11-08T00:00:00.000Z', contextAt())
  expect(offer.activatedAt).toBe('2026-11-08T00:00:00.000Z')
  expect(events[0]).toMatchObject({ type: 'offer.activated.v1', time: '2026-11-08T00:00:00.000Z' })
})

it.each([
  ['2026-12-10', '2026-12-11', '2026-12-10', 0],
  ['2026-12-10', '2026-12-10', '2026-12-10', 0],
  ['2026-12-10', '2026-12-09', '2026-12-09', 1],
])('the first payment is the earliest: after one on %s, one on %s leaves %s', (known, on, first, events) => {
  const paid = pay(awsOffer({ status: 'accepted' }), known, contextAt()).offer
  const again = pay(paid, on, contextAt())
  expect(again.offer.firstPaidOn).toBe(first)
  expect(again.events).toHaveLength(events)
})

describe('the last day', () => {
  it.each([
    ['2026-12-15T23:59:59.999Z', 'released'],
    ['2026-12-16T00:00:00.000Z', 'expired'],
  ])('belongs to the buyer: at %s the offer is %s', (now, status) => {
    const { offer, events } = expire(released(), contextAt(now))
    expect(offer.status).toBe(status)
    expect(events.map(({ type, data }) => [type, 'on' in data && data.on])).toEqual(
      status === 'expired' ? [['offer.expired.v1', '2026-12-15']] : [],
    )
  })
})
