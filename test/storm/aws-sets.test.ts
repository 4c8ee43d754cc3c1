import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Fault } from '../../infra/local/marketplaces/faults.ts'
import { resume, withdraw as withdrawSet } from '../../lib/offer-sets/offer-set.ts'
import { extend, withdraw } from '../../lib/offers/submission.ts'
import { ann } from '../support/offers.ts'
import { openSetStory, type SetStory } from '../support/set-story.ts'
import { anyCrash } from './crash.ts'

/** More of them by `npm run storm`. */
const RUNS = Number(process.env['STORM_RUNS'] ?? 40)

const crash = anyCrash(9)
const fault = fc.record({
  target: fc.constantFrom(
    ...['StartChangeSet', 'DescribeChangeSet', 'ListChangeSets', 'ApplyChangeSet'].map((name) => `aws.catalog.${name}`),
  ),
  kind: fc.constantFrom<Fault['kind']>('error', 'lock', 'throttle', 'reset'),
  times: fc.integer({ min: 1, max: 2 }),
})
const which = fc.constantFrom('off_1', 'off_2')

const move = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('follow' as const), crash }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('follow offers' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('submit' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.constantFrom(60, 200, 200, 3600) }) },
  fc.record({ kind: fc.constant('both' as const) }),
  fc.record({ kind: fc.constant('fault' as const), fault }),
  fc.record({ kind: fc.constant('withdraw' as const) }),
  fc.record({ kind: fc.constant('resume' as const) }),
  fc.record({ kind: fc.constant('withdraw offer' as const), which }),
  fc.record({ kind: fc.constant('extend offer' as const), which }),
)
type Move = typeof move extends fc.Arbitrary<infer Each> ? Each : never

const decideOnSet = async (story: SetStory, decide: typeof resume) => {
  const decided = decide(await story.set(), ann, story.context())
  if (decided.events.length) await story.memory.store.save(decided, story.context())
}

const decideOnOffer = async ({ memory, context }: SetStory, id: string, decide: typeof withdraw | typeof extend, how: string) => {
  const offer = await memory.offers.get(id)
  await memory.offers.save(decide(offer, how, ann, context()), offer, context())
}

const make = async (story: SetStory, step: Move): Promise<unknown> => {
  switch (step.kind) {
    case 'follow':
      return story.follow(step.crash)
    case 'follow offers':
      return story.followOffers()
    case 'submit':
      return story.submit()
    case 'wait':
      return story.pass(step.seconds)
    case 'both':
      return Promise.all([story.follow(), story.follow(), story.followOffers()])
    case 'fault':
      return story.fail(step.fault)
    case 'withdraw':
      return decideOnSet(story, (set, actor, context) => withdrawSet(set, 'no need', actor, context))
    case 'resume':
      return decideOnSet(story, resume)
    case 'withdraw offer':
      return decideOnOffer(story, step.which, withdraw, 'no need')
    case 'extend offer':
      return decideOnOffer(story, step.which, extend, '2026-12-20')
  }
}

const OVER = ['attention-needed', 'released', 'expired', 'failed', 'withdrawn']

/** What our set says is what the marketplace has, which has one set of ours at most. */
const agrees = async (story: SetStory) => {
  const set = await story.set()
  const offers = await Promise.all(set.offerIds.map(story.memory.offers.get))
  const listed = await story.listedSets()
  const onSale = (await story.listedOffers()).filter(({ availabilityEndDate = '' }) => availabilityEndDate >= '2026-11-10')
  const kept = offers.filter((offer) => offer.marketplace === 'aws' && offer.memberOf)
  expect(OVER).toContain(set.status)
  expect(listed.map(({ id }) => id)).toEqual(set.externalId ? [set.externalId] : [])
  expect(listed.some(({ state }) => state === 'Released')).toBe(set.releasedAt !== undefined)
  if (set.status === 'released') expect(listed[0]?.offerIds).toEqual(offers.map(({ externalId }) => externalId))
  if (set.status === 'attention-needed' || set.status === 'failed') expect(set.problems).not.toEqual([])
  if (set.status === 'withdrawn') expect([onSale, kept.filter(({ status }) => status !== 'withdrawn')]).toEqual([[], []])
}

const play = async (steps: Move[]) => {
  const story = await openSetStory()
  try {
    for (const step of steps) await make(story, step).catch(() => {})
    story.world.faults.clear()
    await story.calm()
    await agrees(story)
  } finally {
    await story.close()
  }
}

it('whatever AWS Marketplace, people and our own crashes do, a set and the marketplace come to agree', async () => {
  const law = fc.asyncProperty(fc.array(move, { minLength: 8, maxLength: 40 }), play)
  await fc.assert(law, { numRuns: RUNS, interruptAfterTimeLimit: 3_000_000, markInterruptAsFailure: true })
}, 3_600_000)
