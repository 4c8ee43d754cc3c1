import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openAgreement } from '../../infra/local/marketplaces/aws/agreement.ts'
import { openCatalog } from '../../infra/local/marketplaces/aws/catalog.ts'
import { type Offer as Listed, OFFERS } from '../../infra/local/marketplaces/aws/offer.ts'
import { type OfferSet as ListedSet, OFFER_SETS } from '../../infra/local/marketplaces/aws/offer-set.ts'
import { acceptOfferSet } from '../../infra/local/marketplaces/aws/offer-set-acceptance.ts'
import { seedProducts } from '../../infra/local/marketplaces/aws/products.ts'
import { Fault } from '../../infra/local/marketplaces/faults.ts'
import { parseAwsEvent } from '../../lib/agreements/aws-events.ts'
import { awsSetMarketplace } from '../../lib/offer-sets/aws/marketplace.ts'
import { setOfChangeSet } from '../../lib/offer-sets/aws/plan.ts'
import { followSet, followSets } from '../../lib/offer-sets/follow.ts'
import { type OfferSet, withdraw } from '../../lib/offer-sets/offer-set.ts'
import { awsMarketplace } from '../../lib/offers/aws/marketplace.ts'
import { followAll } from '../../lib/offers/follow.ts'
import type { AwsOffer } from '../../lib/offers/offer.ts'
import { type Crash, dyingIn } from '../storm/crash.ts'
import { serve } from '../support/loopback.ts'
import { memberOf, memorySets, offerSet, pair } from '../support/offer-sets.ts'
import { ann, contextAt } from '../support/offers.ts'
import { testWorld } from '../support/world.ts'

const BUYER = '310000000009'

/** AWS Marketplace on a port of this machine, and a set of two drafts that Cosell makes there. */
const open = async (set: Partial<OfferSet> = {}, offers: AwsOffer[] = pair()) => {
  const { world, sent, advance } = testWorld()
  const standIns = [openCatalog(world), openAgreement(world)]
  await seedProducts(world)
  const { url, close } = await serve(standIns)
  for (const [name, value] of Object.entries({
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  }))
    vi.stubEnv(name, value)
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1')
  const memory = memorySets(
    [offerSet(set)],
    offers.map((offer) => ({ ...offer, memberOf: memberOf() })),
  )
  const marketplace = awsSetMarketplace()
  const context = () => contextAt(world.now().toISOString())
  const pass = async (seconds: number) => {
    advance(seconds)
    for (const each of standIns) await each.tick()
  }
  const following = (crash?: Crash) => {
    const life = { calls: 0 }
    return {
      store: dyingIn(memory.store, crash, life),
      marketplace: dyingIn(marketplace, crash, life),
      offers: dyingIn(memory.offers, crash, life),
    }
  }
  const follow = (crash?: Crash) => followSet(following(crash))('ofs_1', context())
  /** The drafts that can be sent are, as if they were approved at once. */
  const submit = async () => {
    for (const { id } of offers) {
      const offer = await memory.offers.get(id)
      if (offer.marketplace === 'aws' && offer.status === 'draft' && offer.offerSetId)
        await memory.offers.save({ offer: { ...offer, status: 'approved' }, events: [] }, offer, context())
    }
  }
  const run = { context, isOver: () => false, onError: async () => {} }
  const followOffers = () => followAll({ store: memory.offers, marketplace: awsMarketplace() }, 'aws')(run)
  return {
    ...{ world, sent, pass, close, follow, followOffers, submit, context, memory, marketplace, run, following },
    fail: (fault: Partial<Fault>) => world.faults.add(Fault.parse(fault)),
    listed: () => world.shelf.list<ListedSet>(OFFER_SETS),
    set: () => memory.store.get('ofs_1'),
  }
}

let aws: Awaited<ReturnType<typeof open>>
beforeEach(async () => {
  aws = await open()
})
afterEach(async () => {
  await aws.close()
  vi.unstubAllEnvs()
})

/** Jobs and time go on until nothing more can come of it. */
const calm = async (minutes = 40) => {
  for (let minute = 0; minute < minutes; minute += 2) {
    await followSets(aws.following())(aws.run)
    await aws.submit()
    await aws.followOffers()
    await aws.pass(120)
  }
}

/** What we say is what the marketplace has: one set, released with our two offers. */
const agrees = async () => {
  const [listed, ...others] = await aws.listed()
  const set = await aws.set()
  const offers = await Promise.all(set.offerIds.map(aws.memory.offers.get))
  expect(others).toEqual([])
  expect(listed).toMatchObject({ id: set.externalId, state: 'Released', offerIds: offers.map(({ externalId }) => externalId) })
  expect(set).toMatchObject({ status: 'released', problems: [], releasedAt: expect.any(String) })
  const theirs = await aws.world.shelf.list<Listed>(OFFERS)
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
    await calm()
    await agrees()
    await acceptOfferSet(aws.world, externalId ?? '', BUYER)
    await calm(4)
    expect((await aws.set()).status).toBe('accepted')
    expect(aws.memory.types()).toEqual([
      ...['submission-started', 'submission-accepted', 'created'],
      ...['submission-started', 'submission-accepted', 'released', 'accepted'],
    ])
  })

  it('is told of by events that name it', async () => {
    await calm()
    const readings = aws.sent.map(({ body }) => parseAwsEvent(body))
    const names = readings.flatMap((event) => (event.kind === 'change-set' ? (setOfChangeSet(event.changeSetName) ?? []) : []))
    expect(names).toEqual(['ofs_1', 'ofs_1'])
    expect(readings.filter(({ kind }) => kind === 'ignored')).toHaveLength(1)
  })

  it('has no links by which its offers could be accepted alone', async () => {
    await calm()
    for (const id of ['off_1', 'off_2']) {
      const offer = await aws.memory.offers.get(id)
      expect(offer.status).toBe('released')
      expect(offer).not.toHaveProperty('acceptanceLink')
    }
  })

  it('that AWS refuses at once or later fails with a remedy, and goes on when it is resumed', async () => {
    await aws.close()
    aws = await open({ name: 'a<b' })
    expect(await aws.follow()).toMatchObject({ status: 'failed', problems: [{ target: 'name' }] })

    await aws.close()
    aws = await open({ status: 'preparing', externalId: 'offerset-ghost', submission: undefined })
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
    await calm()
    expect(await aws.set()).toMatchObject({ status: 'failed', problems: [{ code: 'SERVER_FAULT' }], submission: { attempt: 5 } })
    expect(await aws.listed()).toEqual([])
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
    await calm()
    expect((await aws.set()).status).toBe('withdrawn')
    for (const id of ['off_1', 'off_2']) expect((await aws.memory.offers.get(id)).status).toBe('withdrawn')
    const theirs = await aws.world.shelf.list<Listed>(OFFERS)
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
    await calm()
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
    await calm(12)
    aws.fail(fault)
    await calm()
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
