import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../events/metrics.ts'
import { lakeCommand } from '../../infra/cli/lake.ts'
import { monthIndex, monthText } from '../../lib/core/period.ts'
import { readFeed } from '../../lib/exports/feed.ts'
import { filesOf } from '../../lib/exports/files.ts'
import { manifestOf } from '../../lib/exports/manifest.ts'
import { accountOf } from '../../lib/metrics/account.ts'
import { survival } from '../../lib/metrics/survival.ts'
import { parquetOf } from '../../lib/runtime/parquet.ts'
import { type DuckDb, openDuckDb } from '../support/duckdb.ts'
import { metricEvent } from '../support/metric-events.ts'
import { rowsOf } from '../support/rows-engine.ts'
import { attached, billed, booked, cost, metrics, onboarded } from '../unit/metrics/story.ts'

const folder = mkdtempSync(join(tmpdir(), 'cosell-queries-'))
afterAll(() => rmSync(folder, { recursive: true }))

const SILENT = { stdout: process.stderr, stderr: process.stderr }
const quiet = new Writable({ write: (_chunk, _encoding, done) => done() })

const asked = new Set<string>()
/** Runs a file with a query. */
const askFile = (duckdb: DuckDb, path: string, ...parameters: string[]) => {
  asked.add(path)
  return duckdb.query(path, ...parameters)
}

let lakes = 0
/** A lake that the command line made of events, as the table `events`. */
const lakeOf = async (events: MetricEvent[]) => {
  const [from, out] = [join(folder, `events-${++lakes}.ndjson`), join(folder, `lake-${lakes}`)]
  writeFileSync(from, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  expect(await lakeCommand(['--from', from, '--out', out], { ...SILENT, stdout: quiet })).toBe(0)
  const duckdb = await openDuckDb()
  await duckdb.rows(
    `create view events as select * from read_parquet('${out}/events/*/*.parquet', hive_partitioning = true, union_by_name = true)`,
  )
  return {
    ...duckdb,
    ask: (name: string, ...parameters: string[]) => askFile(duckdb, `lib/lake/queries/${name}.sql`, ...parameters),
  }
}
type Asked = Awaited<ReturnType<typeof lakeOf>>

const inDollars = <Event extends MetricEvent>(event: Event): Event =>
  'amount' in event.data ? { ...event, data: { ...event.data, amount: { ...event.data.amount, currency: 'USD' } } } : event

/** Refunds of other accounts, usage over several months, ends of months, amounts that do not come out even: whatever comes up. */
const someEvents = (seed: number): MetricEvent[] => {
  const usage = fc
    .tuple(
      fc.constantFrom('acc-1', 'acc-2'),
      fc.integer({ min: -999, max: 9999 }),
      fc.integer({ min: 0, max: 150 }),
      fc.integer({ min: 1, max: 90 }),
    )
    .map(([account, amount, start, days]) => {
      const day = (n: number) => new Date(Date.UTC(2025, 9, 1 + n)).toISOString().slice(0, 10)
      return billed(account, amount, day(start), { kind: 'usage', service: { from: day(start), to: day(start + days) } })
    })
  return fc
    .sample(fc.oneof({ arbitrary: metricEvent, weight: 9 }, { arbitrary: usage, weight: 1 }), { seed, numRuns: 500 })
    .map(inDollars)
}

const byText = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

describe.each([11, 12, 13])('the queries of the lake over any events (%i)', (seed) => {
  const events = someEvents(seed)
  let lake: Asked
  beforeAll(async () => {
    lake = await lakeOf(events)
  })
  afterAll(() => lake.close())

  it('tell the revenue that partners sourced as the metrics do', async () => {
    const rows = await lake.ask('revenue-by-sourced-partner')
    const told = rows.map((row) => ({
      month: String(row['month_start']).slice(0, 7),
      partnerId: row['partner_id'],
      sourced: row['sourced'],
    }))
    const expected = metrics(events).revenue.map(({ month, partnerId, sourced }) => ({ month, partnerId, sourced }))
    const some = ({ sourced }: { sourced: unknown }) => sourced !== '0'
    expect(told.filter(some).sort(byText)).toEqual(expected.filter(some).sort(byText))
    expect(told.filter(some).length).toBeGreaterThan(5)
  })

  it('tell the transactions behind the recurring revenue of an account, which add up to it', async () => {
    const rows = rowsOf(events)
    let months = 0
    for (const account of ['acc-1', 'acc-2', 'acc-3']) {
      const row = rows.get(`ACCOUNT#${account}`)
      const usd = row && accountOf(row).recurring.find(({ currency }) => currency === 'USD')
      for (const month of ['2025-09', '2025-10', '2025-12', '2026-01', '2026-02', '2026-05'].map(monthIndex)) {
        const parts = await lake.ask('account-mrr', account, `${monthText(month)}-01`)
        const sum = parts.reduce((total, { part }) => total + Number(part), 0)
        expect(sum, `${account} ${monthText(month)}`).toBe(usd?.amounts[month - usd.first] ?? 0)
        months += parts.length > 0 ? 1 : 0
      }
    }
    expect(months).toBeGreaterThan(5)
  })

  it('tell what time to first revenue is computed from', async () => {
    const { asOfDay, ttv } = metrics(events)
    const rows = await lake.ask('ttv-inputs', asOfDay ?? '')
    const durations = rows.map((row) => ({ days: Number(row['days']), event: row['revenue_on'] !== null }))
    expect({ cohort: 'all', ...survival(durations) }).toEqual(ttv.find(({ cohort }) => cohort === 'all'))
    expect(durations.some(({ event }) => event)).toBe(true)
  })

  it('tell the acquisition spend by channel, which adds up to the numerators of CAC', async () => {
    const rows = await lake.ask('cac-spend')
    const { cac } = metrics(events)
    const months = cac.filter(({ from, to, blended }) => from === to && blended.numerator !== '0')
    expect(months.length).toBeGreaterThan(3)
    for (const { from, blended } of months) {
      const spend = rows.filter(({ period }) => period === from).reduce((sum, row) => sum + Number(row['spend']), 0)
      expect(String(spend)).toBe(blended.numerator)
    }
  })
})

describe('the query for late events', () => {
  const CLOSED = '2026-04-05T12:00:00.000Z'
  const at = (recordedat: string, event: MetricEvent): MetricEvent => ({ ...event, recordedat })
  const story: [late: boolean, MetricEvent][] = [
    [false, at('2026-03-10T00:00:00.000Z', billed('acc', 100, '2026-03-09'))],
    [false, at(CLOSED, billed('acc', 100, '2026-03-31'))],
    [true, at('2026-04-05T12:00:00.001Z', billed('acc', 100, '2026-03-31'))],
    [false, at('2026-04-06T00:00:00.000Z', billed('acc', 100, '2026-04-01'))],
    [true, at('2026-05-01T00:00:00.000Z', attached('acc', 'atlas', 'sourced', '2026-03-01'))],
    [true, at('2026-05-02T00:00:00.000Z', cost('support', 'partner', 5, '2026-03'))],
    [false, at('2026-05-02T00:00:00.000Z', cost('support', 'partner', 5, '2026-02'))],
    [
      true,
      at('2026-05-03T00:00:00.000Z', {
        ...booked('acc', 1200, '2026-01-15', '2027-01-15'),
        data: { ...booked('acc', 1200, '2026-01-15', '2027-01-15').data, on: '2026-05-03' },
      }),
    ],
    [false, at('2026-05-04T00:00:00.000Z', booked('acc', 1200, '2026-04-01', '2027-04-01'))],
    [
      false,
      at('2026-05-05T00:00:00.000Z', billed('acc', 9, '2026-04-02', { service: { from: '2026-03-01', to: '2026-04-01' } })),
    ],
    [
      true,
      at(
        '2026-05-06T00:00:00.000Z',
        billed('acc', 9, '2026-04-02', { kind: 'usage', service: { from: '2026-03-01', to: '2026-04-01' } }),
      ),
    ],
    [true, at('2026-05-07T00:00:00.000Z', onboarded('atlas', '2026-03-31'))],
  ]

  it('finds what counts in the closed month and was recorded after its close, and nothing else', async () => {
    const lake = await lakeOf(story.map(([, event]) => event))
    const rows = await lake.ask('late-events', '2026-03-01', CLOSED.slice(0, 10), CLOSED.replace('T', ' ').replace('Z', ''))
    lake.close()
    expect(rows.map((row) => row['event_id'])).toEqual(story.filter(([late]) => late).map(([, { id }]) => id))
  })

  it('finds all that makes the figures of that month differ from those as of its close', async () => {
    const some = someEvents(21).map((event, n) =>
      at(n % 3 === 0 ? '2026-06-01T00:00:00.000Z' : '2026-03-01T00:00:00.000Z', event),
    )
    const lake = await lakeOf(some)
    for (const period of ['2025-11', '2026-01']) {
      const rows = await lake.ask('late-events', `${period}-01`, '2026-05-01', '2026-05-01 00:00:00')
      const late = new Set(rows.map((row) => row['event_id']))
      const without = some.filter(({ id }) => !late.has(id))
      expect(late.size).toBeGreaterThan(3)
      // A refund is of the kind of what it corrects, which may be of another month: only what names nothing is compared.
      const revenueOf = (events: MetricEvent[], asOf?: string) => {
        const plain = events.filter(({ data }) => !('corrects' in data))
        return metrics(plain, { period, asOf }).revenueTotals[0]?.total
      }
      expect(revenueOf(without)).toBe(revenueOf(some, '2026-05-01T00:00:00.000Z'))
      expect(revenueOf(without)).not.toBe(revenueOf(some))
    }
    lake.close()
  })
})

describe('the queries of exports', () => {
  const PERIOD = '2026-01'
  const events = someEvents(31)
  let duckdb: DuckDb
  let manifest: ReturnType<typeof manifestOf>
  const document = metrics(events, { period: PERIOD })
  const ask = (name: string, ...parameters: string[]) => askFile(duckdb, `lib/exports/queries/${name}.sql`, ...parameters)

  beforeAll(async () => {
    duckdb = await openDuckDb()
    const feed = await readFeed(
      (async function* () {
        yield* events
      })(),
      PERIOD,
    )
    const sources = { period: PERIOD, document, feed, partnerTypes: new Map<string, string>() }
    const files = await filesOf(sources, ['parquet'], parquetOf)
    manifest = manifestOf(
      sources,
      ['parquet'],
      files.map((file) => ({ ...file, sha256: '' })),
      '2026-02-01T00:00:00.000Z',
    )
    const out = join(folder, 'export')
    mkdirSync(out)
    for (const { name, body } of files) writeFileSync(join(out, name), body)
    for (const table of ['metrics', 'transactions', 'partners'])
      await duckdb.rows(`create view ${table} as select *, '${PERIOD}' as export_month from '${out}/${table}.parquet'`)
  })
  afterAll(() => duckdb.close())

  it('tell what was billed as the manifest does', async () => {
    const rows = await ask('billed-by-currency', PERIOD)
    const sums = Map.groupBy(rows, ({ currency }) => String(currency))
    const totals = [...sums].map(([currency, some]) => ({
      amount: some.reduce((sum, row) => sum + Number(row['billed']), 0),
      currency,
    }))
    expect(rows.length).toBeGreaterThan(2)
    expect(totals).toEqual(manifest.totals.billed)
    expect(await ask('billed-by-currency', '2026-02')).toEqual([])
  })

  it('tell the figures of partners as the metrics do', async () => {
    const rows = await ask('partner-scorecard', PERIOD)
    const told = rows.filter((row) => row['sourced_revenue'] !== null)
    const expected = document.revenue.map(({ partnerId, sourced, influenced }) => ({
      partner_id: partnerId,
      sourced_revenue: sourced,
      influenced_revenue: influenced,
    }))
    expect(
      told
        .map(({ partner_id, sourced_revenue, influenced_revenue }) => ({ partner_id, sourced_revenue, influenced_revenue }))
        .sort(byText),
    ).toEqual(expected.sort(byText))
    for (const { partnerId, window, nrr } of document.nrr)
      if (window === 12 && partnerId !== 'all' && nrr.value !== null)
        expect(rows.find((row) => row['partner_id'] === partnerId)?.['nrr_12']).toBe(nrr.value)
  })
})

it('every query there is has been asked', () => {
  const files = ['lib/lake/queries', 'lib/exports/queries'].flatMap((path) => readdirSync(path).map((name) => `${path}/${name}`))
  expect(files.filter((path) => !asked.has(path))).toEqual([])
  expect(files).toHaveLength(7)
})
