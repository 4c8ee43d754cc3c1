import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTables } from '../../infra/local/dynamodb.ts'
import { grantDelegation, listApprovals, listDelegations, mandatesOf, revokeDelegation } from '../../lib/approvals/commands.ts'
import type { NewDelegation } from '../../lib/approvals/delegation.ts'
import { type DelegationStore, delegationStore } from '../../lib/approvals/store.ts'
import type { Actor } from '../../lib/core/context.ts'
import { decide, submit } from '../../lib/offers/approval.ts'
import { escalateOverdue } from '../../lib/offers/escalation.ts'
import { type Offer, request } from '../../lib/offers/offer.ts'
import { type OfferStore, offerStore } from '../../lib/offers/store.ts'
import { newContext } from '../../lib/runtime/context.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openEngine, type TestEngine } from '../support/engine.ts'
import { ann, contextAt, fay, max, mia, pia } from '../support/offers.ts'
import { policyOf, ruleOf, stepOf } from '../support/policy.ts'
import { awsOffer } from '../unit/offers/aws-offer.ts'

let engine: TestEngine
let offers: OfferStore
let store: DelegationStore

beforeAll(async () => {
  engine = await openEngine()
  await createTables()
  offers = offerStore(openTable('records'))
  store = delegationStore(openTable('records'))
})
afterAll(() => engine.stop())

const at = (now: string) => ({ ...newContext(), now })
const ASKED: NewDelegation = { to: 'fay', from: '2026-11-02', until: '2026-11-06', reason: 'on leave' }
const grant = (by: Actor, more: Partial<NewDelegation> = {}) =>
  grantDelegation({ store })(by, { ...ASKED, ...more }, at('2026-11-02T09:00:00.000Z'))
const manager = (subject: string): Actor => ({ ...mia, subject })

describe('delegations', () => {
  it('are listed on both sides, newest first, in pages', async () => {
    const giver = manager('giver')
    const all = [await grant(giver, { to: 'taker' }), await grant(giver, { to: 'taker' }), await grant(giver, { to: 'other' })]
    const list = (actor: Actor, side: 'given' | 'received', cursor?: string) =>
      listDelegations({ store })(actor, { side, limit: 2, ...(cursor && { cursor }) })
    const first = await list(giver, 'given')
    const ids = [...first.items, ...(await list(giver, 'given', first.cursor)).items].map(({ id }) => id)
    expect(ids).toEqual(
      all
        .map(({ id }) => id)
        .sort()
        .reverse(),
    )
    expect((await list(manager('taker'), 'received')).items.map(({ id }) => id)).toEqual(
      [all[1], all[0]]
        .map((each) => each?.id)
        .sort()
        .reverse(),
    )
    expect((await list(manager('taker'), 'given')).items).toEqual([])
  })

  it('hold until they are revoked, once, by the one who gave them', async () => {
    const { id } = await grant(mia)
    const heldOn = (day: string) => mandatesOf({ store })('fay', at(`${day}T09:00:00.000Z`))
    expect(await heldOn('2026-11-02')).toEqual([{ by: 'mia', role: 'manager' }])
    expect(await heldOn('2026-11-07')).toEqual([])
    const revoke = (actor: Actor, expected?: number) =>
      revokeDelegation({ store })(actor, id, expected, at('2026-11-03T09:00:00.000Z'))
    await expect(revoke(fay)).rejects.toMatchObject({ code: 'not_found' })
    await expect(revoke(mia, 7)).rejects.toMatchObject({ code: 'stale_version' })
    const revoked = await revoke(mia, 1)
    expect(revoked).toMatchObject({ version: 2, revokedAt: '2026-11-03T09:00:00.000Z' })
    expect(await revoke(mia)).toEqual(revoked)
    expect(await heldOn('2026-11-04')).toEqual([])
  })

  it('are not for partners', async () => {
    await expect(grant(ann)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(listDelegations({ store })(ann, { side: 'given', limit: 5 })).rejects.toMatchObject({ code: 'forbidden' })
  })
})

const POLICY = (dueHours: number) =>
  policyOf(
    [
      stepOf('desk', { approvers: [{ role: 'manager' }, { role: 'finance' }], dueHours }),
      stepOf('last', { approvers: [{ person: 'pia' }], escalateTo: { person: 'max' } }),
    ],
    [ruleOf('all', { always: true }, 'desk', 'last')],
  )

/** An offer that was submitted at nine and waits for its first step for some hours. */
const waiting = async (dueHours: number, requestedBy: Actor = ann): Promise<Offer> => {
  const context = at('2026-11-02T09:00:00.000Z')
  const draft = request(awsOffer(), requestedBy, context)
  const saved = await offers.save(draft, draft.offer, context)
  const judged = { policy: POLICY(dueHours), partner: { type: 'isv' as const } }
  return offers.save(submit(saved, judged, requestedBy, context), saved, context)
}
const approve = async ({ id }: Offer, actor: Actor) => {
  const offer = await offers.get(id)
  const by = { actor, mandates: [] }
  return offers.save(
    decide(offer, { outcome: 'approved', reason: 'good' }, by, contextAt('2026-11-02T10:00:00.000Z')),
    offer,
    newContext(),
  )
}
const overdueAt = async (now: string) => Array.fromAsync(offers.overdue(now))
const tasksOf = async (actor: Actor, limit = 100) => {
  const pending = (page: Parameters<OfferStore['list']>[0]) => offers.list({ ...page, status: 'pending-approval' })
  const list = (cursor?: string) =>
    listApprovals({ store, pending })(actor, { limit, ...(cursor && { cursor }) }, at('2026-11-04T09:00:00.000Z'))
  const items = []
  for (let page = await list(); ; page = await list(page.cursor)) {
    items.push(...page.items)
    if (!page.cursor) return items
  }
}
const offerIdsOf = async (actor: Actor, limit?: number) => (await tasksOf(actor, limit)).map(({ offerId }) => offerId)
const escalateAt = (now: string) =>
  escalateOverdue({ store: offers })({
    context: () => at(now),
    isOver: () => false,
    onError: async (error) => {
      throw error
    },
  })

describe('what waits for approval', () => {
  it('is listed for whom it waits, the most urgent first, until it is decided', async () => {
    const [slow, quick, own] = [await waiting(60), await waiting(20), await waiting(30, mia)]
    expect(await offerIdsOf(max)).toEqual([quick.id, own.id, slow.id])
    expect(await offerIdsOf(mia, 1)).toEqual([quick.id, slow.id])
    expect(await offerIdsOf(pia)).toEqual([])

    await approve(quick, max)
    expect(await offerIdsOf(max)).toEqual([own.id, slow.id])
    expect(await offerIdsOf(mia)).toEqual([slow.id])
    await approve(quick, fay)
    expect(await tasksOf(pia)).toMatchObject([
      { offerId: quick.id, step: 'last', dueAt: '2026-11-03T10:00:00.000Z', policy: { id: 'deal-desk', version: 3 } },
    ])
    expect((await offers.list({ status: 'pending-approval', limit: 10 })).items).toHaveLength(3)
    await approve(quick, pia)
    expect(await offerIdsOf(pia)).toEqual([])
    expect((await offers.list({ status: 'pending-approval', limit: 10 })).items).toHaveLength(2)
    for (const each of [slow, own]) await decideAll(each)
  })

  const decideAll = async (offer: Offer) => {
    for (const actor of [max, fay, pia]) await approve(offer, actor)
  }

  it('is overdue from its due time on, until it is escalated; then it comes first, and for others too', async () => {
    const [first, second] = [await waiting(10), await waiting(5)]
    expect(await overdueAt('2026-11-02T13:59:59.999Z')).toEqual([])
    expect(await overdueAt('2026-11-02T14:00:00.000Z')).toEqual([second.id])
    expect(await overdueAt('2026-11-02T19:00:00.000Z')).toEqual([second.id, first.id])
    expect(await offerIdsOf(pia)).toEqual([])

    await escalateAt('2026-11-02T18:00:00.000Z')
    await escalateAt('2026-11-02T18:15:00.000Z')
    expect(await overdueAt('2026-11-02T19:00:00.000Z')).toEqual([first.id])
    const third = await waiting(1)
    expect(await offerIdsOf(mia)).toEqual([second.id, third.id, first.id])
    expect(await tasksOf(pia)).toMatchObject([{ offerId: second.id, escalatedAt: '2026-11-02T18:00:00.000Z' }])
    const escalations = (await offers.timeline(second.id)).filter(({ type }) => type === 'offer.approval-escalated.v1')
    expect(escalations).toHaveLength(1)
  })

  it('waits for a delegate too, who sees for whom', async () => {
    const offer = await waiting(99)
    const forMax = { ...pia, subject: 'dan' }
    await grant(max, { to: 'dan' })
    expect(await tasksOf(forMax)).toContainEqual(expect.objectContaining({ offerId: offer.id, onBehalfOf: 'max' }))
  })
})
