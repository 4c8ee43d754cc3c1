import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { followAll, followOffer } from '../../../lib/offers/follow.ts'
import type { Marketplace, Outcome } from '../../../lib/offers/marketplace.ts'
import type { Offer } from '../../../lib/offers/offer.ts'
import { withdraw } from '../../../lib/offers/submission.ts'
import { ann, contextAt, memoryOffers, NOW } from '../../support/offers.ts'
import { FATES, type Fate, scriptedMarketplace } from '../../support/scripted-marketplace.ts'
import { awsOffer } from './aws-offer.ts'

/** One offer, a marketplace with a script, and a clock that is set by hand. */
const openStory = (fates: Fate[] = [], offer: Offer = awsOffer()) => {
  let now = Date.parse(NOW)
  const books = memoryOffers(offer)
  const theirs = scriptedMarketplace(fates, () => now)
  const context = () => contextAt(new Date(now).toISOString())
  const dependencies = { store: books.store, marketplace: theirs.marketplace }
  return {
    ...theirs,
    types: books.types,
    dependencies,
    context,
    advance: (seconds: number) => (now += seconds * 1000),
    offer: () => books.store.get('off_1'),
    follow: (other: Partial<typeof dependencies> = {}) => followOffer({ ...dependencies, ...other })('off_1', context()),
    withdraw: async () => {
      const found = await books.store.get('off_1')
      const decided = withdraw(found, 'no need', ann, context())
      if (decided.events.length) await books.store.save(decided, found, context())
    },
  }
}
type Story = ReturnType<typeof openStory>

const swallow = () => undefined

/** Follows until nothing more can come of it. */
const settle = async (story: Story) => {
  for (let minute = 0; minute < 120; minute++) {
    await story.follow().catch(swallow)
    story.advance(60)
  }
  return story.offer()
}

class Crash extends Error {}

type Awaits = Record<string, (...args: never[]) => unknown>

/** Our process ends at its nth await of a store or a marketplace, before or after that had its effect. */
const crashingAt = (story: Story, nth: number, when: 'before' | 'after') => {
  let calls = 0
  const wrapped = <T extends Awaits>(part: T, names: (keyof T)[]): T => {
    const call =
      (name: keyof T) =>
      async (...args: never[]) => {
        calls++
        if (calls === nth && when === 'before') throw new Crash()
        const result = await part[name]?.(...args)
        if (calls === nth) throw new Crash()
        return result
      }
    return { ...part, ...Object.fromEntries(names.map((name) => [name, call(name)])) }
  }
  const { store, marketplace } = story.dependencies
  const { recoverySeconds, atOnce: _, ...calling } = marketplace
  return {
    store: wrapped(store, ['get', 'save']),
    marketplace: { recoverySeconds, ...wrapped(calling, ['send', 'recover', 'observe', 'acceptance']) } satisfies Marketplace,
  }
}

describe('an approved offer', () => {
  it('is sent, followed and released', async () => {
    const story = openStory()
    expect(await story.follow()).toMatchObject({ status: 'submitting', submission: { jobId: 'job-1', attempt: 1 } })
    expect((await story.follow()).status).toBe('submitting')
    story.advance(60)
    expect(await story.follow()).toMatchObject({ status: 'released', externalId: 'ext-1', submission: { open: false } })
    expect(story.types()).toEqual(['offer.submission-started.v1', 'offer.submission-accepted.v1', 'offer.released.v1'])
  })

  it.each(['is refused', 'is refused later'] as const)('that %s fails with the problems, and is not sent again', async (fate) => {
    const story = openStory([fate])
    expect(await settle(story)).toMatchObject({ status: 'failed', problems: [{ code: 'NO' }] })
    expect(story.sent).toHaveLength(1)
  })

  it('is sent again with a new attempt while the marketplace breaks down, at most five times', async () => {
    const recovered = openStory(['breaks down', 'breaks down'])
    expect(await settle(recovered)).toMatchObject({ status: 'released', submission: { attempt: 3 } })
    const hopeless = openStory(Array(9).fill('breaks down'))
    expect(await settle(hopeless)).toMatchObject({ status: 'failed', problems: [{ code: 'NO' }] })
    expect(hopeless.sent).toEqual([1, 2, 3, 4, 5].map((attempt) => `off_1.create.${attempt}`))
  })

  it.each(['draft', 'pending-approval', 'rejected', 'failed', 'withdrawn', 'accepted', 'expired'] as const)(
    'is not what a %s one is: that waits for nobody',
    async (status) => {
      const story = openStory([], awsOffer({ status }))
      expect(await settle(story)).toEqual(awsOffer({ status }))
      expect(story.sent).toEqual([])
    },
  )
})

describe('an answer that is lost', () => {
  it('is looked for: the job is adopted, no second offer made', async () => {
    const story = openStory(['loses its answer'])
    await expect(story.follow()).rejects.toThrow('no answer')
    expect(await story.offer()).toMatchObject({ status: 'submitting', submission: { open: true } })
    expect(await settle(story)).toMatchObject({ status: 'released', externalId: 'ext-1' })
    expect(story.sent).toHaveLength(1)
  })

  it('is waited for as long as it may still show, then the same attempt goes out once more', async () => {
    const story = openStory(['is lost', 'is lost'])
    await expect(story.follow()).rejects.toThrow('no answer')
    story.advance(299)
    await story.follow()
    expect(story.sent).toHaveLength(1)
    story.advance(1)
    await expect(story.follow()).rejects.toThrow('no answer')
    expect(story.sent).toEqual(['off_1.create.1', 'off_1.create.1'])
    story.advance(299)
    await story.follow()
    expect(story.sent).toHaveLength(2)
    expect(await settle(story)).toMatchObject({ status: 'released', submission: { attempt: 1 } })
  })

  it.each<[Outcome, string]>([
    [{ state: 'succeeded', externalId: 'ext-9', at: NOW }, 'released'],
    [{ state: 'failed', retry: false, problems: [] }, 'failed'],
    [{ state: 'failed', retry: true, problems: [] }, 'approved'],
    [{ state: 'running' }, 'submitting'],
  ])('may be found by its outcome %j: the offer is %s', async (outcome, status) => {
    const submission = { kind: 'create' as const, attempt: 1, startedAt: NOW, open: true }
    const story = openStory([], awsOffer({ status: 'submitting', submission }))
    const marketplace = { ...story.dependencies.marketplace, recover: async () => ({ outcome }) }
    expect((await story.follow({ marketplace })).status).toBe(status)
    expect(story.sent).toEqual([])
  })
})

describe('a released offer', () => {
  const released = () => awsOffer({ status: 'released', externalId: 'ext-1', expiresOn: '2026-12-15' })

  it('is accepted by the buyer', async () => {
    const story = openStory([], released())
    story.offers.set('ext-1', 'live')
    expect((await story.follow()).status).toBe('released')
    story.accept()
    expect(await story.follow()).toMatchObject({ status: 'accepted', agreementId: 'agmt-ext-1', acceptedAt: NOW })
  })
  it('expires after its last day, unless it was accepted on it', async () => {
    for (const [accepted, status] of [
      [true, 'accepted'],
      [false, 'expired'],
    ] as const) {
      const story = openStory([], released())
      story.offers.set('ext-1', accepted ? 'accepted' : 'live')
      story.advance(60 * 86_400)
      expect((await story.follow()).status).toBe(status)
    }
  })
  it('is withdrawn once the marketplace has done it', async () => {
    const story = openStory([], released())
    story.offers.set('ext-1', 'live')
    await story.withdraw()
    expect(await settle(story)).toMatchObject({ status: 'withdrawn' })
    expect(story.offers.get('ext-1')).toBe('withdrawn')
    expect(story.sent).toEqual(['off_1.withdraw.1'])
  })
  it('stays released where the marketplace refuses the withdrawal', async () => {
    const story = openStory(['is refused'], released())
    story.offers.set('ext-1', 'live')
    await story.withdraw()
    expect(await settle(story)).toMatchObject({ status: 'released', problems: [{ code: 'NO' }] })
  })
})

describe('a second worker', () => {
  it('that sees the same offer finds the step taken, and sends nothing', async () => {
    const story = openStory()
    const before = await story.offer()
    await story.follow()
    const stale = { ...story.dependencies.store, get: async () => before }
    let reads = 0
    const late = { ...stale, get: (id: string) => (reads++ === 0 ? stale.get() : story.dependencies.store.get(id)) }
    expect(await story.follow({ store: late })).toMatchObject({ status: 'submitting', submission: { jobId: 'job-1' } })
    expect(story.sent).toHaveLength(1)
  })
  it('is no harm at the same moment', async () => {
    const story = openStory()
    await Promise.all([story.follow(), story.follow(), story.follow()])
    expect(story.sent).toHaveLength(1)
  })
})

it('one offer that cannot be followed does not hold up the others', async () => {
  const broken = awsOffer({
    id: 'off_2',
    status: 'submitting',
    submission: { kind: 'create', attempt: 1, startedAt: NOW, open: true, jobId: 'none' },
  })
  const { store } = memoryOffers(broken, awsOffer(), awsOffer({ id: 'off_3', status: 'draft' }))
  const { marketplace } = scriptedMarketplace([], () => Date.parse(NOW))
  const errors: string[] = []
  const run = { context: contextAt, isOver: () => false, onError: (_: unknown, id: string) => void errors.push(id) }
  const moved = await followAll({ store, marketplace }, 'aws')(run)
  expect(moved.map(({ id, status }) => [id, status])).toEqual([['off_1', 'submitting']])
  expect(errors).toContain('off_2')
  expect((await store.get('off_3')).status).toBe('draft')
})

it('no more calls begin than the marketplace works on at a time; the others begin as these end', async () => {
  let now = Date.parse(NOW)
  const { store } = memoryOffers(...[1, 2, 3, 4, 5].map((each) => awsOffer({ id: `off_${each}` })))
  const { marketplace, sent } = scriptedMarketplace([], () => now)
  const dependencies = { store, marketplace: { ...marketplace, atOnce: 2 } }
  const run = { context: () => contextAt(new Date(now).toISOString()), isOver: () => false, onError: () => {} }
  const counts: number[] = []
  for (let turn = 0; turn < 3; turn++) {
    await followAll(dependencies, 'aws')(run)
    counts.push(sent.length)
    for (const id of ['off_1', 'off_2', 'off_3', 'off_4', 'off_5']) await followOffer(dependencies)(id, run.context())
    now += 60_000
  }
  expect(counts).toEqual([2, 4, 5])
})

/** What our offer says must be what the marketplace has. */
const agrees = ({ status, externalId = '' }: Offer, offers: Story['offers']) => {
  const states = [...offers.values()]
  expect(states.length).toBeLessThanOrEqual(1)
  if (status === 'released') expect(offers.get(externalId)).toBe('live')
  else if (status === 'accepted') expect(offers.get(externalId)).toBe('accepted')
  else if (status === 'withdrawn') expect(states).not.toContain('live')
  else expect([status, states]).toEqual(['failed', []])
}

it('a crash at any await costs no offer and makes no second one', async () => {
  for (const fates of [[], ['loses its answer'], ['is lost'], ['breaks down']] as Fate[][]) {
    for (const when of ['before', 'after'] as const) {
      for (let nth = 1; nth <= 12; nth++) {
        const story = openStory([...fates])
        const crashing = crashingAt(story, nth, when)
        for (let turn = 0; turn < 4; turn++) {
          await story.follow(crashing).catch(swallow)
          story.advance(60)
        }
        const offer = await settle(story)
        expect(offer.status).toBe('released')
        agrees(offer, story.offers)
      }
    }
  }
})

const move = fc.oneof(
  fc.record({ kind: fc.constant('follow' as const) }),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 900 }) }),
  fc.record({
    kind: fc.constant('crash' as const),
    nth: fc.integer({ min: 1, max: 4 }),
    when: fc.constantFrom('before' as const, 'after' as const),
  }),
  fc.record({ kind: fc.constant('both' as const) }),
  fc.record({ kind: fc.constant('withdraw' as const) }),
  fc.record({ kind: fc.constant('accept' as const) }),
)

const make = async (story: Story, step: typeof move extends fc.Arbitrary<infer Move> ? Move : never) => {
  if (step.kind === 'wait') return story.advance(step.seconds)
  if (step.kind === 'accept') return story.accept()
  if (step.kind === 'withdraw') return story.withdraw()
  if (step.kind === 'both') return Promise.all([story.follow(), story.follow()])
  return story.follow(step.kind === 'crash' ? crashingAt(story, step.nth, step.when) : {})
}

it('whatever the marketplace and our own crashes do, in the end both say the same, and there is one offer at most', async () => {
  const law = fc.asyncProperty(
    fc.array(fc.constantFrom(...FATES), { maxLength: 8 }),
    fc.array(move, { maxLength: 14 }),
    async (fates, steps) => {
      const story = openStory([...fates])
      for (const step of steps) await Promise.resolve(make(story, step)).catch(swallow)
      agrees(await settle(story), story.offers)
    },
  )
  await fc.assert(law, { numRuns: 300 })
})
