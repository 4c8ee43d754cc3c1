import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_PRODUCT, SECOND_PRODUCT } from '../../infra/local/marketplaces/aws/products.ts'
import type { Fault } from '../../infra/local/marketplaces/faults.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'
import { usd } from '../support/usd.ts'

const BUYER = '310000000009'
const PRODUCTS = [DEFAULT_PRODUCT.id, SECOND_PRODUCT.id]

let twin: TestTwin
let manager: ReturnType<TestTwin['as']>
let other: ReturnType<TestTwin['as']>
let finance: ReturnType<TestTwin['as']>
beforeAll(async () => {
  twin = await startTwin({ startAt: '2026-11-02T09:00:00Z' })
  manager = twin.as({ subject: 'ann', role: 'manager' })
  other = twin.as({ subject: 'mia', role: 'manager' })
  finance = twin.as({ subject: 'finn', role: 'finance' })
  await manager.post('/partners', { id: 'ptn-1', name: 'Northwind', type: 'reseller' })
  await manager.post('/accounts', { id: 'acc-1', name: 'Alpine', buyerIds: [{ marketplace: 'aws', id: BUYER }] })
}, 60_000)
afterAll(() => twin.stop())

const pass = async (minutes = 20) => {
  await twin.twin('settle')
  // Jobs run once an advance.
  for (let part = 0; part < 4; part++) await twin.twin('clock', { minutes: minutes / 4 })
}

const draft = async (productId: string, fields: object = {}) => {
  const { id } = await manager.post('/offers', {
    ...{ marketplace: 'aws', partnerId: 'ptn-1', accountId: 'acc-1', name: 'For Alpine', termMonths: 12, productId },
    ...{ price: usd(8_000_000), listPrice: usd(10_000_000), grants: [{ dimension: 'seats', quantity: 1 }] },
    ...{ expiresOn: '2026-11-30', buyerAccountIds: [BUYER], ...fields },
  })
  return String(id)
}
const set = async (offerIds: string[]) => {
  const { id } = await manager.post('/offer-sets', { name: 'Alpine bundle', buyerNotes: 'Ledger and audit together', offerIds })
  return String(id)
}
const read = (id: string) => manager.get(`/offer-sets/${id}`)
const offer = (id: string) => manager.get(`/offers/${id}`)
const send = async (offerIds: string[]) => {
  for (const id of offerIds) {
    const { status } = await manager.post(`/offers/${id}/submit`)
    if (status === 'pending-approval') await other.post(`/offers/${id}/approve`, { reason: 'good' })
  }
}
const typesOf = async (id: string) => {
  const { events } = (await manager.get(`/offer-sets/${id}/timeline`)) as { events: { type: string }[] }
  return events.map(({ type }) => type.replace(/^offer-set\.|\.v1$/g, ''))
}

describe('a set of offers', () => {
  it('is made, its offers are approved and released, then it is, and one click buys each of them once', async () => {
    const offerIds = [await draft(PRODUCTS[0] ?? ''), await draft(PRODUCTS[1] ?? '')]
    const id = await set(offerIds)
    await expect(manager.post(`/offers/${offerIds[0]}/submit`)).rejects.toThrow('memberOf')
    await pass()
    const { externalId } = await read(id)
    expect(await offer(offerIds[0] ?? '')).toMatchObject({ memberOf: { id, buyerNotes: 'Ledger and audit together' } })
    const partner = (partnerId: string) => twin.as({ role: 'partner', partnerId })
    expect(await partner('ptn-1').get(`/offer-sets/${id}`)).toMatchObject({ id })
    await expect(partner('ptn-2').get(`/offer-sets/${id}`)).rejects.toThrow('answered 404')
    expect(externalId).toMatch(/^offerset-/)
    const { request, problems } = (await manager.get(`/offers/${offerIds[0]}/plan`)) as { request: unknown; problems: unknown[] }
    expect(problems).toEqual([])
    expect(JSON.stringify(request)).toContain(`"OfferSetId":"${externalId}"`)

    await send(offerIds.slice(0, 1))
    await pass()
    expect(await read(id)).toMatchObject({ status: 'preparing', offers: [{ status: 'released' }, { status: 'draft' }] })
    await send(offerIds.slice(1))
    await pass()
    expect(await read(id)).toMatchObject({
      status: 'released',
      problems: [],
      offers: [{ status: 'released' }, { status: 'released' }],
    })

    await twin.twin('faults', { faults: [{ target: 'aws.events', kind: 'duplicate', times: 4 }] })
    await twin.twin(`aws/offer-sets/${externalId}/accept`, { buyerAccountId: BUYER })
    await pass()
    expect(await read(id)).toMatchObject({ status: 'accepted', offers: [{ status: 'accepted' }, { status: 'accepted' }] })
    const { items } = (await finance.get('/transactions?accountId=acc-1&limit=100')) as { items: Record<string, unknown>[] }
    const booked = items.filter(({ ledger }) => ledger === 'booked').map(({ offerId, amount }) => [offerId, amount])
    expect(booked.toSorted()).toEqual(offerIds.map((each) => [each, usd(8_000_000)]).toSorted())
    expect(await typesOf(id)).toEqual([
      ...['requested', 'submission-started', 'submission-accepted', 'created'],
      ...['submission-started', 'submission-accepted', 'released', 'accepted'],
    ])
  }, 120_000)

  it('says which offer was rejected, and goes on with another draft in its place', async () => {
    const offerIds = [await draft(PRODUCTS[0] ?? ''), await draft(PRODUCTS[1] ?? '')]
    const [kept = '', rejected = ''] = offerIds
    const id = await set(offerIds)
    await pass()
    await manager.post(`/offers/${rejected}/submit`)
    await other.post(`/offers/${rejected}/reject`, { reason: 'too cheap' })
    await send([kept])
    await pass()
    expect(await read(id)).toMatchObject({
      status: 'attention-needed',
      problems: [{ code: 'OFFER_LOST', target: 'offerIds.1', message: expect.stringContaining(`${rejected} is rejected`) }],
    })
    const replacement = await draft(PRODUCTS[1] ?? '', { price: usd(9_000_000) })
    await manager.post(`/offer-sets/${id}/replace`, { offerId: rejected, replacement })
    await pass(2)
    await send([replacement])
    await pass(30)
    expect(await read(id)).toMatchObject({ status: 'released', offerIds: [kept, replacement] })
  }, 120_000)

  it('is withdrawn with its offers; what AWS never had is free again', async () => {
    const offerIds = [await draft(PRODUCTS[0] ?? ''), await draft(PRODUCTS[1] ?? '')]
    const id = await set(offerIds)
    await pass()
    await send(offerIds.slice(0, 1))
    await pass()
    await manager.post(`/offer-sets/${id}/withdraw`, { reason: 'no interest' })
    await pass()
    expect(await read(id)).toMatchObject({ status: 'withdrawn' })
    expect(await offer(offerIds[0] ?? '')).toMatchObject({ status: 'withdrawn' })
    const free = await offer(offerIds[1] ?? '')
    expect(free).toMatchObject({ status: 'draft' })
    expect(free).not.toHaveProperty('memberOf')
    expect(free).not.toHaveProperty('offerSetId')
    await send(offerIds.slice(1))
    await pass()
    expect(await offer(offerIds[1] ?? '')).toMatchObject({ status: 'released' })
  }, 120_000)

  it('is released late by one that was extended, and told so while its last day is another', async () => {
    const offerIds = [await draft(PRODUCTS[0] ?? ''), await draft(PRODUCTS[1] ?? '')]
    const id = await set(offerIds)
    await pass()
    await send(offerIds.slice(0, 1))
    await pass()
    await manager.post(`/offers/${offerIds[0]}/extend`, { expiresOn: '2026-12-24' })
    await pass()
    expect(await read(id)).toMatchObject({
      status: 'attention-needed',
      problems: [{ code: 'INCONSISTENT_OFFER_AVAILABILITY_END_DATE', target: 'offerIds.1' }],
    })
    await send(offerIds.slice(1))
    await pass()
    await manager.post(`/offers/${offerIds[1]}/extend`, { expiresOn: '2026-12-24' })
    await pass()
    expect(await read(id)).toMatchObject({ status: 'released', problems: [] })
  }, 120_000)
})

describe('a set of offers in trouble', () => {
  const faults: Partial<Fault>[] = [
    { target: 'aws.catalog.StartChangeSet', kind: 'reset', times: 4 },
    { target: 'aws.catalog.ApplyChangeSet', kind: 'error' },
    { target: 'aws.events', kind: 'drop', times: 9 },
  ]
  it('is made and released once when answers and events are lost, change sets break down and the service dies', async () => {
    const offerIds = [await draft(PRODUCTS[0] ?? ''), await draft(PRODUCTS[1] ?? '')]
    const id = await set(offerIds)
    const trouble = async () => {
      await twin.twin('faults', { faults })
      await twin.twin('clock', { minutes: 2 })
      await twin.kill()
      await twin.restart()
      await pass(30)
    }
    await trouble()
    await send(offerIds)
    await trouble()
    await pass(30)
    expect(await read(id)).toMatchObject({ status: 'released' })
    const types = await typesOf(id)
    expect(types.filter((type) => type === 'created' || type === 'released')).toEqual(['created', 'released'])
  }, 180_000)
})
