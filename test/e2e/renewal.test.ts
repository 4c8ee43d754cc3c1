import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TransactionData } from '../../events/metrics.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'
import { usd } from '../support/usd.ts'

const BUYER = '310000000009'

let twin: TestTwin
let manager: ReturnType<TestTwin['as']>
let finance: ReturnType<TestTwin['as']>
beforeAll(async () => {
  twin = await startTwin({ startAt: '2026-11-02T09:00:00Z' })
  manager = twin.as({ subject: 'ann', role: 'manager' })
  finance = twin.as({ subject: 'finn', role: 'finance' })
  await manager.post('/partners', { id: 'ptn-1', name: 'Northwind', type: 'reseller' })
  await manager.post('/accounts', { id: 'acc-1', name: 'Alpine', buyerIds: [{ marketplace: 'aws', id: BUYER }] })
}, 60_000)
afterAll(() => twin.stop())

const pass = async () => {
  await twin.twin('settle')
  await twin.twin('clock', { minutes: 20 })
}
const goTo = (instant: string) => twin.twin('clock', { to: instant })
const rows = async () => ((await finance.get('/transactions?accountId=acc-1&limit=100')) as { items: TransactionData[] }).items

/** The rows of the books that name an agreement, by ledger. */
const booksOf = async (agreementId: string) => {
  const own = (await rows()).filter((row) => row.agreementId === agreementId)
  const linesOf = (of: string) =>
    own
      .filter(({ ledger }) => ledger === of)
      .map(({ on, amount }) => [on, amount.amount])
      .toSorted()
  const [{ service } = {}] = own.filter(({ ledger }) => ledger === 'booked')
  return { booked: linesOf('booked'), service, scheduled: linesOf('scheduled'), billed: linesOf('billed') }
}

it('an agreement renews itself at its end: the books get the higher price and the installments of the template, to the cent', async () => {
  const { id } = await manager.post('/offers', {
    ...{ marketplace: 'aws', partnerId: 'ptn-1', accountId: 'acc-1', name: 'Seats', productId: 'prod-cosell0ledger' },
    ...{ termMonths: 12, expiresOn: '2026-11-30', grants: [{ dimension: 'seats', quantity: 10 }], buyerAccountIds: [BUYER] },
    ...{ price: usd(120_001), listPrice: usd(120_001), schedule: [{ on: '2026-12-15', amount: usd(120_001) }] },
    autoRenewal: {
      ...{ priceIncrease: { type: 'range', fromPercent: '3', toPercent: '8', defaultPercent: '5.25' }, maxRenewals: 1 },
      ...{ lockoutDays: 30, adjustmentDeadlineDays: 60 },
      installments: [
        { afterMonths: 0, percent: '33.33' },
        { afterMonths: 4, percent: '33.33', dayOfMonth: 31 },
        { afterMonths: 8, percent: '33.34' },
      ],
    },
  })
  expect(await manager.post(`/offers/${String(id)}/submit`)).toMatchObject({ approval: { facts: { renewsItself: true } } })
  await twin.as({ subject: 'mia', role: 'manager' }).post(`/offers/${String(id)}/approve`, { reason: 'good' })
  await pass()
  const released = await manager.get(`/offers/${String(id)}`)
  expect(released).toMatchObject({ status: 'released' })
  const { externalId } = released
  const first = (await twin.twin(`aws/offers/${String(externalId)}/accept`, { buyerAccountId: BUYER })) as { id: string }
  await pass()
  expect(await booksOf(first.id)).toMatchObject({
    booked: [['2026-11-02', 120_001]],
    service: { from: '2026-11-02', to: '2027-11-02' },
    scheduled: [['2026-12-15', 120_001]],
  })

  await twin.twin(`aws/agreements/${first.id}/auto-renewal`, { on: true })
  await goTo('2027-11-02T12:00:00Z')
  await pass()
  const second = (await rows()).find(({ on, ledger }) => ledger === 'booked' && on === '2027-11-02')?.agreementId ?? ''
  expect(second).not.toBe(first.id)
  await goTo('2028-03-31T12:00:00Z')
  await twin.twin(`aws/agreements/${second}/invoice`)
  await goTo('2028-04-02T12:00:00Z')
  // 1,200.01 and 5.25 % of it, rounded to the cent: 1,263.01.
  expect(await booksOf(second)).toEqual({
    booked: [['2027-11-02', 126_301]],
    service: { from: '2027-11-02', to: '2028-11-02' },
    scheduled: [
      ['2027-11-02', 42_096],
      ['2028-03-31', 42_096],
      ['2028-07-02', 42_109],
    ],
    billed: [
      ['2027-11-02', 42_096],
      ['2028-03-31', 42_096],
    ],
  })
  expect(await booksOf(first.id)).toMatchObject({ booked: [['2026-11-02', 120_001]] })
  expect(await manager.get(`/offers/${String(id)}`)).toMatchObject({ status: 'accepted', agreementId: first.id })
  expect(await manager.get(`/offers/${String(id)}/agreements`)).toMatchObject({
    items: [
      { id: first.id, intent: 'new', endedAs: 'renewed' },
      { id: second, intent: 'renew', status: 'active' },
    ],
  })

  const { items: exceptions } = (await finance.get('/reconciliation?state=open')) as {
    items: { agreementId: string; kind: string }[]
  }
  expect(exceptions.filter(({ agreementId }) => agreementId === second).map(({ kind }) => kind)).toEqual(['payout-missing'])
  const { items: dead } = (await twin.as({ role: 'platform' }).get('/dead-letters?queue=aws-marketplace')) as { items: unknown[] }
  expect(dead).toEqual([])
}, 120_000)
