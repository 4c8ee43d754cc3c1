import { describe, expect, it } from 'vitest'
import type { ServiceError } from '../../../lib/core/errors.ts'
import { awsSetPlanner } from '../../../lib/offer-sets/aws/plan.ts'
import { replaceOffer, requestOfferSet, resumeOfferSet, withdrawOfferSet } from '../../../lib/offer-sets/commands.ts'
import type { OfferSet } from '../../../lib/offer-sets/offer-set.ts'
import {
  type Dependencies,
  getOfferSet,
  getTimeline,
  listOfferSets,
  planOfferSet,
  planRequest,
} from '../../../lib/offer-sets/read.ts'
import type { AwsOffer } from '../../../lib/offers/offer.ts'
import { visible } from '../../../lib/offers/read.ts'
import { draft, memberOf, memorySets, offerSet, pair } from '../../support/offer-sets.ts'
import { ann, bob, contextAt, mia } from '../../support/offers.ts'

const context = contextAt()
const INPUT = { name: 'Fabrikam bundle', buyerNotes: 'All you need', offerIds: ['off_1', 'off_2'] }

const open = (offers: AwsOffer[] = pair(), sets: OfferSet[] = []) => {
  const memory = memorySets(sets, offers)
  const desk: Dependencies = {
    store: memory.store,
    offer: (actor, id) => visible(memory.offers, actor, id),
    offerProblems: ({ name }) => (name === 'bad' ? [{ code: 'INVALID_NAME', target: 'name', message: 'is bad' }] : []),
    planner: awsSetPlanner,
  }
  return { ...memory, desk }
}
const refusal = async (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    ({ code, details }: ServiceError) => [code, ...details.map((each) => `${each.code ?? ''} ${each.target}`.trim())],
  )

describe('a request for a set', () => {
  it.each([ann, mia])('of $subject keeps the drafts for it', async (actor) => {
    const { desk, offers } = open()
    const set = await requestOfferSet(desk)(actor, INPUT, context)
    expect(set).toMatchObject({ status: 'requested', version: 1, partnerId: 'par_1', accountId: 'acc_1' })
    for (const id of INPUT.offerIds)
      expect(await offers.get(id)).toMatchObject({
        status: 'draft',
        memberOf: { id: set.id, buyerNotes: 'All you need' },
        version: 2,
      })
  })

  it('is refused for drafts that have another set by now', async () => {
    const { desk } = open()
    await requestOfferSet(desk)(ann, INPUT, context)
    expect(await refusal(requestOfferSet(desk)(ann, INPUT, context))).toEqual([
      'unprocessable',
      'INCOMPATIBLE_OFFER_SET_REFERENCE offerIds.0',
      'INCOMPATIBLE_OFFER_SET_REFERENCE offerIds.1',
    ])
  })

  it('names every problem of the offers themselves, and of them together', async () => {
    const [one, two] = pair()
    const { desk, store } = open([one, { ...two, name: 'bad', status: 'approved', expiresOn: '2026-12-16' }])
    const problems = ['NOT_A_DRAFT offerIds.1', 'INVALID_NAME offerIds.1', 'INCONSISTENT_OFFER_AVAILABILITY_END_DATE offerIds.1']
    expect(await refusal(requestOfferSet(desk)(ann, INPUT, context))).toEqual(['unprocessable', ...problems])
    const plan = await planRequest(desk)(ann, INPUT, context)
    expect(plan.problems.map(({ code, target }) => `${code} ${target}`)).toEqual(problems)
    expect((await store.list({ limit: 9 })).items).toEqual([])
  })

  it('finds the offers of other partners no more than offers that do not exist', async () => {
    const { desk } = open()
    const ids = { ...INPUT, offerIds: ['off_1', 'off_9'] }
    expect(await refusal(requestOfferSet(desk)(bob, ids, context))).toEqual(['not_found', 'offerIds.0', 'offerIds.1'])
    expect(await refusal(planRequest(desk)(bob, ids, context))).toEqual(['not_found', 'offerIds.0', 'offerIds.1'])
  })

  it('and a submission of one of its drafts at the same time: one of them comes first', async () => {
    const { desk, offers } = open()
    const submitted = await offers.get('off_2')
    const late = {
      ...desk,
      offer: async (...asked: Parameters<typeof desk.offer>) => {
        const offer = await desk.offer(...asked)
        if (offer.id === 'off_2' && offer.version === submitted.version)
          await offers.save({ offer: { ...offer, status: 'approved' }, events: [] }, offer, context)
        return offer
      },
    }
    expect(await refusal(requestOfferSet(late)(ann, INPUT, context))).toEqual(['stale_version'])
    expect(await offers.get('off_1')).not.toHaveProperty('memberOf')
  })
})

describe('a set', () => {
  const known = (changes: Partial<OfferSet> = {}, offers: AwsOffer[] = pair()) =>
    open(
      offers.map((offer) => ({ ...offer, memberOf: memberOf() })),
      [offerSet({ status: 'preparing', externalId: 'offerset-1', ...changes })],
    )

  it('is read with its offers, listed, planned and told, by its own partner and the vendor', async () => {
    const { desk } = known()
    for (const actor of [ann, mia]) {
      expect(await getOfferSet(desk)(actor, 'ofs_1')).toMatchObject({ offers: [{ offerId: 'off_1', status: 'draft' }, {}] })
      expect((await listOfferSets(desk)(actor, { limit: 9 })).items).toHaveLength(1)
      expect(await planOfferSet(desk)(actor, 'ofs_1', context)).toMatchObject({ problems: [], requests: { create: {} } })
      expect(await getTimeline(desk)(actor, 'ofs_1')).toEqual({ events: [] })
    }
  })

  it('is not there for other partners', async () => {
    const { desk } = known()
    const asked = [
      getOfferSet(desk)(bob, 'ofs_1'),
      planOfferSet(desk)(bob, 'ofs_1', context),
      getTimeline(desk)(bob, 'ofs_1'),
      withdrawOfferSet(desk)(bob, 'ofs_1', 'no', undefined, context),
      resumeOfferSet(desk)(bob, 'ofs_1', undefined, context),
      replaceOffer(desk)(bob, 'ofs_1', { offerId: 'off_1', replacement: 'off_3' }, undefined, context),
    ]
    for (const each of asked) expect(await refusal(each)).toEqual(['not_found'])
    expect((await listOfferSets(desk)(bob, { limit: 9 })).items).toEqual([])
    expect((await listOfferSets(desk)(bob, { limit: 9, partnerId: 'par_1' })).items).toEqual([])
  })

  it('is withdrawn once, at the version that was seen', async () => {
    const { desk, types } = known()
    expect(await refusal(withdrawOfferSet(desk)(ann, 'ofs_1', 'no', 7, context))).toEqual(['stale_version'])
    expect(await withdrawOfferSet(desk)(ann, 'ofs_1', 'no', 1, context)).toMatchObject({ status: 'withdrawing', version: 2 })
    expect(await withdrawOfferSet(desk)(ann, 'ofs_1', 'no', undefined, context)).toMatchObject({ version: 2 })
    expect(types()).toEqual(['withdrawal-requested'])
  })

  it('goes on after a refusal', async () => {
    const { desk } = known({ status: 'failed' })
    expect(await resumeOfferSet(desk)(ann, 'ofs_1', undefined, context)).toMatchObject({ status: 'preparing' })
  })

  const swap = { offerId: 'off_2', replacement: 'off_3' }
  const third = draft('off_3', { productId: 'prod-cosell0audit' })

  it.each(['rejected', 'failed', 'withdrawn', 'draft'] as const)(
    'takes another draft in the place of one that is %s',
    async (status) => {
      const [one, two] = pair()
      const { desk, offers } = known({}, [one, { ...two, status }])
      await offers.save({ offer: { ...third, version: 0 }, events: [] }, { ...third, version: 0 }, context)
      const set = await replaceOffer(desk)(ann, 'ofs_1', swap, undefined, context)
      expect(set.offerIds).toEqual(['off_1', 'off_3'])
      expect(await offers.get('off_3')).toMatchObject({ memberOf: { id: 'ofs_1' } })
      const isFree = status === 'draft' || status === 'failed'
      expect('memberOf' in (await offers.get('off_2'))).toBe(!isFree)
    },
  )

  it('takes drafts of another day in the place of offers that are all lost, one after the other', async () => {
    const [one, two] = pair()
    const { desk, offers } = known({}, [
      { ...one, status: 'rejected' },
      { ...two, status: 'rejected' },
    ])
    const late = { ...third, expiresOn: '2026-12-16', version: 0 }
    await offers.save({ offer: late, events: [] }, late, context)
    expect((await replaceOffer(desk)(ann, 'ofs_1', swap, undefined, context)).offerIds).toEqual(['off_1', 'off_3'])
  })

  it.each(['pending-approval', 'approved', 'submitting', 'released'] as const)('keeps an offer that is %s', async (status) => {
    const [one, two] = pair()
    const { desk, offers } = known({}, [one, { ...two, status }])
    await offers.save({ offer: { ...third, version: 0 }, events: [] }, { ...third, version: 0 }, context)
    await expect(replaceOffer(desk)(ann, 'ofs_1', swap, undefined, context)).rejects.toThrow('withdraw it before')
  })

  it('takes none that does not fit, or is not there', async () => {
    const { desk, offers } = known()
    const late = { ...third, expiresOn: '2026-12-16', version: 0 }
    expect(await refusal(replaceOffer(desk)(ann, 'ofs_1', swap, undefined, context))).toEqual(['not_found', 'replacement'])
    await offers.save({ offer: late, events: [] }, late, context)
    expect(await refusal(replaceOffer(desk)(ann, 'ofs_1', swap, undefined, context))).toEqual([
      'unprocessable',
      'INCONSISTENT_OFFER_AVAILABILITY_END_DATE offerIds.1',
    ])
  })
})
