import { expect } from 'vitest'
import { differenceOf, linesOf } from '../../lib/agreements/term.ts'
import type { Offer } from '../../lib/offers/offer.ts'
import type { NewTransaction } from '../../lib/transactions/transaction.ts'
import type { Stage } from './aws-moves.ts'

const OVER = ['released', 'withdrawn', 'accepted', 'expired', 'failed']

type There = { id: string; isOpen: boolean; isSold: boolean; until: string | undefined }

/** What the marketplace has of our offer: an offer, or an authorisation. */
const thereOf = async ({ aws }: Stage, offer: Offer): Promise<There[]> => {
  const today = aws.now().slice(0, 10)
  const isOurs = ({ description, state }: { description?: string | undefined; state: string }) =>
    description?.endsWith(offer.id) === true && state !== 'Draft'
  const sold = new Set([
    ...(await aws.agreements()).map(({ offerId }) => offerId),
    ...(await aws.resold()).map(({ authorizationId }) => authorizationId),
  ])
  return [...(await aws.listed()), ...(await aws.given())]
    .filter(isOurs)
    .map(({ id, state, availabilityEndDate: until = '' }) => ({
      ...{ id, until, isSold: sold.has(id) },
      isOpen: state !== 'Restricted' && until >= today,
    }))
}

/** What our offer says is what the marketplace has, and it has one offer of ours at most. */
export const agrees = async (stage: Stage, offer: Offer) => {
  const there = await thereOf(stage, offer)
  expect(OVER).toContain(offer.status)
  expect(there.length).toBeLessThanOrEqual(1)
  expect(there.map(({ id }) => id)).toEqual(offer.externalId ? [offer.externalId] : [])
  expect(there.some(({ isSold }) => isSold)).toBe(offer.status === 'accepted')
  if (offer.status !== 'accepted') expect(there.some(({ isOpen }) => isOpen)).toBe(offer.status === 'released')
  if (offer.status === 'released') expect(there[0]?.until).toBe(offer.expiresOn)
}

const cents = (text: string) => Math.round(Number(text) * 100)
const total = (rows: NewTransaction[]) => rows.reduce((sum, { amount }) => sum + amount.amount, 0)

/**
 * Every amount of an agreement is in its ledger once, under its own offer: what runs (or ran) of the term, the installments, the
 * invoices. What was written under another offer before is taken back.
 */
export const adds = async ({ aws, desk }: Stage) => {
  for (const { id, offerId, invoices } of await aws.agreements()) {
    const owner = await desk.store.ofExternalId('aws', offerId)
    const all = [...desk.rows.values()].filter((row) => row.agreementId === id)
    const of = (ledger: string) => all.filter((row) => row.ledger === ledger && row.offerId === owner)
    for (const others of Map.groupBy(all, (row) => `${row.ledger} ${row.offerId}`).values())
      if (others[0]?.offerId !== owner) expect(total(others)).toBe(0)
    const { service, value, schedule, endedOn } = await aws.source.read(id)
    expect(total(of('billed'))).toBe(invoices.reduce((sum, { amount }) => sum + cents(amount), 0))
    expect(total(of('scheduled'))).toBe(schedule.reduce((sum, { amount }) => sum + amount.amount, 0))
    const lines = service && value?.amount ? linesOf({ service, amount: value }) : []
    const kept = lines.filter(({ from }) => !endedOn || from < endedOn)
    const whole = of('booked').flatMap(({ service: term, amount }) => (term ? linesOf({ service: term, amount }) : []))
    expect(differenceOf(whole, kept).reduce((sum, { amount }) => sum + amount, 0)).toBe(0)
    expect(total(of('booked'))).toBe(kept.reduce((sum, { amount }) => sum + amount, 0))
  }
}
