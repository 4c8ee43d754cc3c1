import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TransactionData } from '../../events/metrics.ts'
import { sellOnAws, sellOnAzure } from '../../infra/local/story/deals.ts'
import { type Cast, castOf, recruit, type Stage } from '../../infra/local/story/stage.ts'
import { FEEDS, feedFile } from '../support/aws-feeds.ts'
import { ledgersOf } from '../support/settlements.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'
import { run } from '../unit/cli/loopback.ts'

const START = '2026-10-01'

let twin: TestTwin
let stage: Stage
let cast: Cast
beforeAll(async () => {
  twin = await startTwin({ startAt: `${START}T08:00:00Z` })
  stage = { client: twin, say: () => {} }
  cast = castOf(stage)
  await recruit(stage, cast, START)
}, 60_000)
afterAll(() => twin.stop())

/** Imports a file by the command line and lets all its consequences happen. */
const imported = async (name: string, ...lines: string[]) => {
  const file = join(twin.data, name)
  writeFileSync(file, `${lines.join('\n')}\n`)
  const told = await run('settlements', file, '--json', '--url', twin.url)
  await twin.twin('settle')
  return { ...told, settlement: JSON.parse(told.out) }
}

const booksOf = async (accountId: string) => {
  const { items } = (await cast.finance.get(`/transactions?accountId=${accountId}&limit=100`)) as { items: TransactionData[] }
  return items
}

describe('the money of two deals', () => {
  it("arrives on AWS with the billing event feed, which doubles no invoice and tells the offer's first payment", async () => {
    const { offerId, agreementId } = await sellOnAws(stage, cast, START)
    await twin.twin(`aws/agreements/${agreementId}/invoice`)
    await twin.twin('clock', { days: 1 })
    const before = ledgersOf((await booksOf('acc-alpine')).filter(({ ledger }) => ledger === 'billed'))
    const header =
      'billing_event_id,agreement_id,action,transaction_type,amount,currency,balance_impacting,invoice_date,update_date'
    const row = (id: string, what: string, amount: string, day: string) =>
      `${id},${agreementId},${what},${amount},USD,1,${day}T00:00:00Z,${day}T12:00:00Z`
    const rows = [
      row('be1', 'INVOICED,SELLER_REV_SHARE', '30000.00', '2026-10-05'),
      row('be2', 'INVOICED,AWS_REV_SHARE', '-900.00', '2026-10-05'),
      row('be3', 'DISBURSED,SELLER_REV_SHARE', '-30000.00', '2026-11-10'),
      row('be4', 'DISBURSED,AWS_REV_SHARE', '900.00', '2026-11-10'),
    ]
    const first = await imported('feed.csv', header, ...rows)
    expect([first.code, first.settlement.report.outcomes]).toEqual([
      0,
      { recorded: 3, elsewhere: 1, noted: 0, duplicate: 0, restated: 0, unmatched: 0, rejected: 0 },
    ])
    const line = `acc-alpine ${agreementId}`
    const books = await booksOf('acc-alpine')
    expect(ledgersOf(books.filter(({ ledger }) => ledger === 'billed' || ledger === 'cash'))).toEqual({
      ...before,
      [`${line} billed fee USD 2026-10-05`]: -90_000,
      [`${line} cash contract USD 2026-11-10`]: 3_000_000,
      [`${line} cash fee USD 2026-11-10`]: -90_000,
    })
    expect(await cast.manager.get(`/offers/${offerId}`)).toMatchObject({ firstPaidOn: '2026-11-10' })
    expect((await imported('feed.csv', header, ...rows)).settlement.report.outcomes).toMatchObject({ recorded: 0, duplicate: 3 })
    expect(await booksOf('acc-alpine')).toEqual(books)
  })

  it('of an agreement that Cosell has not read arrives by itself, once the feeds tell who the buyer is', async () => {
    const header =
      'billing_event_id,agreement_id,action,transaction_type,amount,currency,balance_impacting,invoice_date,update_date,end_user_account_id,product_id'
    const fee = 'be9,agmt-public,INVOICED,AWS_REV_SHARE,-9.00,USD,1,2026-10-05T00:00:00Z,2026-10-06T00:00:00Z,feed-1,prod-public'
    const { settlement } = await imported('public.csv', header, fee)
    expect(settlement.report.outcomes).toMatchObject({ recorded: 0, unmatched: 1 })

    for (const name of FEEDS) {
      const [columns = '', ...rows] = feedFile(name, name === 'accounts' ? { aws_account_id: '310000000009' } : {})
        .trim()
        .split('\n')
      const feed = await imported(`${name}.csv`, columns, ...rows)
      expect([name, feed.code, feed.settlement.report.unknownColumns]).toEqual([name, 0, []])
      expect(feed.settlement.report.outcomes).toMatchObject(name === 'tax-items' ? { elsewhere: 1 } : { noted: 1 })
    }
    await twin.twin('clock', { days: 1, minutes: 61 })
    expect(await cast.finance.get(`/settlements/${settlement.id}`)).toMatchObject({
      status: 'done',
      run: 2,
      repeatedAt: expect.any(String),
      report: { outcomes: { recorded: 1, unmatched: 0 } },
    })
    expect(ledgersOf((await booksOf('acc-alpine')).filter(({ agreementId }) => agreementId === 'agmt-public'))).toEqual({
      'acc-alpine agmt-public billed fee USD 2026-10-05': -900,
    })
  })

  it('arrives from Microsoft with four files, of which the orders tell whose revenue it is', async () => {
    const { offerId, subscriptionId } = await sellOnAzure(stage, cast, '2026-10-20')
    const { externalId } = await cast.manager.get(`/offers/${offerId}`)
    await imported(
      'orders.csv',
      'PrivateOfferId,AssetId,OrderStatus,OrderVersion,PurchaseRecordId,PurchaseRecordLineItemId,IsPrivateOffer',
      `${externalId},asset-1,Active,1,PR-1,LI-1,1`,
    )
    await imported(
      'payments.csv',
      'paymentID,totalPayment,currencyCode,paymentStatus,paymentDate',
      'PAY-1,46560,USD,Sent,2027-01-15',
    )
    await imported(
      'revenue.csv',
      '\ufeffAssetId,LineItemId,PurchaseRecordId,TransactionAmountUSD,MonthStartDate,CustomerCompanyName',
      'asset-1,LI-1,PR-1,48000,2026-11-01,"Bluebird, Inc"',
    )
    const { settlement } = await imported(
      'earnings.csv',
      'earningId,orderId,lineItemId,transactionType,transactionDate,transactionAmountUSD,earningAmountUSD,paymentId,paymentStatus,isPrivateOffer',
      'E-1,PR-1,LI-1,purchase,2026-11-02,48000,46560,PAY-1,Sent,True',
    )
    expect(settlement.report).toMatchObject({ kind: 'azure-earnings', outcomes: { recorded: 1, unmatched: 0 } })
    const books = (await booksOf('acc-bluebird')).filter(({ ledger }) => ledger === 'billed' || ledger === 'cash')
    const line = `acc-bluebird ${subscriptionId}`
    expect(ledgersOf(books)).toEqual({
      [`${line} billed contract USD 2026-11-01`]: 4_800_000,
      [`${line} billed fee USD 2026-11-02`]: -144_000,
      [`${line} cash contract USD 2027-01-15`]: 4_800_000,
      [`${line} cash fee USD 2027-01-15`]: -144_000,
    })
    for (const each of books) expect(each).toMatchObject({ offerId, partnerId: 'ptn-fabrikam' })
    expect(await cast.manager.get(`/offers/${offerId}`)).toMatchObject({ firstPaidOn: '2027-01-15' })
  })
})
