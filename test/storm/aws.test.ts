import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Fault } from '../../infra/local/marketplaces/faults.ts'
import { differenceOf, linesOf } from '../../lib/agreements/term.ts'
import { addDays } from '../../lib/core/period.ts'
import type { Offer } from '../../lib/offers/offer.ts'
import { extend, withdraw } from '../../lib/offers/submission.ts'
import type { NewTransaction } from '../../lib/transactions/transaction.ts'
import { ann } from '../support/offers.ts'
import { anOffer } from './aws-offers.ts'
import { type AwsWorld, openAws } from './aws-world.ts'
import type { Crash } from './crash.ts'
import { type Desk, openDesk } from './desk.ts'

/** More of them by `npm run storm`. */
const RUNS = Number(process.env['STORM_RUNS'] ?? 100)

const HOUR = 3600
const which = fc.nat({ max: 7 })
const crash = fc.option(
  fc.record({ nth: fc.integer({ min: 1, max: 8 }), when: fc.constantFrom('before' as const, 'after' as const) }),
  {
    nil: undefined,
  },
)
const fault = fc.record({
  target: fc.constantFrom(
    ...['StartChangeSet', 'DescribeChangeSet', 'ListChangeSets', 'ApplyChangeSet'].map((name) => `aws.catalog.${name}`),
    ...['SearchAgreements', 'DescribeAgreement', 'GetAgreementTerms', 'ListAgreementInvoiceLineItems'].map(
      (name) => `aws.agreement.${name}`,
    ),
  ),
  kind: fc.constantFrom<Fault['kind']>('error', 'lock', 'throttle', 'reset'),
  times: fc.integer({ min: 1, max: 2 }),
})

const move = fc.oneof(
  fc.record({ kind: fc.constant('follow' as const), which, crash }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('follow all' as const), crash }) },
  fc.record({ kind: fc.constant('reconcile' as const), crash }),
  fc.record({ kind: fc.constant('hear' as const), which, crash, keep: fc.boolean() }),
  fc.record({ kind: fc.constant('both' as const), which }),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      seconds: fc.constantFrom(60, 240, 240, 6 * HOUR, 10 * 24 * HOUR),
    }),
  },
  fc.record({ kind: fc.constant('fault' as const), fault }),
  fc.record({ kind: fc.constant('withdraw' as const), which }),
  fc.record({ kind: fc.constant('extend' as const), which, days: fc.integer({ min: 1, max: 60 }) }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('accept' as const), which }) },
  fc.record({ kind: fc.constant('invoice' as const), which }),
  fc.record({ kind: fc.constant('cancel' as const), which }),
)
type Move = typeof move extends fc.Arbitrary<infer Each> ? Each : never

const pick = <T>(items: T[], index: number): T | undefined => items[index % Math.max(1, items.length)]

const decideOn = async (desk: Desk, id: string, decide: (offer: Offer) => ReturnType<typeof withdraw>) => {
  const offer = await desk.store.get(id)
  await desk.store.save(decide(offer), offer, desk.context())
}

/** An event arrives: in any order, once, again later, or never. */
const hear = async ({ aws, desk }: Stage, { which, crash, keep }: { which: number; crash: Crash | undefined; keep: boolean }) => {
  const message = pick(aws.sent, which)
  if (!message) return
  if (!keep) aws.sent.splice(aws.sent.indexOf(message), 1)
  await desk.hear(message.body, crash)
}

type Stage = { aws: AwsWorld; desk: Desk; ids: string[] }

const make = async (stage: Stage, step: Move): Promise<unknown> => {
  const { aws, desk, ids } = stage
  const id = 'which' in step ? (pick(ids, step.which) ?? '') : ''
  switch (step.kind) {
    case 'follow':
      return desk.follow(id, step.crash)
    case 'follow all':
      return desk.followAll(step.crash)
    case 'reconcile':
      return desk.reconcile(step.crash)
    case 'hear':
      return hear(stage, step)
    case 'both':
      return Promise.all([desk.follow(id), desk.follow(id)])
    case 'wait':
      return aws.pass(step.seconds)
    case 'fault':
      return aws.fail(step.fault)
    case 'withdraw':
      return decideOn(desk, id, (offer) => withdraw(offer, 'no need', ann, desk.context()))
    case 'extend':
      return decideOn(desk, id, (offer) => extend(offer, addDays(aws.now().slice(0, 10), step.days), ann, desk.context()))
    case 'accept':
      return aws.accept(pick(await aws.listed(), step.which)?.id ?? '')
    case 'invoice':
      return aws.invoice(pick(await aws.agreements(), step.which)?.id ?? '')
    case 'cancel':
      return aws.cancel(pick(await aws.agreements(), step.which)?.id ?? '')
  }
}

const calm = async ({ aws, desk }: Stage) => {
  aws.world.faults.clear()
  for (let turn = 0; turn < 16; turn++) {
    await desk.followAll()
    await aws.pass(20 * 60)
  }
  await aws.pass(25 * HOUR)
  // The first run may only end the cycle that an earlier one left open.
  for (let turn = 0; turn < 2; turn++) await desk.reconcile()
  await desk.followAll()
}

const OVER = ['released', 'withdrawn', 'accepted', 'expired', 'failed']

/** What our offer says is what the marketplace has, and it has one offer of ours at most. */
const agrees = async ({ aws }: Stage, offer: Offer) => {
  const today = aws.now().slice(0, 10)
  const listed = (await aws.listed()).filter(({ description, state }) => description?.endsWith(offer.id) && state === 'Released')
  const agreed = (await aws.agreements()).filter(({ offerId }) => listed.some(({ id }) => id === offerId))
  const isOpen = listed.some(({ availabilityEndDate = '' }) => availabilityEndDate >= today)
  expect(OVER).toContain(offer.status)
  expect(listed.length).toBeLessThanOrEqual(1)
  expect(listed.map(({ id }) => id)).toEqual(offer.externalId ? [offer.externalId] : [])
  expect(agreed.length > 0).toBe(offer.status === 'accepted')
  if (offer.status !== 'accepted') expect(isOpen).toBe(offer.status === 'released')
  if (offer.status === 'released') expect(listed[0]?.availabilityEndDate).toBe(offer.expiresOn)
}

const cents = (text: string) => Math.round(Number(text) * 100)
const total = (rows: NewTransaction[]) => rows.reduce((sum, { amount }) => sum + amount.amount, 0)

/** Every amount of an agreement is in its ledger once: what runs (or ran) of the term, the installments, the invoices. */
const adds = async ({ aws, desk }: Stage) => {
  for (const { id, invoices } of await aws.agreements()) {
    const of = (ledger: string) => [...desk.rows.values()].filter((row) => row.agreementId === id && row.ledger === ledger)
    const { service, value, schedule, endedOn } = await aws.source.read(id)
    expect(total(of('billed'))).toBe(invoices.reduce((sum, { amount }) => sum + cents(amount), 0))
    expect(of('billed')).toHaveLength(invoices.length)
    expect(total(of('scheduled'))).toBe(schedule.reduce((sum, { amount }) => sum + amount.amount, 0))
    const lines = service && value?.amount ? linesOf({ service, amount: value }) : []
    const kept = lines.filter(({ from }) => !endedOn || from < endedOn)
    const whole = of('booked').flatMap(({ service: term, amount }) => (term ? linesOf({ service: term, amount }) : []))
    expect(differenceOf(whole, kept).reduce((sum, { amount }) => sum + amount, 0)).toBe(0)
    expect(total(of('booked'))).toBe(kept.reduce((sum, { amount }) => sum + amount, 0))
  }
}

const play = async (offers: Offer[], steps: Move[]) => {
  const aws = await openAws()
  const desk = openDesk(aws, offers)
  const stage: Stage = { aws, desk, ids: offers.map(({ id }) => id) }
  try {
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
  const law = fc.asyncProperty(offers, fc.array(move, { minLength: 8, maxLength: 40 }), play)
  await fc.assert(law, { numRuns: RUNS, interruptAfterTimeLimit: 3_000_000, markInterruptAsFailure: true })
}, 3_600_000)
