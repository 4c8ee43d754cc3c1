import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TransactionData } from '../../events/metrics.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'
import { usd } from '../support/usd.ts'
import { run } from '../unit/cli/loopback.ts'

const BUYER = '310000000009'
const RESELLER = '210000000002'

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

const pass = async () => {
  await twin.twin('settle')
  await twin.twin('clock', { minutes: 20 })
}
const read = (id: string) => manager.get(`/offers/${id}`)
const onMarket = async (id: string) => {
  const { status } = await manager.post(`/offers/${id}/submit`)
  if (status === 'pending-approval') await other.post(`/offers/${id}/approve`, { reason: 'good' })
  await pass()
  const offer = await read(id)
  expect(offer).toMatchObject({ status: 'released' })
  return { id, externalId: String(offer['externalId']), offer }
}
const released = async (fields: object) => {
  const { id } = await manager.post('/offers', {
    ...{ marketplace: 'aws', partnerId: 'ptn-1', accountId: 'acc-1', name: 'For Alpine', termMonths: 12 },
    ...{ expiresOn: '2026-11-30', buyerAccountIds: [BUYER], ...fields },
  })
  return onMarket(String(id))
}
const transactionsOf = async (agreementId: unknown) => {
  const { items } = (await finance.get('/transactions?accountId=acc-1&limit=100')) as { items: TransactionData[] }
  return items.filter((row) => row.agreementId === agreementId)
}
const rowsOf = async (agreementId: unknown) =>
  (await transactionsOf(agreementId)).map(({ ledger, amount }) => [ledger, amount.amount])
/** What is booked, by the day on which its months begin. */
const bookedOf = async (agreementId: unknown) =>
  (await transactionsOf(agreementId))
    .filter(({ ledger }) => ledger === 'booked')
    .map(({ service, amount }) => [service?.from, amount.amount])

it("a channel partner resells another seller's product: the buyer pays the wholesale price with the markup", async () => {
  const { id: authorizationId } = await twin.twin('aws/authorizations', {
    months: 12,
    charges: [{ on: '2026-12-15', amount: '80000.00' }],
    buyerAccountIds: [BUYER],
  })
  const { id, externalId } = await released({
    ...{ productId: 'prod-theirs0archive', resale: { authorizationId, markupPercent: '5.0' } },
    ...{ price: usd(8_400_000), listPrice: usd(8_400_000) },
  })
  await twin.twin(`aws/offers/${externalId}/accept`, { buyerAccountId: BUYER })
  await pass()
  const { status, agreementId } = await read(id)
  expect(status).toBe('accepted')
  expect(await rowsOf(agreementId)).toEqual(
    expect.arrayContaining([
      ['booked', 8_400_000],
      ['scheduled', 8_400_000],
    ]),
  )
}, 60_000)

it('a reseller sells what it was authorised to: the event tells, the billing feed brings the money', async () => {
  const { id, externalId, offer } = await released({
    ...{ productId: 'prod-cosell0ledger', grants: [{ dimension: 'seats', quantity: 10 }] },
    ...{ price: usd(8_000_000), listPrice: usd(10_000_000), schedule: [{ on: '2026-12-15', amount: usd(8_000_000) }] },
    authorises: { resellerAccountId: RESELLER },
  })
  expect(externalId).toMatch(/^resaleauthz-/)
  expect(offer).not.toHaveProperty('acceptanceLink')
  await expect(manager.post(`/offers/${id}/extend`, { expiresOn: '2026-12-31' })).rejects.toThrow('withdraw it and give another')

  const twice = { target: 'aws.events', kind: 'duplicate', times: 4 }
  await twin.twin('faults', { faults: [twice] })
  const { agreementId } = await twin.twin(`aws/authorizations/${externalId}/resell`, { buyerAccountId: BUYER })
  await pass()
  expect(await read(id)).toMatchObject({ status: 'accepted', agreementId })
  const { events } = (await manager.get(`/offers/${id}/timeline`)) as { events: { type: string }[] }
  expect(events.filter(({ type }) => type === 'offer.accepted.v1')).toHaveLength(1)
  await expect(manager.post(`/offers/${id}/amend`, { endsOn: '2027-12-31' })).rejects.toThrow('by the reseller')

  const file = join(twin.data, 'feed.csv')
  const header =
    'billing_event_id,agreement_id,action,transaction_type,amount,currency,balance_impacting,invoice_date,update_date'
  const row = `be1,${String(agreementId)},DISBURSED,SELLER_REV_SHARE,-80000.00,USD,1,2026-12-20T00:00:00Z,2026-12-20T12:00:00Z`
  writeFileSync(file, `${header}\n${row}\n`)
  await run('settlements', file, '--json', '--url', twin.url)
  await twin.twin('settle')
  expect(await rowsOf(agreementId)).toEqual([['cash', 8_000_000]])
  expect(await read(id)).toMatchObject({ firstPaidOn: '2026-12-20' })
}, 60_000)

it('what was resold is amended by another authorisation: the months to come leave the books, the new term enters them', async () => {
  const authorise = async (on: string, amount: string) => {
    const given = await twin.twin('aws/authorizations', { months: 12, charges: [{ on, amount }], buyerAccountIds: [BUYER] })
    return { authorizationId: String(given['id']), markupPercent: '5.0' }
  }
  const first = await released({
    ...{ productId: 'prod-theirs0archive', resale: await authorise('2026-12-15', '120000.00') },
    ...{ price: usd(12_600_000), listPrice: usd(12_600_000) },
  })
  const { id: firstId } = await twin.twin(`aws/offers/${first.externalId}/accept`, { buyerAccountId: BUYER })
  await pass()

  await twin.twin('clock', { to: '2027-03-05T00:00:00Z' })
  const resale = await authorise('2027-04-01', '100000.01')
  const amended = await manager.post(`/offers/${first.id}/amend`, {
    ...{ expiresOn: '2027-03-20', endsOn: '2027-11-30', price: usd(10_500_001), listPrice: usd(10_500_001), resale },
  })
  expect(amended).toMatchObject({ status: 'draft', predecessorId: first.id, replaces: firstId, productId: 'prod-theirs0archive' })
  const second = await onMarket(String(amended['id']))
  const { id: secondId } = await twin.twin(`aws/offers/${second.externalId}/accept`, { buyerAccountId: BUYER })
  await pass()

  expect(await read(second.id)).toMatchObject({ status: 'accepted', agreementId: secondId })
  // 10,500.00 a month from 2 November on: seven have not begun when the other agreement takes their place.
  expect((await bookedOf(firstId)).toSorted()).toEqual(
    [
      ['2026-11-02', 12_600_000],
      ...['04-02', '05-02', '06-02', '07-02', '08-02', '09-02', '10-02'].map((day) => [`2027-${day}`, -1_050_000]),
    ].toSorted(),
  )
  expect(await rowsOf(secondId)).toEqual(
    expect.arrayContaining([
      ['booked', 10_500_001],
      ['scheduled', 10_500_001],
    ]),
  )
}, 60_000)
