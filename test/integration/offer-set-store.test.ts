import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTables } from '../../infra/local/dynamodb.ts'
import { joined } from '../../lib/offer-sets/members.ts'
import { type OfferSet, request, withdraw } from '../../lib/offer-sets/offer-set.ts'
import { type OfferSetStore, offerSetStore } from '../../lib/offer-sets/store.ts'
import type { AwsOffer } from '../../lib/offers/offer.ts'
import { type OfferStore, offerStore, offerWrites } from '../../lib/offers/store.ts'
import { newContext } from '../../lib/runtime/context.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openEngine, type TestEngine } from '../support/engine.ts'
import { draft } from '../support/offer-sets.ts'
import { ann } from '../support/offers.ts'

let engine: TestEngine
let store: OfferSetStore
let offers: OfferStore
beforeAll(async () => {
  engine = await openEngine()
  await createTables()
  const table = openTable('records')
  store = offerSetStore(table, { offerWrites })
  offers = offerStore(table)
})
afterAll(() => engine.stop())

let count = 0
const drafts = async (): Promise<AwsOffer[]> => {
  const made = [draft(`off_${++count}`, { version: 0 }), draft(`off_${++count}`, { version: 0 })]
  for (const offer of made) await offers.save({ offer, events: [] }, offer, newContext())
  return made.map((offer) => ({ ...offer, version: 1 }))
}
const requested = (members: AwsOffer[], partnerId = 'par_1') => {
  const input = { name: 'Bundle', buyerNotes: 'Both', offerIds: members.map(({ id }) => id) }
  return request(input, [{ partnerId, accountId: 'acc_1' }], ann, newContext())
}
const stored = async (partnerId?: string): Promise<OfferSet> => {
  const members = await drafts()
  const decided = requested(members, partnerId)
  return store.save(
    decided,
    newContext(),
    members.map((offer) => joined(offer, decided.set)),
  )
}
const statuses = async (query: Parameters<OfferSetStore['list']>[0]) =>
  (await store.list(query)).items.map(({ status }) => status)

describe('a set', () => {
  it('is kept together with its hold on the drafts', async () => {
    const set = await stored()
    expect(await store.get(set.id)).toEqual(set)
    for (const id of set.offerIds) expect(await offers.get(id)).toMatchObject({ memberOf: { id: set.id }, version: 2 })
    expect(await store.timeline(set.id)).toMatchObject([{ type: 'offer-set.requested.v1', subject: set.id }])
    await expect(store.get('ofs_none')).rejects.toThrow('there is no offer set ofs_none')
  })

  it('is not made at all when one of the drafts was changed meanwhile', async () => {
    const members = await drafts()
    const [first] = members
    if (!first) throw new Error('no draft')
    await offers.save({ offer: { ...first, status: 'withdrawn' }, events: [] }, first, newContext())
    const decided = requested(members)
    const moved = members.map((offer) => joined(offer, decided.set))
    await expect(store.save(decided, newContext(), moved)).rejects.toMatchObject({ code: 'stale_version' })
    await expect(store.get(decided.set.id)).rejects.toMatchObject({ code: 'not_found' })
    expect(await offers.get(members[1]?.id ?? '')).not.toHaveProperty('memberOf')
  })

  it('is changed by one of two who saw the same version', async () => {
    const set = await stored()
    const change = () => store.save(withdraw(set, 'no need', ann, newContext()), newContext())
    const both = await Promise.allSettled([change(), change()])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  it('is listed by partner and status, and found by the job', async () => {
    const set = await stored('par_listed')
    await stored('par_listed')
    await store.save(withdraw(set, 'no need', ann, newContext()), newContext())
    expect((await statuses({ partnerId: 'par_listed', limit: 9 })).toSorted()).toEqual(['requested', 'withdrawing'])
    expect(await statuses({ partnerId: 'par_listed', status: 'withdrawing', limit: 9 })).toEqual(['withdrawing'])
    expect(await Array.fromAsync(store.idsWithStatus('withdrawing'))).toContain(set.id)
    expect(await Array.fromAsync(store.idsWithStatus('requested'))).not.toContain(set.id)
    expect(new Set(await statuses({ status: 'requested', limit: 9 }))).toEqual(new Set(['requested']))
  })
})
