import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sellOnAws } from '../../infra/local/story/deals.ts'
import { type Cast, castOf, recruit, type Stage } from '../../infra/local/story/stage.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'
import { run } from '../unit/cli/loopback.ts'

const START = '2026-10-01'
const HEADER = 'billing_event_id,agreement_id,action,transaction_type,amount,currency,balance_impacting,invoice_date,update_date'

let twin: TestTwin
let cast: Cast
let offerId = ''
let agreementId = ''

const at = (to: string) => twin.twin('clock', { to })
/** The day's run: the first of the hour after midnight. */
const nightly = (day: string) => at(`${day}T01:30:00Z`)

const row = (id: string, what: string, amount: string, day: string, stated = day) =>
  `${id},${agreementId},${what},${amount},USD,1,${day}T00:00:00Z,${stated}T12:00:00Z`
/** The rows of an invoice of the feed: what was sold and AWS's fee; and, negated, how they were paid out. */
const invoiced = (name: string, day: string) => [
  row(`${name}-sale`, 'INVOICED,SELLER_REV_SHARE', '30000.00', day),
  row(`${name}-fee`, 'INVOICED,AWS_REV_SHARE', '-900.00', day),
]
const disbursed = (name: string, amount: string, day: string, stated = day) => [
  row(`${name}-paid`, 'DISBURSED,SELLER_REV_SHARE', `-${amount}`, day, stated),
  row(`${name}-paid-fee`, 'DISBURSED,AWS_REV_SHARE', '900.00', day),
]

const imported = async (name: string, ...lines: string[]) => {
  const file = join(twin.data, name)
  writeFileSync(file, `${[HEADER, ...lines].join('\n')}\n`)
  expect((await run('settlements', file, '--url', twin.url)).code).toBe(0)
  await twin.twin('settle')
}

/** AWS invoices what is due, and the agreement is read again within a day. */
const invoiceOn = async (day: string) => {
  await at(`${day}T09:00:00Z`)
  await twin.twin(`aws/agreements/${agreementId}/invoice`)
}

type Told = {
  id: string
  kind: string
  state: string
  amount: { amount: number }
  ageDays: number
  times: number
  message: string
}
const exceptions = async (query = '') => {
  const { items } = (await cast.finance.get(`/reconciliation${query}`)) as { items: Told[] }
  return items.toSorted((a, b) => (a.kind < b.kind ? -1 : 1))
}
const brief = async (query = '') =>
  (await exceptions(query)).map(({ kind, state, amount }) => `${kind} ${state} ${(amount.amount / 100).toFixed(2)}`)

beforeAll(async () => {
  twin = await startTwin({ startAt: `${START}T08:00:00Z` })
  const stage: Stage = { client: twin, say: () => {} }
  cast = castOf(stage)
  await recruit(stage, cast, START)
  const sold = await sellOnAws(stage, cast, START)
  offerId = sold.offerId
  agreementId = sold.agreementId
  await invoiceOn('2026-10-06')
}, 60_000)
afterAll(() => twin.stop())

it('a deal whose invoices and payouts agree, or are not due, has no exception', async () => {
  await nightly('2026-11-21')
  await imported('october.csv', ...invoiced('one', '2026-10-05'), ...disbursed('one', '30000.00', '2026-11-20'))
  await invoiceOn('2027-01-02')
  await at('2027-01-04T09:00:00Z')
  await nightly('2027-01-05')
  expect(await brief()).toEqual([])
  const { ledgers } = (await cast.manager.get('/reconciliation/report')) as { ledgers: object[] }
  expect(ledgers).toEqual([
    {
      ...{ currency: 'USD', booked: 12_000_000, scheduled: 12_000_000, billed: 6_000_000, fees: -90_000, taxes: 0 },
      ...{ cash: 2_910_000, settled: 2_910_000, waiting: 3_000_000, different: 0, excess: 0 },
    },
  ])
})

it('a cent that is missing and a payout that does not come are two exceptions', async () => {
  // AWS states the first payout again, a cent less.
  await imported('restated.csv', row('one-paid', 'DISBURSED,SELLER_REV_SHARE', '-29999.99', '2026-11-20', '2027-01-06'))
  await nightly('2027-03-20')
  expect(await brief()).toEqual(['payout-differs open 0.01', 'payout-missing open 30000.00'])
  expect(await exceptions('?kind=payout-missing')).toMatchObject([
    { offerId, agreementId, accountId: 'acc-alpine', partnerId: 'ptn-northwind', since: '2027-03-17', ageDays: 3 },
  ])
  await nightly('2027-03-21')
  expect((await exceptions()).map(({ times }) => times)).toEqual([1, 1])
})

it('the month cannot be closed until they are above no threshold, and finance sees them in a table', async () => {
  const closable = (threshold: number) => cast.finance.get(`/reconciliation/closable?period=2027-02&threshold=${threshold}`)
  expect(await closable(0)).toMatchObject({ closable: false, count: 1, hindering: [{ kind: 'payout-differs' }] })
  expect(await closable(1)).toMatchObject({ closable: true })
  const { code, out } = await run('reconcile', '--url', twin.url)
  expect(code).toBe(0)
  expect(out).toMatch(/^payout-differs +USD +1 +0\.01 /m)
  expect(out).toMatch(/^payout-missing +USD +1 +30000\.00 +30000\.00 +2027-03-17 +4$/m)
})

it('someone looks after them, and nobody but finance decides', async () => {
  const [cent, missing] = await exceptions()
  await expect(cast.manager.post(`/reconciliation/${cent?.id}/accept`, { note: 'no' })).rejects.toThrow('403')
  await expect(cast.partner('ptn-northwind').get('/reconciliation')).rejects.toThrow('403')
  await cast.finance.post(`/reconciliation/${missing?.id}/assign`, { owner: 'receivables', note: 'asked AWS' })
  await cast.finance.post(`/reconciliation/${cent?.id}/accept`, { note: 'rounding, as AWS confirmed' })
  expect(await brief('?owner=receivables')).toEqual(['payout-missing assigned 30000.00'])
  await nightly('2027-03-22')
  expect(await brief()).toEqual(['payout-differs accepted 0.01', 'payout-missing assigned 30000.00'])
})

it('both are resolved by themselves when the missing file comes', async () => {
  await imported(
    'march.csv',
    row('one-paid', 'DISBURSED,SELLER_REV_SHARE', '-30000.00', '2026-11-20', '2027-03-22'),
    ...invoiced('two', '2027-01-01'),
    ...disbursed('two', '30000.00', '2027-03-19'),
  )
  await nightly('2027-03-23')
  expect(await brief()).toEqual(['payout-differs resolved 0.01', 'payout-missing resolved 30000.00'])
  expect((await run('reconcile', '--url', twin.url)).out).toContain('No open exceptions')
  expect(await cast.finance.get('/reconciliation/closable?period=2027-02')).toMatchObject({ closable: true, reasons: [] })
})
