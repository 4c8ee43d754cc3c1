import fc from 'fast-check'
import type { Fault } from '../../infra/local/marketplaces/faults.ts'
import { parseAwsEvent } from '../../lib/agreements/aws-events.ts'
import { acceptResold } from '../../lib/agreements/resold.ts'
import { addDays, addMonths } from '../../lib/core/period.ts'
import { offerOfChangeSet } from '../../lib/offers/aws/plan.ts'
import { request } from '../../lib/offers/offer.ts'
import { extend } from '../../lib/offers/submission.ts'
import { amend } from '../../lib/offers/successor.ts'
import { ann } from '../support/offers.ts'
import type { AwsWorld } from './aws-world.ts'
import { anyCrash, type Crash } from './crash.ts'
import { type Desk, makeCommon } from './desk.ts'

export const HOUR = 3600
const which = fc.nat({ max: 7 })
const crash = anyCrash(8)
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
export const MISTAKE = { target: 'aws.acceptances', kind: 'wrong-offer' as const, seconds: 300 }

export const move = fc.oneof(
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
  fc.record({ kind: fc.constant('fault' as const), fault: fc.oneof({ weight: 4, arbitrary: fault }, fc.constant(MISTAKE)) }),
  fc.record({ kind: fc.constant('withdraw' as const), which }),
  fc.record({ kind: fc.constant('extend' as const), which, days: fc.integer({ min: 1, max: 60 }) }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('accept' as const), which }) },
  fc.record({ kind: fc.constant('invoice' as const), which }),
  fc.record({ kind: fc.constantFrom('meter' as const, 'refund' as const, 'renew' as const, 'cancel' as const), which }),
  fc.record({ kind: fc.constant('resell' as const), which }),
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('amend' as const), which, months: fc.integer({ min: 3, max: 30 }) }),
  },
)
export type Move = typeof move extends fc.Arbitrary<infer Each> ? Each : never

const pick = <T>(items: T[], index: number): T | undefined => items[index % Math.max(1, items.length)]

/** What an event makes Cosell do, as the queue brings it. */
export const heard = async (desk: Desk, body: unknown, crash?: Crash) => {
  const event = parseAwsEvent(body)
  const id = event.kind === 'change-set' ? offerOfChangeSet(event.changeSetName) : undefined
  if (id) await desk.follow(id, crash)
  if (event.kind === 'resold') await acceptResold(desk.dependencies(crash).syncing)(event, desk.context())
  if (event.kind === 'agreement') await desk.sync(event.agreementId, crash)
}

/** An event arrives: in any order, once, again later, or never. */
const hear = async ({ aws, desk }: Stage, { which, crash, keep }: { which: number; crash: Crash | undefined; keep: boolean }) => {
  const message = pick(aws.sent, which)
  if (!message) return
  if (!keep) aws.sent.splice(aws.sent.indexOf(message), 1)
  await heard(desk, message.body, crash)
}

/** An accepted offer gets a successor, which is approved. */
export const amendOne = async ({ aws, desk, ids }: Stage, { which, months }: { which: number; months: number }) => {
  const offer = await desk.store.get(pick(ids, which) ?? '')
  const today = aws.now().slice(0, 10)
  const [expiresOn, endsOn] = [addDays(today, 20), addMonths(today, months)]
  const isPaidLater = offer.marketplace === 'aws' && offer.schedule
  const resale = offer.marketplace === 'aws' && offer.resale
  const input = amend(offer, {
    ...{ expiresOn, endsOn, termMonths: months },
    ...(resale && { resale: { ...resale, authorizationId: await aws.receive() } }),
    ...(isPaidLater && { schedule: [{ on: addDays(today, 25), amount: offer.price }] }),
  })
  const { offer: next } = request(input, ann, desk.context())
  await desk.add({ ...next, status: 'approved' })
  ids.push(next.id)
}

export type Stage = { aws: AwsWorld; desk: Desk; ids: string[] }

/** As the API refuses it: the last day of an authorisation cannot be changed. */
const mayBeExtended = async (desk: Desk, id: string) => {
  const offer = await desk.store.get(id)
  return offer.marketplace === 'aws' && !offer.authorises
}

export const make = async (stage: Stage, step: Move): Promise<unknown> => {
  const { aws, desk, ids } = stage
  const id = 'which' in step ? (pick(ids, step.which) ?? '') : ''
  switch (step.kind) {
    case 'hear':
      return hear(stage, step)
    case 'extend':
      if (!(await mayBeExtended(desk, id))) return
      return desk.decide(id, (offer) => extend(offer, addDays(aws.now().slice(0, 10), step.days), ann, desk.context()))
    case 'accept':
      return aws.accept(pick(await aws.onSale(), step.which)?.id ?? '')
    case 'invoice':
      return aws.invoice(pick(await aws.agreements(), step.which)?.id ?? '')
    case 'meter':
    case 'renew':
    case 'cancel':
      return aws[step.kind](pick(await aws.agreements(), step.which)?.id ?? '')
    case 'refund': {
      const agreement = pick(await aws.agreements(), step.which)
      return agreement && aws.refund(agreement)
    }
    case 'resell':
      return aws.resell(pick(await aws.given(), step.which)?.id ?? '')
    case 'amend':
      return amendOne(stage, step)
    default:
      return makeCommon(desk, aws, step, id)
  }
}
