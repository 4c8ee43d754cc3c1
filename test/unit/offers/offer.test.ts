import { describe, expect, it } from 'vitest'
import { judge } from '../../../lib/approvals/approval.ts'
import type { Context } from '../../../lib/core/context.ts'
import { ServiceError } from '../../../lib/core/errors.ts'
import { accept, activate, expire, pay } from '../../../lib/offers/acceptance.ts'
import { decide, submit } from '../../../lib/offers/approval.ts'
import { type Decided, type Offer, OfferRequest, OfferStatus, request } from '../../../lib/offers/offer.ts'
import { begin, extend, extended, fail, release, retry, started, withdraw, withdrawn } from '../../../lib/offers/submission.ts'
import { ann, contextAt, mia, NOW } from '../../support/offers.ts'
import { FACTS, ONE_MANAGER, policyOf } from '../../support/policy.ts'
import { usd } from '../../support/usd.ts'
import { AWS_REQUEST, awsOffer } from './aws-offer.ts'

const JUDGED = { policy: policyOf([], []), partner: { type: 'reseller' as const } }
const BY_MIA = { actor: mia, mandates: [] }
const PROBLEMS = [{ code: 'NO', target: 'price', message: 'not so' }]

type Action = (offer: Offer, context: Context) => Decided

const ACTIONS: Record<string, Action> = {
  submit: (offer, context) => submit(offer, JUDGED, ann, context),
  approve: (offer, context) => decide(offer, { outcome: 'approved', reason: 'good' }, BY_MIA, context),
  reject: (offer, context) => decide(offer, { outcome: 'rejected', reason: 'bad' }, BY_MIA, context),
  begin,
  started: (offer, context) => started(offer, 'job-2', context),
  release: (offer, context) => release(offer, { externalId: 'ext-1', at: NOW }, context),
  fail: (offer, context) => fail(offer, PROBLEMS, context),
  retry,
  withdraw: (offer, context) => withdraw(offer, 'no need', ann, context),
  withdrawn,
  extend: (offer, context) => extend(offer, '2027-01-15', ann, context),
  extended,
  accept: (offer, context) => accept(offer, { agreementId: 'agmt-1', at: NOW }, context),
  activate: (offer, context) => activate(offer, NOW, context),
  pay: (offer, context) => pay(offer, '2026-11-02', context),
  expire: (offer, context) => expire({ ...offer, expiresOn: '2026-11-01' }, context),
}

/** What becomes of an offer by an action: its status and the last event; `=` nothing happens, `-` refused. */
const TABLE = `
                 | submit    | approve  | reject   | begin       | release  | fail     | retry       | withdraw    | withdrawn | accept   | activate | expire  | extend    | extended
draft            | approved  | -        | -        | -           | -        | -        | -           | withdrawn   | -         | -        | -        | =        | -         | -
pending-approval | -         | approved | rejected | -           | -        | -        | -           | withdrawn   | -         | -        | -        | =        | -         | -
approved         | -         | -        | -        | submitting  | -        | -        | -           | withdrawn   | -         | -        | -        | =        | -         | -
rejected         | -         | -        | -        | -           | -        | -        | -           | withdrawn   | -         | -        | -        | =        | -         | -
submitting       | -         | -        | -        | -           | released | failed   | approved    | -           | -         | accepted | -        | =        | -         | -
failed           | approved  | -        | -        | -           | -        | -        | -           | withdrawn   | -         | -        | -        | =        | -         | -
released         | -         | -        | -        | -           | -        | -        | -           | withdrawing | -         | accepted | -        | expired  | extending | -
extending        | -         | -        | -        | extending   | -        | released | extending   | -           | -         | accepted | -        | =        | -         | released
withdrawing      | -         | -        | -        | withdrawing | -        | released | withdrawing | =           | withdrawn | accepted | -        | =        | -         | -
withdrawn        | -         | -        | -        | -           | -        | -        | -           | =           | -         | accepted | -        | =        | -         | -
deleting         | -         | -        | -        | deleting    | -        | withdrawn | deleting   | -           | -         | -        | -        | = | -         | -
deleted          | -         | -        | -        | -           | -        | -        | -           | -           | -         | -        | -        | = | -         | -
accepted         | -         | -        | -        | -           | -        | -        | -           | -           | -         | =        | accepted | =        | -         | -
expired          | -         | -        | -        | -           | -        | -        | -           | -           | -         | accepted | -        | =        | extending | -
`
const [[, ...names] = [], ...rows] = TABLE.trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
const CELLS = rows.flatMap(([status = '', ...cells]) => names.map((name, i) => [status, name, cells[i] ?? ''] as const))

const KINDS: Record<string, 'create' | 'extend' | 'withdraw'> = {
  submitting: 'create',
  extending: 'extend',
  withdrawing: 'withdraw',
}

const offerIn = (status: string): Offer =>
  awsOffer({
    status: OfferStatus.parse(status),
    ...(status in KINDS && { submission: { kind: KINDS[status] ?? 'create', attempt: 1, startedAt: NOW, open: true } }),
    ...(status === 'extending' && { extension: { expiresOn: '2027-01-20' } }),
    ...(status === 'accepted' && { acceptedAt: NOW, agreementId: 'agmt-1' }),
    ...(status === 'pending-approval' && {
      approval: judge(ONE_MANAGER, { ...FACTS, discountPermille: 160 }, NOW),
    }),
  })

describe('an offer', () => {
  it.each(CELLS)('that is %s: %s → %s', (status, name, outcome) => {
    const [offer, action] = [offerIn(status), ACTIONS[name] as Action]
    if (outcome === '-') {
      expect(() => action(offer, contextAt())).toThrow(ServiceError)
      expect(() => action(offer, contextAt())).toThrow(`offer off_1 is ${status}`)
      return
    }
    const { offer: after, events } = action(offer, contextAt())
    expect(after.status).toBe(outcome === '=' ? status : outcome)
    expect(events).toHaveLength(outcome === '=' ? 0 : name === 'submit' ? 2 : 1)
    expect(offer).toEqual(offerIn(status))
  })

  it('has a place in the table for every status', () => {
    expect(rows.map(([status]) => status).sort()).toEqual([...OfferStatus.options].sort())
  })
})

describe('a repeated step', () => {
  it.each([
    ['started', offerIn('submitting')],
    ['release', offerIn('submitting')],
    ['approve', offerIn('pending-approval')],
    ['reject', offerIn('pending-approval')],
    ['withdraw', offerIn('released')],
    ['withdraw', offerIn('draft')],
    ['extend', offerIn('released')],
    ['accept', offerIn('released')],
    ['accept', offerIn('extending')],
    ['activate', offerIn('accepted')],
    ['pay', offerIn('accepted')],
    ['expire', offerIn('released')],
  ] as const)('changes nothing: %s', (name, offer) => {
    const action = ACTIONS[name] as Action
    const once = action(offer, contextAt())
    expect(once.events).toHaveLength(1)
    const twice = action(once.offer, contextAt('2026-11-03T09:00:00.000Z'))
    expect(twice).toEqual({ offer: twice.offer, events: [] })
    expect({ ...twice.offer, expiresOn: '' }).toEqual({ ...once.offer, expiresOn: '' })
  })
})

describe('a request', () => {
  it('makes a draft of the one who asked, and tells it with the price', () => {
    const { offer, events } = request(OfferRequest.parse(AWS_REQUEST), ann, contextAt())
    expect(offer).toMatchObject({
      ...AWS_REQUEST,
      status: 'draft',
      version: 0,
      requestedBy: 'ann',
      requestedAt: NOW,
      problems: [],
    })
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({
      type: 'offer.requested.v1',
      subject: offer.id,
      time: NOW,
      data: { partnerId: 'par_1', accountId: 'acc_1', marketplace: 'aws', by: 'ann', price: usd(10_000_000) },
    })
  })
  it('with a field that is unknown is refused', () => {
    expect(OfferRequest.safeParse({ ...AWS_REQUEST, discount: 5 }).success).toBe(false)
  })
})
