import fc from 'fast-check'
import { afterAll, it } from 'vitest'
import type { AzureOffer } from '../../lib/offers/offer.ts'
import { clock } from '../../lib/runtime/clock.ts'
import {
  azureOffer,
  bundle,
  csp,
  discounts,
  flexible,
  metered,
  originator,
  percentage,
  perUser,
  reservation,
  sellingPartner,
  services,
  trio,
} from '../unit/offers/azure-offer.ts'
import { adds, agrees } from './azure-laws.ts'
import { type Move, make, move, type Stage } from './azure-moves.ts'
import { type AzureWorld, openAzure } from './azure-world.ts'
import { openDesk } from './desk.ts'

/** More of them by `npm run storm`. */
const RUNS = Number(process.env['STORM_RUNS'] ?? 100)

const realNow = clock.now
afterAll(() => {
  clock.now = realNow
})

const KINDS: (() => AzureOffer)[] = [
  ...[azureOffer, percentage, perUser, metered, services, csp, originator],
  ...[bundle, trio, discounts, reservation, flexible],
  sellingPartner,
]

/** How far things have come, in peace, before the storm. */
const BEGINNINGS = ['requested', 'accepted', 'bought'] as const
type Beginning = (typeof BEGINNINGS)[number]

const begin = async (stage: Stage, beginning: Beginning) => {
  const { azure, desk } = stage
  if (beginning === 'requested') return
  await desk.followAll()
  await azure.pass(1300)
  await desk.followAll()
  for (const [which, { guid }] of (await azure.listed()).entries()) {
    await azure.publish(guid).catch(() => {})
    await azure.accept(guid).catch(() => {})
    if (beginning === 'bought') await make(stage, { kind: 'buy', which, users: 30, plan: which }).catch(() => {})
  }
}

const calm = async ({ azure, desk }: Stage) => {
  azure.calm()
  for (let turn = 0; turn < 14; turn++) {
    await desk.followAll()
    await azure.pass(25 * 60)
  }
  await azure.pass(25 * 3600)
  // The first run may only end the cycle that an earlier one left open.
  for (let turn = 0; turn < 2; turn++) await desk.reconcile()
  await desk.followAll()
}

/** What we sell for another originator it has sent us before: an offer each. */
const received = (azure: AzureWorld, offers: AzureOffer[]) =>
  Promise.all(
    offers.map(async (offer) =>
      offer.kind === 'multiparty-selling-partner'
        ? { ...offer, receivedOfferId: await azure.receive(`Deal (${offer.id} of theirs)`) }
        : offer,
    ),
  )

const play = async (beginning: Beginning, kinds: (() => AzureOffer)[], steps: Move[]) => {
  const azure = await openAzure()
  const drawn = kinds.map((kind, index) => ({ ...kind(), id: `off_${index}`, name: `Deal ${index}` }))
  const offers = await received(azure, drawn)
  const stage: Stage = { azure, desk: openDesk(azure, offers), ids: offers.map(({ id }) => id), tokens: [] }
  try {
    await begin(stage, beginning)
    for (const step of steps) await make(stage, step).catch(() => {})
    await calm(stage)
    for (const id of stage.ids) await agrees(stage, await stage.desk.store.get(id))
    await adds(stage)
  } finally {
    await azure.close()
  }
}

it('whatever Microsoft, its people and our own crashes do, offers, subscriptions and books come to agree', async () => {
  const kinds = fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 3 })
  const steps = fc.array(move, { minLength: 8, maxLength: 40 })
  const law = fc.asyncProperty(fc.constantFrom(...BEGINNINGS), kinds, steps, play)
  await fc.assert(law, { numRuns: RUNS, interruptAfterTimeLimit: 3_000_000, markInterruptAsFailure: true })
}, 3_600_000)
