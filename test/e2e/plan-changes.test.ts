import { afterAll, beforeAll, expect, it } from 'vitest'
import { AZURE } from '../../infra/local/marketplaces/azure/tenant.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'
import { usd } from '../support/usd.ts'

type Row = { ledger: string; partnerId: string; amount: { amount: number }; service?: { from: string } }
type Api = ReturnType<TestTwin['as']>

let twin: TestTwin
let manager: Api
let other: Api
let finance: Api

beforeAll(async () => {
  twin = await startTwin({ startAt: '2026-11-02T09:00:00Z' })
  manager = twin.as({ role: 'manager', subject: 'ann' })
  other = twin.as({ role: 'manager', subject: 'mia' })
  finance = twin.as({ role: 'finance', subject: 'finn' })
  for (const id of ['ptn-1', 'ptn-2']) await manager.post('/partners', { id, name: id, type: 'reseller' })
  await manager.post('/accounts', { id: 'acc-1', name: 'Alpine', buyerIds: [] })
})
afterAll(() => twin.stop())

const pass = async (minutes = 20) => {
  await twin.twin('settle')
  await twin.twin('clock', { minutes })
}

/** An offer at a flat rate for a plan of its own, accepted by the customer. */
const accepted = async (partnerId: string, name: string, cents: number, expiresOn: string) => {
  const request = {
    ...{ marketplace: 'azure', partnerId, accountId: 'acc-1', name, productId: AZURE.saasProductId, expiresOn },
    ...{ price: usd(cents), listPrice: usd(cents), termMonths: 12, payments: 'yearly', basePlanId: AZURE.planId },
    ...{ billingAccountId: AZURE.billingAccountId, planName: name, planDescription: 'As negotiated' },
    ...{ preparedBy: 'a@example.test', notificationContacts: ['a@example.test'] },
  }
  const id = String((await manager.post('/offers', request))['id'])
  const submitted = await manager.post(`/offers/${id}/submit`)
  if (submitted['status'] === 'pending-approval') await other.post(`/offers/${id}/approve`, { reason: 'good' })
  await pass()
  const externalId = String((await manager.get(`/offers/${id}`))['externalId'])
  await twin.twin(`azure/offers/${externalId}/accept`)
  await pass()
  return { id, externalId, planId: `enterprise_${externalId.slice(0, 8)}` }
}

/** What is booked, by the partner and the first day of its service. */
const booked = async () => {
  const { items } = (await finance.get('/transactions?accountId=acc-1&limit=100')) as { items: Row[] }
  return items
    .filter(({ ledger }) => ledger === 'booked')
    .map(({ partnerId, amount, service }) => `${service?.from} ${partnerId} ${amount.amount}`)
    .toSorted()
}

it('a subscriber may go over to the plan of another offer, but leaves the agreed plan only where our word comes too late', async () => {
  const basic = await accepted('ptn-1', 'Basic', 120_000, '2026-11-30')
  const purchase = await twin.twin(`azure/offers/${basic.externalId}/purchase`)
  const at = `azure/subscriptions/${String(purchase['subscriptionId'])}`
  await manager.post('/azure/landing', { token: purchase['token'] })
  await pass()
  const whole = ['2026-11-02 ptn-1 120000']
  expect(await booked()).toEqual(whole)

  // Refused at once, so that nothing changes after the ten seconds either.
  await twin.twin(`${at}/change-plan`, { planId: 'enterprise' })
  await pass()
  expect(await booked()).toEqual(whole)

  await twin.twin('clock', { to: '2027-07-05T09:00:00Z' })
  const plus = await accepted('ptn-2', 'Plus', 180_000, '2027-07-31')
  await twin.twin(`${at}/change-plan`, { planId: plus.planId })
  const firsts = ['2027-08-02', '2027-09-02', '2027-10-02']
  const gone = [...whole, ...firsts.flatMap((from) => [`${from} ptn-1 -10000`, `${from} ptn-2 15000`])].toSorted()
  expect(await booked()).toEqual(gone)
  expect(await manager.get(`/offers/${plus.id}`)).toMatchObject({ status: 'accepted', agreementId: purchase['subscriptionId'] })

  // The message comes a minute later: Microsoft has long confirmed by itself.
  await twin.twin('clock', { to: '2027-09-05T09:00:00Z' })
  await twin.twin('faults', { faults: [{ target: 'azure.webhook', kind: 'delay', seconds: 60 }] })
  await twin.twin(`${at}/change-plan`, { planId: 'enterprise' })
  await pass()
  expect(await booked()).toEqual([...gone, '2027-10-02 ptn-2 -15000'].toSorted())

  await twin.twin('clock', { days: 2 })
  const { items } = (await finance.get('/reconciliation?state=open')) as { items: { kind: string }[] }
  expect(items.map(({ kind }) => kind)).toEqual([])
}, 90_000)
