import { afterAll, beforeAll, expect, it } from 'vitest'
import { AZURE } from '../../infra/local/marketplaces/azure/tenant.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'
import { usd } from '../support/usd.ts'

type Entry = { state: string; by: { kind: string; id?: string }; cause?: string }
type Api = ReturnType<TestTwin['as']>

let twin: TestTwin
let partner: Api
let manager: Api

beforeAll(async () => {
  twin = await startTwin({ startAt: '2026-11-02T09:00:00Z' })
  partner = twin.as({ role: 'partner', partnerId: 'ptn-1', subject: 'usr-ann' })
  manager = twin.as({ role: 'manager', subject: 'usr-mia' })
  await manager.post('/partners', { id: 'ptn-1', name: 'Northwind', type: 'reseller' })
  await manager.post('/accounts', { id: 'acc-1', name: 'Alpine', buyerIds: [] })
  await manager.post('/accounts/acc-1/attachments', { partnerId: 'ptn-1', role: 'managed', from: '2026-01-01' })
})
afterAll(() => twin.stop())

const COMMON = { partnerId: 'ptn-1', accountId: 'acc-1', listPrice: usd(120_000), termMonths: 12, expiresOn: '2026-11-30' }
const onAws = {
  ...{ ...COMMON, marketplace: 'aws', name: 'Seats', productId: 'prod-cosell0ledger', price: usd(20_000) },
  ...{ buyerAccountIds: ['310000000009'], grants: [{ dimension: 'seats', quantity: 10 }] },
  schedule: [{ on: '2026-12-15', amount: usd(20_000) }],
}
const onAzure = {
  ...{ ...COMMON, marketplace: 'azure', name: 'Plan', productId: AZURE.saasProductId, price: usd(20_000) },
  ...{ billingAccountId: AZURE.billingAccountId, basePlanId: AZURE.planId, planName: 'P', planDescription: 'P' },
  ...{ payments: 'yearly', preparedBy: 'a@example.test', notificationContacts: ['a@example.test'] },
}

const pass = async () => {
  await twin.twin('settle')
  await twin.twin('clock', { minutes: 20 })
}

/** Requested by the partner, approved by the manager, on the marketplace. */
const release = async (request: object) => {
  const id = String((await partner.post('/offers', request))['id'])
  await partner.post(`/offers/${id}/submit`)
  await manager.post(`/offers/${id}/approve`, { reason: 'strategic' })
  await pass()
  return { id, externalId: String((await partner.get(`/offers/${id}`))['externalId']) }
}
const toldOf = async (id: string) => {
  const { events } = (await partner.get(`/offers/${id}/timeline`)) as { events: Entry[] }
  return events.map(({ state, by, cause }) => `${state} by ${by.id ?? by.kind}, ${cause}`)
}

const UNTIL_RELEASE = [
  'draft by usr-ann, api',
  'pending-approval by usr-ann, api',
  'pending-approval by rule, api',
  'approved by usr-mia, api',
  'sending by cosell, event',
  'submitted by marketplace, event',
]

it('an offer on AWS shows each state in order, with who brought it about and how', async () => {
  const { id, externalId } = await release(onAws)
  const at = '2026-11-02T09:15:00.000Z'
  await manager.post(`/offers/${id}/observations`, { state: 'buyer-notified', at })
  const before = await manager.get(`/offers/${id}`)
  expect(await manager.post(`/offers/${id}/observations`, { state: 'buyer-notified', at })).toMatchObject({
    version: before['version'],
  })
  await twin.twin('clock', { days: 1 })
  await manager.post(`/offers/${id}/extend`, { expiresOn: '2026-12-10' })
  await pass()
  await twin.twin(`aws/offers/${externalId}/accept`, { buyerAccountId: '310000000009' })
  await pass()
  const told = await toldOf(id)
  expect(told.slice(0, UNTIL_RELEASE.length)).toEqual(UNTIL_RELEASE)
  expect(told.slice(UNTIL_RELEASE.length).map((line) => line.replace(/, (event|schedule)$/, ', by itself'))).toEqual([
    'released by marketplace, by itself',
    'buyer-notified by usr-mia, api',
    'extending by usr-mia, api',
    'extending by cosell, by itself',
    'extending by marketplace, by itself',
    'extended by marketplace, by itself',
    'accepted by buyer, by itself',
    'purchased by buyer, by itself',
    'activated by marketplace, by itself',
  ])
})

it('an offer on Azure is withdrawn and deleted', async () => {
  const { id } = await release(onAzure)
  await manager.post(`/offers/${id}/withdraw`, { reason: 'postponed' })
  await pass()
  await manager.post(`/offers/${id}/observations`, { state: 'deleted' })
  const told = await toldOf(id)
  expect(told.slice(0, UNTIL_RELEASE.length)).toEqual(UNTIL_RELEASE)
  expect(told.slice(UNTIL_RELEASE.length).map((line) => line.replace(/, (event|schedule)$/, ', by itself'))).toEqual([
    'released by marketplace, by itself',
    'withdrawing by usr-mia, api',
    'withdrawing by cosell, by itself',
    'withdrawal-submitted by marketplace, by itself',
    'withdrawn by marketplace, by itself',
    'deleted by usr-mia, api',
  ])
})
