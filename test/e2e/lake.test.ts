import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDuckDb } from '../support/duckdb.ts'
import { type Ask, requestsTo } from '../support/requests.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'
import { attached, billed, booked, cost, onboarded } from '../unit/metrics/story.ts'

let twin: TestTwin
let finance: Ask
beforeAll(async () => {
  twin = await startTwin({ startAt: '2026-10-01T08:00:00Z' })
  finance = await requestsTo(twin)({ role: 'finance' })
}, 60_000)
afterAll(() => twin.stop())

const STORY = [
  onboarded('atlas', '2026-01-10'),
  attached('fabrikam', 'atlas', 'sourced', '2026-01-01'),
  booked('fabrikam', 1_200_000, '2026-09-01', '2027-09-01'),
  billed('fabrikam', 100_000, '2026-09-05'),
  billed('fabrikam', -1_000, '2026-09-06', { kind: 'refund' }),
  cost('support', 'partner', 40_000, '2026-09', { partnerId: 'atlas' }),
]

const ingest = (events: object[]) => finance('POST', '/v1/events', { body: { events } })
const hourLater = async () => {
  await twin.twin('settle')
  await twin.twin('clock', { minutes: 61 })
}

it('what is recorded is in the lake an hour later, each event once, also where it is told again', async () => {
  const duckdb = await openDuckDb()
  const lake = join(twin.data, 'exports', 'lake')
  const known = () =>
    duckdb.rows(`select event_id from read_parquet('${lake}/events/*/*.parquet', hive_partitioning = true) order by 1`)
  await ingest(STORY.slice(0, 4))
  await hourLater()
  expect(await known()).toEqual(STORY.slice(0, 4).map(({ id }) => ({ event_id: id })))
  await ingest(STORY)
  await hourLater()
  expect(await known()).toEqual(STORY.map(({ id }) => ({ event_id: id })))
  expect(JSON.parse(readFileSync(join(lake, 'manifest.json'), 'utf8')).watermark.events).toBe(STORY.length)
  duckdb.close()
}, 120_000)

it('a month is exported as Parquet by API, and query engines are led to it', async () => {
  const { body } = await finance('POST', '/v1/exports', { body: { period: '2026-09', format: 'parquet' } })
  await twin.twin('settle')
  const exports = join(twin.data, 'exports')
  const folder = String(body['folder'])
  expect(readdirSync(join(exports, folder)).sort()).toEqual([
    'dictionary.parquet',
    'manifest.json',
    'metrics.parquet',
    'partners.parquet',
    'transactions.parquet',
  ])
  expect(readFileSync(join(exports, 'tables/transactions/export_month=2026-09/symlink.txt'), 'utf8')).toBe(
    `s3://exports/${folder}transactions.parquet\n`,
  )
  const duckdb = await openDuckDb()
  expect(
    await duckdb.rows(
      `select ledger, sum(amount)::bigint as amount from '${join(exports, folder)}/transactions.parquet' group by 1 order by 1`,
    ),
  ).toEqual([
    { ledger: 'billed', amount: '99000' },
    { ledger: 'booked', amount: '1200000' },
  ])
  duckdb.close()
}, 60_000)
