import fc from 'fast-check'
import { it } from 'vitest'
import type { AwsOffer } from '../../lib/offers/offer.ts'
import { adds, agrees } from './aws-laws.ts'
import { amendOne, HOUR, heard, MISTAKE, type Move, make, move, type Stage } from './aws-moves.ts'
import { anOffer } from './aws-offers.ts'
import { type AwsWorld, openAws } from './aws-world.ts'
import { openDesk } from './desk.ts'

/** More of them by `npm run storm`. */
const RUNS = Number(process.env['STORM_RUNS'] ?? 100)

/** What a reseller has sold only its event tells: a lost one is sent again. */
const tellResold = async ({ aws, desk }: Stage) => {
  for (const { body } of aws.heard) if (JSON.stringify(body).includes('- Manufacturer')) await heard(desk, body).catch(() => {})
}

const calm = async (stage: Stage) => {
  const { aws, desk } = stage
  aws.world.faults.clear()
  for (let turn = 0; turn < 16; turn++) {
    await desk.followAll()
    await aws.pass(20 * 60)
  }
  await tellResold(stage)
  await aws.pass(25 * HOUR)
  // The first run may only end the cycle that an earlier one left open.
  for (let turn = 0; turn < 2; turn++) await desk.reconcile()
  // A corrected acceptance lets a withdrawal go on.
  for (let turn = 0; turn < 3; turn++) {
    await desk.followAll()
    await aws.pass(20 * 60)
  }
}

/** Offers that resell get an authorisation each, which is for one of them. */
const authorised = (aws: AwsWorld, offers: AwsOffer[]) =>
  Promise.all(
    offers.map(async (offer) =>
      offer.resale ? { ...offer, resale: { ...offer.resale, authorizationId: await aws.receive() } } : offer,
    ),
  )

/** How far things have come, in peace, before the storm: also a successor to each offer, which can be accepted. */
const BEGINNINGS = ['requested', 'released', 'accepted', 'accepted, as it seems another one', 'renewed', 'succeeded'] as const
type Beginning = (typeof BEGINNINGS)[number]

const released = async ({ aws, desk }: Stage) => {
  await desk.followAll()
  await aws.pass(240)
  await desk.followAll()
}

const begin = async (stage: Stage, beginning: Beginning) => {
  const { aws, desk, ids } = stage
  if (beginning === 'requested') return
  await released(stage)
  if (beginning === 'released') return
  if (beginning.startsWith('accepted, ')) aws.fail(MISTAKE)
  for (const { id } of await aws.listed()) await aws.accept(id)
  if (beginning === 'renewed') for (const { id } of await aws.agreements()) await aws.renew(id).catch(() => {})
  if (beginning !== 'succeeded') return
  await desk.followAll()
  for (const which of ids.keys()) await amendOne(stage, { which, months: 18 }).catch(() => {})
  await released(stage)
}

const play = async (beginning: Beginning, drawn: AwsOffer[], steps: Move[]) => {
  const aws = await openAws()
  const offers = await authorised(aws, drawn)
  const desk = openDesk(aws, offers)
  const stage: Stage = { aws, desk, ids: offers.map(({ id }) => id) }
  try {
    await begin(stage, beginning)
    for (const step of steps) await make(stage, step).catch(() => {})
    await calm(stage)
    for (const id of stage.ids) await agrees(stage, await desk.store.get(id))
    await adds(stage)
  } finally {
    await aws.close()
  }
}

it('whatever AWS Marketplace, its messages and our own crashes do, offers, agreements and books come to agree', async () => {
  const offers = fc
    .array(anOffer, { minLength: 1, maxLength: 3 })
    .map((all) => all.map((offer, index) => ({ ...offer, id: `off_${index}` })))
  const law = fc.asyncProperty(fc.constantFrom(...BEGINNINGS), offers, fc.array(move, { minLength: 8, maxLength: 40 }), play)
  await fc.assert(law, { numRuns: RUNS, interruptAfterTimeLimit: 3_000_000, markInterruptAsFailure: true })
}, 3_600_000)
