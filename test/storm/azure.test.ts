import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import type { Fault } from '../../infra/local/marketplaces/faults.ts'
import { requestDeletion } from '../../lib/offers/deletion.ts'
import { followAll, followOffer } from '../../lib/offers/follow.ts'
import type { AzureOffer, Offer } from '../../lib/offers/offer.ts'
import { withdraw } from '../../lib/offers/submission.ts'
import { clock } from '../../lib/runtime/clock.ts'
import { ann, contextAt, memoryOffers } from '../support/offers.ts'
import { azureOffer, csp, metered, originator, percentage, perUser, services } from '../unit/offers/azure-offer.ts'
import { type AzureWorld, openAzure } from './azure-world.ts'
import { type Crash, dyingIn } from './crash.ts'

/** More of them by `npm run storm`. */
const RUNS = Number(process.env['STORM_RUNS'] ?? 100)

const realNow = clock.now
afterAll(() => {
  clock.now = realNow
})

const HOUR = 3600
const which = fc.nat({ max: 7 })
const crash = fc.option(
  fc.record({ nth: fc.integer({ min: 1, max: 6 }), when: fc.constantFrom('before' as const, 'after' as const) }),
  { nil: undefined },
)
const fault = fc.record({
  target: fc.constantFrom('azure.ingestion.configure', 'azure.ingestion.status', 'azure.ingestion.get', 'azure.login.token'),
  kind: fc.constantFrom<Fault['kind']>('error', 'throttle', 'reset'),
  times: fc.integer({ min: 1, max: 2 }),
})
const move = fc.oneof(
  fc.record({ kind: fc.constant('follow' as const), which, crash }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('follow all' as const), crash }) },
  fc.record({ kind: fc.constant('both' as const), which }),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      seconds: fc.constantFrom(60, 240, 240, 1300, 1300, 6 * HOUR, 40 * 24 * HOUR),
    }),
  },
  fc.record({ kind: fc.constant('fault' as const), fault }),
  fc.record({ kind: fc.constant('withdraw' as const), which }),
  fc.record({ kind: fc.constant('delete' as const), which }),
  fc.record({ kind: fc.constant('accept' as const), which }),
  fc.record({ kind: fc.constant('publish' as const), which }),
)
type Move = typeof move extends fc.Arbitrary<infer Each> ? Each : never

const KINDS: (() => AzureOffer)[] = [azureOffer, percentage, perUser, metered, services, csp, originator]
const pick = <T>(items: T[], index: number): T | undefined => items[index % Math.max(1, items.length)]

const openDesk = (azure: AzureWorld, offers: AzureOffer[]) => {
  const { store } = memoryOffers(...offers)
  const dependencies = (crash?: Crash) => {
    const life = { calls: 0 }
    return { store: dyingIn(store, crash, life), marketplace: dyingIn(azure.marketplace, crash, life) }
  }
  const context = () => contextAt(azure.now())
  const run = { context, isOver: () => false, onError: async () => {} }
  const decide = async (id: string, by: (offer: Offer) => ReturnType<typeof withdraw>) => {
    const offer = await store.get(id)
    await store.save(by(offer), offer, context())
  }
  return {
    store,
    follow: (id: string, crash?: Crash) => followOffer(dependencies(crash))(id, context()),
    followAll: (crash?: Crash) => followAll(dependencies(crash), 'azure')(run),
    withdraw: (id: string) => decide(id, (offer) => withdraw(offer, 'no need', ann, context())),
    remove: (id: string) => decide(id, (offer) => requestDeletion(offer, ann, context())),
  }
}
type Stage = { azure: AzureWorld; desk: ReturnType<typeof openDesk>; ids: string[] }

const make = async ({ azure, desk, ids }: Stage, step: Move): Promise<unknown> => {
  const id = 'which' in step ? (pick(ids, step.which) ?? '') : ''
  const guid = 'which' in step ? (pick(await azure.listed(), step.which)?.guid ?? '') : ''
  switch (step.kind) {
    case 'follow':
      return desk.follow(id, step.crash)
    case 'follow all':
      return desk.followAll(step.crash)
    case 'both':
      return Promise.all([desk.follow(id), desk.follow(id)])
    case 'wait':
      return azure.pass(step.seconds)
    case 'fault':
      return azure.fail(step.fault)
    case 'withdraw':
      return desk.withdraw(id)
    case 'delete':
      return desk.remove(id)
    case 'accept':
      return azure.accept(guid)
    case 'publish':
      return azure.publish(guid)
  }
}

const calm = async ({ azure, desk }: Stage) => {
  azure.calm()
  for (let turn = 0; turn < 14; turn++) {
    await desk.followAll()
    await azure.pass(25 * 60)
  }
}

const OVER = ['released', 'withdrawn', 'deleted', 'accepted', 'expired', 'failed']

/** What our offer says is what Microsoft has, and it has one offer of ours at most. */
const agrees = async ({ azure }: Stage, offer: Offer) => {
  const listed = (await azure.listed()).filter(({ fields }) => fields.name.includes(`(${offer.id} `))
  const [there] = listed
  expect(OVER).toContain(offer.status)
  expect(listed.length).toBeLessThanOrEqual(1)
  expect(there?.acceptedAt !== undefined).toBe(offer.status === 'accepted')
  if (offer.status === 'released' || offer.status === 'expired') expect(there?.state).toBe('live')
  if (offer.status === 'withdrawn') expect(there?.state).not.toBe('live')
  if (offer.status === 'deleted' || offer.status === 'failed') expect(there).toBeUndefined()
  if (there && offer.status !== 'withdrawn') expect(offer.externalId).toBe(there.guid)
}

const play = async (kinds: (() => AzureOffer)[], steps: Move[]) => {
  const azure = await openAzure()
  const offers = kinds.map((kind, index) => ({ ...kind(), id: `off_${index}`, name: `Deal ${index}` }))
  const stage: Stage = { azure, desk: openDesk(azure, offers), ids: offers.map(({ id }) => id) }
  try {
    for (const step of steps) await make(stage, step).catch(() => {})
    await calm(stage)
    for (const id of stage.ids) await agrees(stage, await stage.desk.store.get(id))
  } finally {
    await azure.close()
  }
}

it('whatever Microsoft, its people and our own crashes do, offers come to agree, and none is there twice', async () => {
  const kinds = fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 3 })
  const law = fc.asyncProperty(kinds, fc.array(move, { minLength: 8, maxLength: 40 }), play)
  await fc.assert(law, { numRuns: RUNS, interruptAfterTimeLimit: 3_000_000, markInterruptAsFailure: true })
}, 3_600_000)
