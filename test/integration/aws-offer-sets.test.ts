import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { acceptOfferSet } from '../../infra/local/marketplaces/aws/offer-set-acceptance.ts'
import type { Fault } from '../../infra/local/marketplaces/faults.ts'
import { parseAwsEvent } from '../../lib/agreements/aws-events.ts'
import { setOfChangeSet } from '../../lib/offer-sets/aws/plan.ts'
import { withdraw } from '../../lib/offer-sets/offer-set.ts'
import { ann } from '../support/offers.ts'
import { openSetStory, type SetStory } from '../support/set-story.ts'

const BUYER = '310000000009'

let aws: SetStory
beforeEach(async () => {
  aws = await openSetStory()
})
afterEach(async () => {
  await aws.close()
})

/** What we say is what the marketplace has: one set, released with our two offers. */
const agrees = async () => {
  const [listed, ...others] = await aws.listedSets()
  const set = await aws.set()
  const offers = await Promise.all(set.offerIds.map(aws.memory.offers.get))
  expect(others).toEqual([])
  expect(listed).toMatchObject({ id: set.externalId, state: 'Released', offerIds: offers.map(({ externalId }) => externalId) })
  expect(set).toMatchObject({ status: 'released', problems: [], releasedAt: expect.any(String) })
  const theirs = await aws.listedOffers()
  expect(theirs.map(({ offerSetId, state }) => [offerSetId, state])).toEqual(Array(2).fill([set.externalId, 'Released']))
}

describe('a set on AWS Marketplace', () => {
  it('is made, gives its drafts its id, is released with them and accepted', async () => {
    expect(await aws.follow()).toMatchObject({ status: 'creating', submission: { jobId: expect.any(String) } })
    expect((await aws.follow()).status).toBe('creating')
    await aws.pass(180)
    const { externalId } = await aws.follow()
    expect(externalId).toMatch(/^offerset-/)
    for (const id of ['off_1', 'off_2']) expect(await aws.memory.offers.get(id)).toMatchObject({ offerSetId: externalId })
    await aws.calm()
    await agrees()
    await acceptOfferSet(aws.world, externalId ?? '', BUYER)
    await aws.calm(4)
    expect((await aws.set()).status).toBe('accepted')
    expect(aws.memory.types()).toEqual([
      ...['submission-started', 'submission-accepted', 'created'],
      ...['submission-started', 'submission-accepted', 'released', 'accepted'],
    ])
  })

  it('is told of by events that name it', async () => {
    await aws.calm()
    const readings = aws.sent.map(({ body }) => parseAwsEvent(body))
    const names = readings.flatMap((event) => (event.kind === 'change-set' ? (setOfChangeSet(event.changeSetName) ?? []) : []))
    expect(names).toEqual(['ofs_1', 'ofs_1'])
    expect(readings.filter(({ kind }) => kind === 'ignored')).toHaveLength(1)
  })

  it('has no links by which its offers could be accepted alone', async () => {
    await aws.calm()
    for (const id of ['off_1', 'off_2']) {
      const offer = await aws.memory.offers.get(id)
      expect(offer.status).toBe('released')
      expect(offer).not.toHaveProperty('acceptanceLink')
    }
  })

  it('that AWS refuses at once or later fails with a remedy, and goes on when it is resumed', async () => {
    await aws.close()
    aws = await openSetStory({ name: 'a<b' })
    expect(await aws.follow()).toMatchObject({ status: 'failed', problems: [{ target: 'name' }] })

    await aws.close()
    aws = await openSetStory({ status: 'preparing', externalId: 'offerset-ghost', submission: undefined })
    await aws.submit()
    const [one, two] = await Promise.all(['off_1', 'off_2'].map(aws.memory.offers.get))
    for (const offer of [one, two])
      if (offer)
        await aws.memory.offers.save(
          { offer: { ...offer, status: 'released', externalId: `offer-${offer.id}` }, events: [] },
          offer,
          aws.context(),
        )
    expect(await aws.follow()).toMatchObject({ status: 'failed', problems: [{ code: 'NOT_FOUND', target: 'marketplace' }] })
    expect((await aws.follow()).status).toBe('failed')
  })

  it('whose offers were made for another set says so', async () => {
    await aws.follow()
    await aws.pass(180)
    await aws.follow()
    for (const id of ['off_1', 'off_2']) {
      const offer = await aws.memory.offers.get(id)
      const released = { ...offer, status: 'released' as const, externalId: `offer-${id}` }
      await aws.memory.offers.save({ offer: released, events: [] }, offer, aws.context())
    }
    expect((await aws.follow()).status).toBe('releasing')
    await aws.pass(180)
    expect(await aws.follow()).toMatchObject({
      status: 'failed',
      problems: [
        { code: 'INCOMPATIBLE_OFFER_SET_REFERENCE', target: 'offerIds', message: expect.stringContaining('offer-off_1') },
      ],
    })
  })

  it('is tried five times while AWS breaks down over it, then waits for somebody', async () => {
    aws.fail({ target: 'aws.catalog.ApplyChangeSet', kind: 'error', times: 9 })
    await aws.calm()
    expect(await aws.set()).toMatchObject({ status: 'failed', problems: [{ code: 'SERVER_FAULT' }], submission: { attempt: 5 } })
    expect(await aws.listedSets()).toEqual([])
  })

  it('is withdrawn while its offers are on their way: those follow when they are there', async () => {
    await aws.follow()
    await aws.pass(180)
    await aws.follow()
    await aws.submit()
    await aws.followOffers()
    const set = await aws.set()
    await aws.memory.store.save(withdraw(set, 'no need', ann, aws.context()), aws.context())
    expect((await aws.follow()).status).toBe('withdrawing')
    await aws.calm()
    expect((await aws.set()).status).toBe('withdrawn')
    for (const id of ['off_1', 'off_2']) expect((await aws.memory.offers.get(id)).status).toBe('withdrawn')
    const theirs = await aws.listedOffers()
    expect(theirs.every(({ availabilityEndDate = '' }) => availabilityEndDate < '2026-11-02')).toBe(true)
  })
})

const CRASHES = Array.from({ length: 9 }, (_, at) => at + 1).flatMap((nth) => [
  { nth, when: 'before' as const },
  { nth, when: 'after' as const },
])

describe('a set ends as one released set on the marketplace', () => {
  it.each(CRASHES)('when every step of it first dies $when call $nth', async (crash) => {
    for (let turn = 0; turn < 12; turn++) {
      await aws.follow(crash).catch(() => {})
      await aws.submit()
      await aws.followOffers()
      await aws.pass(100)
    }
    await aws.calm()
    await agrees()
  })

  it.each<[string, Partial<Fault>]>([
    ['answers are lost', { target: 'aws.catalog.StartChangeSet', kind: 'reset', times: 3 }],
    ['calls are refused for now', { target: 'aws.catalog.StartChangeSet', kind: 'lock', times: 3 }],
    ['nothing is told', { target: 'aws.catalog.DescribeChangeSet', kind: 'error', times: 4 }],
    ['nothing is found', { target: 'aws.catalog.ListChangeSets', kind: 'error', times: 4 }],
    ['change sets break down', { target: 'aws.catalog.ApplyChangeSet', kind: 'error', times: 2 }],
  ])('when %s', async (_, fault) => {
    aws.fail(fault)
    await aws.calm(12)
    aws.fail(fault)
    await aws.calm()
    await agrees()
  })

  it('when two follow it at the same time', async () => {
    for (let turn = 0; turn < 20; turn++) {
      await Promise.all([aws.follow(), aws.follow(), aws.followOffers()])
      await aws.submit()
      await aws.pass(100)
    }
    await agrees()
  })
})
