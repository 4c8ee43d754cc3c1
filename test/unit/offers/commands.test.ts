import { describe, expect, it } from 'vitest'
import { judge } from '../../../lib/approvals/approval.ts'
import type { Actor } from '../../../lib/core/context.ts'
import type { ErrorCode } from '../../../lib/core/errors.ts'
import { notFound } from '../../../lib/core/errors.ts'
import * as offers from '../../../lib/offers/commands.ts'
import type { Plan } from '../../../lib/offers/marketplace.ts'
import { type AwsOffer, type Offer, OfferRequest } from '../../../lib/offers/offer.ts'
import * as reading from '../../../lib/offers/read.ts'
import { amend } from '../../../lib/offers/successor.ts'
import type { Partner } from '../../../lib/partners/partner.ts'
import { ann, bob, contextAt, fay, memoryOffers, mia, NOW } from '../../support/offers.ts'
import { FACTS, ONE_MANAGER } from '../../support/policy.ts'
import { usd } from '../../support/usd.ts'
import { awsOffer } from './aws-offer.ts'
import { azureOffer, bundle, csp, PLAN as PLAN_ID } from './azure-offer.ts'

const REQUEST = OfferRequest.parse({
  marketplace: 'aws',
  partnerId: 'par_1',
  accountId: 'acc_1',
  name: 'Ledger for Fabrikam',
  productId: 'prod-cosell0ledger',
  listPrice: usd(1000),
  price: usd(1000),
  termMonths: 12,
  expiresOn: '2026-12-15',
  buyerAccountIds: ['310000000009'],
  grants: [{ dimension: 'seats', quantity: 1 }],
})
const PLAN: Plan = { request: { exactly: 'this' }, hash: 'plan-1', problems: [] }

const known = (...ids: string[]) => ({
  get: async (id: string) => {
    if (!ids.includes(id)) throw notFound('thing', id)
  },
})

const openFor = (partner: Partial<Partner>, ...given: Offer[]) => {
  const books = memoryOffers(...given)
  const planned: string[] = []
  const plan = (_: Offer, today: string) => {
    planned.push(today)
    return PLAN
  }
  const dependencies = {
    store: books.store,
    partners: {
      get: async (id: string) => {
        await known('par_1').get(id)
        return { id, type: 'reseller' as const, ...partner }
      },
    },
    account: async (_: unknown, id: string) => known('acc_1').get(id),
    marketplaces: { aws: { plan }, azure: { plan } },
    policy: { ...ONE_MANAGER, listPrices: { 'prod-cosell0ledger': usd(1) } },
    mandates: async () => [],
    drawsDown: async ({ accountId }: Offer) => accountId === 'acc_1',
  }
  return { ...books, dependencies, planned }
}
const open = (...given: Offer[]) => openFor({}, ...given)
const pending = (changes: Partial<AwsOffer> = {}) =>
  awsOffer({ status: 'pending-approval', approval: judge(ONE_MANAGER, { ...FACTS, discountPermille: 160 }, NOW), ...changes })
const refusing = (dependencies: ReturnType<typeof open>['dependencies']) => {
  const problems = [{ code: 'TOO_LATE', target: 'expiresOn', message: 'must be a day to come' }]
  const plan = () => ({ request: {}, hash: 'plan-2', problems })
  return { ...dependencies, marketplaces: { aws: { plan }, azure: { plan } } }
}

const refusal = (code: ErrorCode) => expect.objectContaining({ code })

describe('requesting an offer', () => {
  it('keeps a draft', async () => {
    const { dependencies, store, types } = open()
    const offer = await offers.requestOffer(dependencies)(ann, REQUEST, contextAt())
    expect(offer).toMatchObject({ status: 'draft', version: 1, requestedBy: 'ann' })
    expect(await store.get(offer.id)).toEqual(offer)
    expect(types()).toEqual(['offer.requested.v1'])
  })
  it('for another partner is refused', async () => {
    await expect(offers.requestOffer(open().dependencies)(bob, REQUEST, contextAt())).rejects.toEqual(refusal('forbidden'))
  })
  it.each(['partnerId', 'accountId'])('of an unknown %s is refused, and nothing kept', async (field) => {
    const { dependencies, types } = open()
    const input = { ...REQUEST, [field]: 'nobody' }
    await expect(offers.requestOffer(dependencies)(mia, input, contextAt())).rejects.toEqual(refusal('not_found'))
    expect(types()).toEqual([])
  })
})

describe('reading offers', () => {
  const own = awsOffer()
  const foreign = awsOffer({ id: 'off_2', partnerId: 'par_2', status: 'released' })

  it('of another partner finds nothing, like an unknown id', async () => {
    const { dependencies } = open(own, foreign)
    for (const id of ['off_2', 'off_9'])
      await expect(reading.getOffer(dependencies)(ann, id, contextAt())).rejects.toMatchObject({
        code: 'not_found',
        message: `there is no offer ${id} that you may see: check the id`,
      })
    expect(await reading.getOffer(dependencies)(ann, 'off_1', contextAt())).toEqual({ ...own, drawsDown: true })
    expect(await reading.getOffer(dependencies)(fay, 'off_2', contextAt())).toEqual({ ...foreign, drawsDown: true })
  })
  it.each([
    [ann, {}, ['off_1']],
    [ann, { partnerId: 'par_2' }, []],
    [mia, {}, ['off_1', 'off_2']],
    [mia, { partnerId: 'par_2' }, ['off_2']],
    [mia, { status: 'released' as const }, ['off_2']],
    [ann, { status: 'released' as const }, []],
  ])('in a list shows what $subject may see: %j', async (actor, query, ids) => {
    const { items } = await reading.listOffers(open(own, foreign).dependencies)(actor, { limit: 10, ...query }, contextAt())
    expect(items.map(({ id }) => id)).toEqual(ids)
  })
  it('by its plan shows the exact request as of today', async () => {
    const { dependencies, planned } = open(own)
    expect(await reading.planOffer(dependencies)(ann, 'off_1', contextAt())).toEqual({ ...PLAN, drawsDown: true })
    expect(await reading.planRequest(dependencies)(ann, REQUEST, contextAt())).toEqual(PLAN)
    expect(planned).toEqual(['2026-11-02', '2026-11-02'])
    const unknown = await reading.planRequest(dependencies)(
      mia,
      { ...REQUEST, partnerId: 'par_9', accountId: 'acc_9' },
      contextAt(),
    )
    expect(unknown.problems.map(({ target, code }) => [target, code])).toEqual([
      ['partnerId', 'not_found'],
      ['accountId', 'not_found'],
    ])
    await expect(reading.planRequest(dependencies)(bob, REQUEST, contextAt())).rejects.toThrow('give your own partnerId, par_2')
  })
  it('by its timeline shows the dates that are known and all events', async () => {
    const { dependencies } = open()
    const { id } = await offers.requestOffer(dependencies)(ann, REQUEST, contextAt())
    await offers.submitOffer(dependencies)(ann, id, undefined, contextAt())
    const timeline = await reading.getTimeline(dependencies)(ann, id)
    expect(timeline).toMatchObject({ requestedAt: NOW })
    expect(timeline).not.toHaveProperty('acceptedAt')
    expect(timeline.events.map(({ type }) => type)).toEqual(['offer.requested.v1', 'offer.submitted.v1', 'offer.approved.v1'])
    await expect(reading.getTimeline(dependencies)(bob, id)).rejects.toEqual(refusal('not_found'))
  })
})

describe('an observation', () => {
  const report = { state: 'viewed' as const, at: NOW }

  it('said twice is one event, and the offer as it was', async () => {
    const { dependencies, types } = open(awsOffer({ status: 'released' }))
    const first = await offers.observeOffer(dependencies)(mia, 'off_1', report, 1, contextAt())
    expect(await offers.observeOffer(dependencies)(mia, 'off_1', report, 2, contextAt())).toEqual(first)
    expect(types()).toEqual(['offer.observed.v1'])
  })
  it.each([ann, fay])('is not for $subject to make', async (actor) => {
    const { dependencies } = open(awsOffer({ status: 'released' }))
    const observing = offers.observeOffer(dependencies)(actor, 'off_1', report, undefined, contextAt())
    await expect(observing).rejects.toEqual(refusal('forbidden'))
  })
})

describe('submitting', () => {
  it('sends a draft within the limits straight to the marketplace', async () => {
    const { dependencies } = open(awsOffer({ status: 'draft', price: usd(12), listPrice: usd(12) }))
    expect(await offers.submitOffer(dependencies)(ann, 'off_1', 1, contextAt())).toMatchObject({ status: 'approved', version: 2 })
  })
  it('what the marketplace would refuse names every problem, and changes nothing', async () => {
    const { dependencies, store, types } = open(awsOffer({ status: 'draft' }))
    const submitting = offers.submitOffer(refusing(dependencies))(ann, 'off_1', undefined, contextAt())
    await expect(submitting).rejects.toMatchObject({ code: 'unprocessable', details: [{ target: 'expiresOn' }] })
    expect((await store.get('off_1')).status).toBe('draft')
    expect(types()).toEqual([])
  })
})

describe('the plan that is approved', () => {
  it('is the one that was submitted', async () => {
    const { dependencies } = open(awsOffer({ status: 'draft' }))
    expect(await offers.submitOffer(dependencies)(ann, 'off_1', 1, contextAt())).toMatchObject({ planHash: 'plan-1' })
  })
  it('may be named by the approver, who then approves no other', async () => {
    const { dependencies, types } = open(pending({ planHash: 'plan-1' }))
    const decide = (planHash: string) =>
      offers.decideOffer(dependencies, 'approved')(mia, 'off_1', { reason: 'good', planHash }, undefined, contextAt())
    await expect(decide('plan-2')).rejects.toMatchObject({ code: 'conflict', target: 'planHash' })
    expect(types()).toEqual([])
    expect((await decide('plan-1')).status).toBe('approved')
  })
})

describe('the successor of an accepted offer', () => {
  it('is a draft of its own that names it', async () => {
    const before = awsOffer({ status: 'accepted', agreementId: 'agmt-1' })
    const { dependencies, types } = open(before)
    const changes = { expiresOn: '2027-03-31', endsOn: '2028-03-31' }
    const next = await offers.draftSuccessor(dependencies, amend)(ann, 'off_1', changes, undefined, contextAt())
    expect(next).toMatchObject({ status: 'draft', version: 1, predecessorId: 'off_1', replaces: 'agmt-1', requestedBy: 'ann' })
    expect(types()).toEqual(['offer.requested.v1'])
  })
})

describe('another last day', () => {
  const released = awsOffer({ status: 'released', externalId: 'ext-1' })
  const extend = (dependencies: ReturnType<typeof open>['dependencies'], expiresOn: string) =>
    offers.extendOffer(dependencies)(ann, 'off_1', expiresOn, undefined, contextAt())

  it('is asked for once', async () => {
    const { dependencies, types } = open(released)
    const marketplaces = { ...dependencies.marketplaces, aws: { ...dependencies.marketplaces.aws, extension: () => [] } }
    const once = await extend({ ...dependencies, marketplaces }, '2027-01-15')
    expect(once).toMatchObject({ status: 'extending', expiresOn: '2026-12-15', extension: { expiresOn: '2027-01-15' } })
    expect(await extend({ ...dependencies, marketplaces }, '2027-01-15')).toEqual(once)
    expect(types()).toEqual(['offer.extension-requested.v1'])
  })
  it('that the marketplace would refuse is not asked for', async () => {
    const { dependencies, types } = open(released)
    const extension = () => [{ code: 'NO', target: 'expiresOn', message: 'not so' }]
    const marketplaces = { ...dependencies.marketplaces, aws: { ...dependencies.marketplaces.aws, extension } }
    await expect(extend({ ...dependencies, marketplaces }, '2027-01-15')).rejects.toMatchObject({
      code: 'unprocessable',
      details: [{ target: 'expiresOn' }],
    })
    expect(types()).toEqual([])
  })
  it('is refused where the marketplace has no such change', async () => {
    const { dependencies } = open(released)
    await expect(extend(dependencies, '2027-01-15')).rejects.toMatchObject({ code: 'conflict', target: 'marketplace' })
  })
})

describe('a partner on a compliance hold', () => {
  const held = { complianceHold: { reason: 'screening', by: 'pia', at: NOW } }

  it('has no offer submitted, and is not told why', async () => {
    const { dependencies, types } = openFor(held, awsOffer({ status: 'draft', price: usd(12) }))
    const submitting = (actor: Actor) => offers.submitOffer(dependencies)(actor, 'off_1', undefined, contextAt())
    await expect(submitting(mia)).rejects.toMatchObject({ code: 'conflict', target: 'partnerId', message: /hold: screening/ })
    await expect(submitting(ann)).rejects.toMatchObject({ code: 'conflict', message: expect.not.stringContaining('screening') })
    expect(types()).toEqual([])
  })
  it('has no offer approved, by nobody; rejecting it is possible', async () => {
    const { dependencies, types } = openFor(held, pending())
    const decide = (outcome: 'approved' | 'rejected', actor: Actor) =>
      offers.decideOffer(dependencies, outcome)(actor, 'off_1', { reason: 'x' }, undefined, contextAt())
    await expect(decide('approved', mia)).rejects.toMatchObject({ code: 'conflict', message: /compliance hold/ })
    expect(types()).toEqual([])
    expect((await decide('rejected', mia)).status).toBe('rejected')
  })
})

describe('an offer on Azure that is read', () => {
  it.each([
    ['2027-12-31T23:00:00.000Z', false],
    ['2028-01-01T00:00:00.000Z', true],
  ])('at %s tells whether it has ended: %s', async (now, ended) => {
    const { dependencies } = open(azureOffer({ status: 'accepted' }))
    const read = { endsOn: '2027-12-31', ended, status: 'accepted' }
    expect(await reading.getOffer(dependencies)(ann, 'off_1', contextAt(now))).toMatchObject(read)
    expect((await reading.listOffers(dependencies)(mia, { limit: 10 }, contextAt(now))).items).toMatchObject([read])
  })
  it.each([
    [csp(), '2027-03-31'],
    [azureOffer({ startsOn: '2027-02-01' }), '2028-01-31'],
  ])('ends with its last day of sale, or with its term', async (offer, endsOn) => {
    expect(await reading.getOffer(open(offer).dependencies)(ann, 'off_1', contextAt())).toMatchObject({ endsOn })
  })
})

describe('a request to renew', () => {
  const earlier = azureOffer({ id: 'off_0', status: 'accepted', externalId: 'guid-0', externalName: 'Fabrikam 12m (off_0 1)' })
  const renewal = (changes: object = {}) => {
    const { marketplace, name, productId, listPrice, price, ...more } = azureOffer({ startsOn: '2028-01-01' })
    const { id, version, status, requestedBy, requestedAs, requestedAt, problems, ...rest } = more
    const given = { ...rest, marketplace, name, productId, listPrice, price, upgradedFrom: 'off_0', ...changes }
    return OfferRequest.parse(given)
  }

  it('knows the offer before as Microsoft does', async () => {
    const { dependencies } = open(earlier)
    const predecessor = { externalId: 'guid-0', name: 'Fabrikam 12m (off_0 1)', endsOn: '2027-12-31' }
    expect(await offers.requestOffer(dependencies)(ann, renewal(), contextAt())).toMatchObject({ predecessor })
    expect(await reading.planRequest(dependencies)(ann, renewal(), contextAt())).toEqual(PLAN)
  })

  it.each<[string, Offer, object, string]>([
    ['is not accepted', { ...earlier, status: 'released' }, {}, 'upgradedFrom'],
    ['is on AWS', awsOffer({ id: 'off_0', status: 'accepted' }), {}, 'upgradedFrom'],
    ['is for another product', earlier, { productId: 'other' }, 'productId'],
    ['is for another customer', earlier, { billingAccountId: '7654321' }, 'billingAccountId'],
    ['is of another kind', earlier, { kind: 'csp' }, 'kind'],
    ['is priced otherwise', earlier, { pricing: { model: 'percentage', discountPercent: '5' } }, 'pricing.model'],
  ])('is refused where the offer before %s', async (_, before, changes, target) => {
    const asked = offers.requestOffer(open(before).dependencies)(ann, renewal(changes), contextAt())
    await expect(asked).rejects.toMatchObject({ code: 'unprocessable', details: [{ target, code: 'renewal_differs' }] })
  })

  it.each<[string, object, string | undefined]>([
    ['other prices', { items: bundle({ price: usd(4_200_000) }).items, price: usd(9_000_000) }, undefined],
    ['one item less', { items: bundle().items?.slice(0, 1) }, 'items'],
    ['another plan in an item', { items: bundle({ basePlanId: PLAN_ID }).items }, 'items.1.basePlanId'],
    [
      'another model in an item',
      { items: bundle({ pricing: { model: 'flat-rate', productType: 'saas' } }).items },
      'items.1.pricing.model',
    ],
  ])('of several plans may have other prices only: with %s', async (_, changes, target) => {
    const { items, price, listPrice } = bundle()
    const before = { ...bundle(), id: 'off_0', status: 'accepted', externalId: 'guid-0' } as const
    const { basePlanId, planName, planDescription, payments, ...common } = Object(renewal())
    const input = OfferRequest.parse({ ...common, items, price, listPrice, ...changes })
    const asked = offers.requestOffer(open(before).dependencies)(ann, input, contextAt())
    if (target) await expect(asked).rejects.toMatchObject({ details: [{ target, code: 'renewal_differs' }] })
    else expect(await asked).toMatchObject({ predecessor: { externalId: 'guid-0' } })
  })

  it('is refused where the caller may not see the offer before', async () => {
    const asked = offers.requestOffer(open({ ...earlier, partnerId: 'par_2' }).dependencies)(ann, renewal(), contextAt())
    await expect(asked).rejects.toMatchObject({ code: 'not_found', details: [{ target: 'upgradedFrom' }] })
  })
})

describe('a version that is not the newest', () => {
  const change = (
    name: 'submit' | 'decide' | 'withdraw',
    dependencies: ReturnType<typeof open>['dependencies'],
    version: number,
  ) => {
    if (name === 'submit') return offers.submitOffer(dependencies)(mia, 'off_1', version, contextAt())
    if (name === 'decide')
      return offers.decideOffer(dependencies, 'approved')(mia, 'off_1', { reason: 'good' }, version, contextAt())
    return offers.withdrawOffer(dependencies)(mia, 'off_1', 'no need', version, contextAt())
  }
  it.each(['submit', 'decide', 'withdraw'] as const)('changes nothing: %s', async (name) => {
    const { dependencies, types } = open(name === 'decide' ? pending({ version: 3 }) : awsOffer({ version: 3, status: 'draft' }))
    await expect(change(name, dependencies, 2)).rejects.toMatchObject({ code: 'stale_version', target: 'If-Match' })
    expect(types()).toEqual([])
    expect((await change(name, dependencies, 3)).version).toBe(4)
  })
})

describe('what is repeated', () => {
  it.each(['approved', 'rejected'] as const)('is decided once: %s', async (outcome) => {
    const { dependencies, types } = open(pending())
    const decide = () => offers.decideOffer(dependencies, outcome)(mia, 'off_1', { reason: 'because' }, undefined, contextAt())
    const once = await decide()
    expect(await decide()).toEqual(once)
    expect(types()).toEqual([`offer.${outcome}.v1`])
  })
  it('is withdrawn once', async () => {
    const { dependencies, types } = open(awsOffer({ status: 'released' }))
    const once = await offers.withdrawOffer(dependencies)(ann, 'off_1', 'no need', undefined, contextAt())
    expect(await offers.withdrawOffer(dependencies)(ann, 'off_1', 'no need', undefined, contextAt())).toEqual(once)
    expect(types()).toEqual(['offer.withdrawal-requested.v1'])
  })
  it('is deleted once', async () => {
    const { dependencies, types } = open(azureOffer({ status: 'withdrawn', externalId: 'guid-1' }))
    const once = await offers.deleteOffer(dependencies)(ann, 'off_1', undefined, contextAt())
    expect(await offers.deleteOffer(dependencies)(ann, 'off_1', undefined, contextAt())).toEqual(once)
    expect([once.status, types()]).toEqual(['deleting', ['offer.deletion-requested.v1']])
  })
  it('is paid once, on the earliest day', async () => {
    const { dependencies, store, types } = open(awsOffer({ status: 'accepted' }))
    const pay = (on: string) => offers.markPaid(dependencies)('off_1', on, contextAt())
    for (const on of ['2026-12-05', '2026-12-05', '2026-12-01', '2026-12-09']) await pay(on)
    expect((await store.get('off_1')).firstPaidOn).toBe('2026-12-01')
    expect(types()).toEqual(['offer.paid.v1', 'offer.paid.v1'])
  })
})

it('money of an offer that was never ours is passed over', async () => {
  await expect(offers.markPaid(open().dependencies)('off_9', '2026-12-01', contextAt())).resolves.toBeUndefined()
})
