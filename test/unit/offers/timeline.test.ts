import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DomainEvent } from '../../../events/index.ts'
import { OfferEvent } from '../../../events/offer.ts'
import { observe } from '../../../lib/offers/observation.ts'
import type { Offer } from '../../../lib/offers/offer.ts'
import { timelineOf } from '../../../lib/offers/timeline.ts'
import { contextAt, mia, NOW } from '../../support/offers.ts'
import { awsOffer } from './aws-offer.ts'

const OFFER = { partnerId: 'par_1', accountId: 'acc_1', marketplace: 'aws' }
const eventOf = (type: string, data: object = {}, more: object = {}): DomainEvent =>
  DomainEvent.parse({
    ...{ specversion: '1.0', id: `evt_${type}`, source: '/cosell', type, subject: 'off_1', time: NOW, recordedat: NOW },
    ...more,
    data: { ...OFFER, ...data },
  })

const said = { by: 'usr-1', reason: 'x' }
const problem = (code: string) => ({ problems: [{ code, target: 'price', message: 'x' }] })
const price = { amount: 1, currency: 'USD' }
const step = { policy: { id: 'deal-desk', version: 3 }, step: 'desk', dueAt: NOW }
const TABLE: [type: string, data: object, state: string, by: object][] = [
  ['requested', { price, by: 'usr-1' }, 'draft', { kind: 'person', id: 'usr-1' }],
  ['submitted', { ...said, approvalNeeded: true }, 'pending-approval', { kind: 'person', id: 'usr-1' }],
  ['submitted', { ...said, approvalNeeded: false }, 'approved', { kind: 'person', id: 'usr-1' }],
  ['approval-requested', { ...step, approvers: [{ role: 'manager' }], need: 1 }, 'pending-approval', { kind: 'rule' }],
  ['approval-given', said, 'pending-approval', { kind: 'person', id: 'usr-1' }],
  ['approval-escalated', { ...step, escalatedTo: { role: 'platform' } }, 'escalated', { kind: 'clock' }],
  ['approved', { ...said, by: 'policy:deal-desk@3' }, 'approved', { kind: 'rule', id: 'deal-desk@3' }],
  ['approved', { ...said, by: 'rule:discount@1' }, 'approved', { kind: 'rule', id: 'discount@1' }],
  ['approved', said, 'approved', { kind: 'person', id: 'usr-1' }],
  ['rejected', said, 'rejected', { kind: 'person', id: 'usr-1' }],
  ['submission-started', { kind: 'create', attempt: 1 }, 'sending', { kind: 'cosell' }],
  ['submission-started', { kind: 'extend', attempt: 2 }, 'extending', { kind: 'cosell' }],
  ['submission-started', { kind: 'withdraw', attempt: 2 }, 'withdrawing', { kind: 'cosell' }],
  ['submission-started', { kind: 'delete', attempt: 3 }, 'deleting', { kind: 'cosell' }],
  ['submission-accepted', { jobId: 'j', kind: 'delete' }, 'deleting', { kind: 'marketplace' }],
  ['submission-accepted', { jobId: 'j' }, 'submitted', { kind: 'marketplace' }],
  ['submission-accepted', { jobId: 'j', kind: 'create' }, 'submitted', { kind: 'marketplace' }],
  ['submission-accepted', { jobId: 'j', kind: 'extend' }, 'extending', { kind: 'marketplace' }],
  ['submission-accepted', { jobId: 'j', kind: 'withdraw' }, 'withdrawal-submitted', { kind: 'marketplace' }],
  ['retried', { attempt: 1 }, 'retrying', { kind: 'cosell' }],
  ['failed', problem('INVALID_INPUT'), 'attention-needed', { kind: 'marketplace' }],
  ['failed', problem('PLAN_CHANGED'), 'attention-needed', { kind: 'cosell' }],
  ['released', { externalId: 'offer-1' }, 'released', { kind: 'marketplace' }],
  ['handed-over', { to: 'selling-partner' }, 'with-selling-partner', { kind: 'marketplace' }],
  ['handed-over', { to: 'customer' }, 'partner-marked-up', { kind: 'marketplace' }],
  ['deletion-requested', { by: 'usr-1' }, 'deleting', { kind: 'person', id: 'usr-1' }],
  ['deleted', {}, 'deleted', { kind: 'marketplace' }],
  ['observed', { state: 'buyer-notified', by: 'usr-1' }, 'buyer-notified', { kind: 'person', id: 'usr-1' }],
  ['observed', { state: 'instructions-opened', by: 'usr-1' }, 'instructions-opened', { kind: 'person', id: 'usr-1' }],
  ['observed', { state: 'viewed', by: 'usr-1' }, 'viewed', { kind: 'person', id: 'usr-1' }],
  ['observed', { state: 'partner-marked-up', by: 'usr-1' }, 'partner-marked-up', { kind: 'person', id: 'usr-1' }],
  ['observed', { state: 'deleted', by: 'usr-1' }, 'deleted', { kind: 'person', id: 'usr-1' }],
  ['extension-requested', { by: 'usr-1', on: '2026-12-31' }, 'extending', { kind: 'person', id: 'usr-1' }],
  ['extended', { on: '2026-12-31' }, 'extended', { kind: 'marketplace' }],
  ['withdrawal-requested', said, 'withdrawing', { kind: 'person', id: 'usr-1' }],
  ['withdrawn', { ...said, by: 'marketplace' }, 'withdrawn', { kind: 'marketplace' }],
  ['withdrawn', said, 'withdrawn', { kind: 'person', id: 'usr-1' }],
  ['accepted', { price }, 'accepted', { kind: 'buyer' }],
  ['acceptance-corrected', { agreementId: 'agmt-1' }, 'acceptance-corrected', { kind: 'marketplace' }],
  ['purchased', {}, 'purchased', { kind: 'buyer' }],
  ['activated', {}, 'activated', { kind: 'marketplace' }],
  ['paid', { on: '2026-12-31' }, 'paid', { kind: 'marketplace' }],
  ['expired', { on: '2026-12-31' }, 'expired', { kind: 'clock' }],
]

// Tackle's fifteen states of Microsoft's offers, and ours.
const FIFTEEN = {
  draft: 'draft',
  pending: 'pending-approval',
  submitted_in_cloud: 'submitted',
  created_in_cloud: 'released',
  email_sent: 'buyer-notified',
  instructions_opened: 'instructions-opened',
  viewed: 'viewed',
  partner_marked_up: 'partner-marked-up',
  accepted: 'accepted',
  subscribed: 'purchased',
  attention_needed: 'attention-needed',
  pending_cancellation: 'withdrawing',
  pending_cancellation_withdrawn: 'withdrawal-submitted',
  canceled: 'withdrawn',
  deleted_in_cloud: 'deleted',
}

describe('the state that an event shows', () => {
  it.each(TABLE)('offer.%s with %j is %s by %j', (name, data, state, by) => {
    expect(timelineOf([eventOf(`offer.${name}.v1`, data)])).toMatchObject([{ state, by }])
  })

  it('is known of every event of an offer', () => {
    const types = OfferEvent.def.options.flatMap(({ shape }) => shape.type.def.values)
    expect([...new Set(TABLE.map(([name]) => `offer.${name}.v1`))].sort()).toEqual(types.sort())
  })

  it('is known of every example of one', () => {
    const folder = new URL('../../../events/examples/', import.meta.url)
    const files = readdirSync(folder).filter((name) => name.startsWith('offer.'))
    const examples = files.map((file) => DomainEvent.parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))))
    expect(timelineOf(examples)).toHaveLength(files.length)
  })

  it.each(Object.entries(FIFTEEN))('covers what others call %s: %s', (_, state) => {
    expect(TABLE.map(([, , each]) => each)).toContain(state)
  })
})

describe('a timeline', () => {
  const events = [
    eventOf('offer.approved.v1', { ...said, by: 'rule:r@1' }, { id: 'evt_a' }),
    eventOf('offer.submitted.v1', { ...said, approvalNeeded: false }, { id: 'evt_z', cause: 'api' }),
    eventOf('offer.requested.v1', { price, by: 'usr-1' }, { id: 'evt_y', time: '2026-11-01T00:00:00.000Z' }),
  ]

  it('is in order, also where two events are of one instant', () => {
    expect(timelineOf(events).map(({ id }) => id)).toEqual(['evt_y', 'evt_z', 'evt_a'])
  })

  it('tells the cause where it was noted', () => {
    expect(timelineOf(events).map(({ cause }) => cause)).toEqual([undefined, 'api', undefined])
  })

  it('leaves out what is of something else', () => {
    expect(timelineOf([eventOf('account.opened.v1')])).toEqual([])
  })
})

describe('an observation', () => {
  const released = awsOffer({ status: 'released', externalId: 'offer-1' })
  const observed = (offer: Offer, report: Parameters<typeof observe>[1]) => observe(offer, report, mia, contextAt())

  it('is an event whose id is made of what was seen and when', () => {
    const { offer, events } = observed(released, { state: 'viewed', at: '2026-11-01T10:00:00.000Z' })
    expect(offer).toBe(released)
    expect(events).toMatchObject([
      { id: 'evt_observed:off_1:viewed:2026-11-01T10:00:00.000Z', time: '2026-11-01T10:00:00.000Z', recordedat: NOW },
    ])
  })

  it.each<[Offer['status'], 'viewed' | 'deleted', boolean]>([
    ['draft', 'viewed', false],
    ['submitting', 'viewed', false],
    ['released', 'viewed', true],
    ['accepted', 'viewed', true],
    ['withdrawn', 'viewed', true],
    ['released', 'deleted', false],
    ['withdrawn', 'deleted', true],
    ['expired', 'deleted', true],
  ])('of an offer that is %s as %s: allowed is %s', (status, state, allowed) => {
    const observing = () => observed(awsOffer({ status }), { state })
    if (allowed) expect(observing().events).toHaveLength(1)
    else expect(observing).toThrow(expect.objectContaining({ code: 'conflict', target: 'status' }))
  })

  it('cannot be of tomorrow', () => {
    const details = [expect.objectContaining({ target: 'at' })]
    const observing = () => observed(released, { state: 'viewed', at: '2026-11-03T00:00:00.000Z' })
    expect(observing).toThrow(expect.objectContaining({ code: 'invalid_request', details }))
  })
})
