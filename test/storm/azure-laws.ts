import { expect } from 'vitest'
import type { Purchase } from '../../infra/local/marketplaces/azure/subscription.ts'
import { AZURE } from '../../infra/local/marketplaces/azure/tenant.ts'
import { type Line, linesOf } from '../../lib/agreements/term.ts'
import { addMonths } from '../../lib/core/period.ts'
import { salesOf } from '../../lib/offers/items.ts'
import type { Offer } from '../../lib/offers/offer.ts'
import { worthOf } from '../../lib/offers/worth.ts'
import type { Stage } from './azure-moves.ts'

const OVER = ['released', 'withdrawn', 'deleted', 'accepted', 'expired', 'failed']

const isReceived = (offer: Offer) => offer.marketplace === 'azure' && offer.kind === 'multiparty-selling-partner'

/** What our offer says is what Microsoft has, and it has one offer of ours at most. */
export const agrees = async ({ azure }: Stage, offer: Offer) => {
  const listed = (await azure.listed()).filter(({ fields }) => fields.name.includes(`(${offer.id} `))
  const [there] = listed
  expect(OVER).toContain(offer.status)
  expect(listed.length).toBeLessThanOrEqual(1)
  expect(there?.acceptedAt !== undefined).toBe(offer.status === 'accepted')
  if (offer.status === 'released' || offer.status === 'expired') expect(there?.state).toBe('live')
  if (offer.status === 'withdrawn') expect(there?.state).not.toBe('live')
  const isGone = offer.status === 'deleted' || offer.status === 'failed'
  // What we received stays its originator's draft.
  if (isGone) expect([undefined, ...(isReceived(offer) ? ['draft'] : [])]).toContain(there?.state)
  if (there && !isGone && offer.status !== 'withdrawn') expect(offer.externalId).toBe(there.guid)
}

type Months = Map<string, number>

const monthly = (lines: Line[]): Months => {
  const months: Months = new Map()
  for (const { from, amount } of lines) months.set(from, (months.get(from) ?? 0) + amount)
  return new Map([...months].filter(([, amount]) => amount !== 0))
}

/** What the books hold of a subscription, month by month. */
const bookedOf = ({ desk }: Stage, { subscription }: Purchase): Months =>
  monthly(
    [...desk.rows.values()]
      .filter((row) => row.agreementId === subscription.id && row.ledger === 'booked')
      .flatMap(({ service, amount }) => (service ? linesOf({ service, amount }) : [])),
  )

/** The public plans by the ids that subscriptions have of them. */
const PLANS: Record<string, string> = { enterprise: AZURE.planId, seats: AZURE.seatPlanId }

/** What the customer has bought of an offer. */
const soldAs = (offer: Offer, { plan }: Purchase): Offer => {
  if (offer.marketplace !== 'azure' || !offer.items) return offer
  const sold = salesOf(offer).find(({ planName, basePlanId }) =>
    planName ? planName === plan.displayName : basePlanId === PLANS[plan.planId],
  )
  if (!sold) throw new Error(`nobody sells the plan ${plan.planId}`)
  return sold
}

/** The months of the present term, or of one so many terms before it, at the price of the offer. */
const expectedOf = async ({ azure, desk }: Stage, bought: Purchase, before = 0): Promise<Months> => {
  const { subscription, privateOffer } = bought
  const id = await desk.store.ofExternalId('azure', privateOffer)
  const { service, quantity } = await azure.source.read(subscription.id)
  const amount = id && service && worthOf(soldAs(await desk.store.get(id), bought), { service, quantity })
  if (!amount) return new Map()
  const months = 12 * before
  return monthly(linesOf({ service: { from: addMonths(service.from, -months), to: addMonths(service.to, -months) }, amount }))
}

/** Of one that got another plan, or other users, the months to come are booked at the price of the plan that it has; none without one. */
const follows = async (stage: Stage, bought: Purchase) => {
  const booked = bookedOf(stage, bought)
  const { offerExternalId = '', service, status } = await stage.azure.source.read(bought.subscription.id)
  const plan = await stage.azure.planOf(bought)
  const present = await expectedOf(stage, { ...bought, plan, privateOffer: offerExternalId })
  const today = stage.azure.now().slice(0, 10)
  const isToCome = (from: string) => from > today && service !== undefined && from >= service.from
  const toCome = new Map([...present].filter(([from]) => status !== 'ended' && isToCome(from)))
  expect(new Map([...booked].filter(([from]) => isToCome(from)))).toEqual(toCome)
  expect([...booked.values()].every((amount) => amount > 0)).toBe(true)
}

/** Every month of a subscription is booked once, at its price; those to come leave the books when it ends. */
export const adds = async (stage: Stage) => {
  for (const bought of await stage.azure.bought()) {
    if (await stage.azure.isChanged(bought)) {
      await follows(stage, bought)
      continue
    }
    const booked = bookedOf(stage, bought)
    const present = await expectedOf(stage, bought)
    const [first = ''] = [...present.keys()]
    const ended = bought.subscription.saasSubscriptionStatus === 'Unsubscribed' ? bought.since.slice(0, 10) : '9999'
    const today = stage.azure.now().slice(0, 10)
    for (const [from, amount] of present) {
      if (from < ended) expect(booked.get(from)).toBe(amount)
      else expect([undefined, ...(from < today ? [amount] : [])]).toContain(booked.get(from))
    }
    const earlier = [...booked.keys()].filter((from) => from < first)
    for (const from of earlier) expect([...present.values()]).toContain(booked.get(from))
    expect(earlier.length % 12).toBe(0)
    expect([...booked.keys()].filter((from) => from >= first).every((from) => present.has(from))).toBe(true)
  }
}
