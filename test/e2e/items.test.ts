import { afterAll, beforeAll, expect, it } from 'vitest'
import { AZURE } from '../../infra/local/marketplaces/azure/tenant.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'
import { usd } from '../support/usd.ts'

type Api = ReturnType<TestTwin['as']>
type Row = { ledger: string; agreementId: string; productId: string; amount: { amount: number } }

let twin: TestTwin
let manager: Api
let other: Api
let finance: Api

beforeAll(async () => {
  twin = await startTwin({ startAt: '2026-11-02T09:00:00Z' })
  ;[manager, other] = ['ann', 'mia'].map((subject) => twin.as({ subject, role: 'manager' })) as [Api, Api]
  finance = twin.as({ role: 'finance' })
  await manager.post('/partners', { id: 'ptn-1', name: 'Northwind', type: 'reseller' })
  for (const id of ['acc-1', 'acc-2']) await manager.post('/accounts', { id, name: id, buyerIds: [] })
})
afterAll(() => twin.stop())

const OFFER = {
  ...{ marketplace: 'azure', partnerId: 'ptn-1', productId: AZURE.saasProductId, billingAccountId: AZURE.billingAccountId },
  ...{ termMonths: 12, expiresOn: '2026-12-20', preparedBy: 'a@example.test', notificationContacts: ['a@example.test'] },
}
const PRIVATE = {
  ...{ accountId: 'acc-1', name: 'Two plans', price: usd(9_120_000), listPrice: usd(11_000_000) },
  items: [
    {
      ...{ basePlanId: AZURE.planId, planName: 'All in', planDescription: 'Flat', payments: 'yearly' },
      ...{ listPrice: usd(6_000_000), price: usd(4_800_000) },
    },
    {
      ...{ basePlanId: AZURE.seatPlanId, planName: 'By seat', planDescription: 'Seats', payments: 'monthly' },
      ...{ pricing: { model: 'per-user', users: 100, minUsers: 20, maxUsers: 500 } },
      ...{ listPrice: usd(5_000_000), price: usd(4_320_000) },
    },
  ],
}
const percentage = (discountPercent: string) => ({ model: 'percentage', discountPercent })
const PUBLIC = {
  ...{ accountId: 'acc-2', name: 'Two discounts', price: usd(9_120_000), listPrice: usd(10_800_000) },
  items: [
    { basePlanId: AZURE.planId, pricing: percentage('20'), listPrice: usd(6_000_000), price: usd(4_800_000) },
    { basePlanId: AZURE.seatPlanId, pricing: percentage('10'), listPrice: usd(4_800_000), price: usd(4_320_000) },
  ],
}

const pass = async () => {
  await twin.twin('settle')
  await twin.twin('clock', { minutes: 20 })
}
const accepted = async (request: object) => {
  const id = String((await manager.post('/offers', { ...OFFER, ...request }))['id'])
  await manager.post(`/offers/${id}/submit`)
  await other.post(`/offers/${id}/approve`, { reason: 'good' })
  await pass()
  const { externalId } = await manager.get(`/offers/${id}`)
  await twin.twin(`azure/offers/${externalId}/accept`)
  await pass()
  return { id, externalId: String(externalId) }
}
const bought = async (externalId: string, choice: object) => {
  const { token, subscriptionId } = await twin.twin(`azure/offers/${externalId}/purchase`, choice)
  await twin.post('/azure/landing', { token })
  await pass()
  return String(subscriptionId)
}
const booked = async (accountId: string) => {
  const { items } = (await finance.get(`/transactions?accountId=${accountId}&limit=100`)) as { items: Row[] }
  return items
    .filter(({ ledger }) => ledger === 'booked')
    .map(({ agreementId, productId, amount }) => [agreementId, productId, amount.amount])
}

it('a customer who buys one of two private plans is booked at the price of that one, and of the other when it is bought too', async () => {
  const { id, externalId } = await accepted(PRIVATE)
  const seats = await bought(externalId, { plan: 'By seat', quantity: 100 })
  expect(await booked('acc-1')).toEqual([[seats, AZURE.saasProductId, 4_320_000]])
  expect(await manager.get(`/offers/${id}`)).toMatchObject({ status: 'accepted', agreementId: seats, boughtItem: 1 })
  const flat = await bought(externalId, { plan: 'All in' })
  expect((await booked('acc-1')).toSorted()).toEqual(
    [
      [flat, AZURE.saasProductId, 4_800_000],
      [seats, AZURE.saasProductId, 4_320_000],
    ].toSorted(),
  )
}, 60_000)

it('a customer who buys a public plan is booked at the price that the offer has for it', async () => {
  const { externalId } = await accepted(PUBLIC)
  const seats = await bought(externalId, { plan: 'seats', termUnit: 'P1Y' })
  expect(await booked('acc-2')).toEqual([[seats, AZURE.saasProductId, 4_320_000]])
}, 60_000)

it('reconciliation finds what was accepted to be what was booked', async () => {
  await twin.twin('clock', { to: '2026-11-05T01:30:00Z' })
  const { items } = (await finance.get('/reconciliation?state=open')) as { items: { kind: string }[] }
  expect(items.filter(({ kind }) => kind === 'accepted-value-differs')).toEqual([])
  expect(await booked('acc-1')).toHaveLength(2)
}, 60_000)
