import { describe, expect, it } from 'vitest'
import type { DomainEvent } from '../../../events/index.ts'
import type { MetricEvent } from '../../../events/metrics.ts'
import { readFeed } from '../../../lib/exports/feed.ts'
import { filesOf } from '../../../lib/exports/files.ts'
import { manifestFile, manifestOf } from '../../../lib/exports/manifest.ts'
import { parquetOf } from '../../../lib/runtime/parquet.ts'
import { attached, billed, booked, cost, metrics, onboarded } from '../metrics/story.ts'

const PERIOD = '2026-03'
const NOW = '2026-04-01T04:00:00.000Z'

const eventsOf = async function* (events: DomainEvent[]) {
  yield* events
}

const exported = async (events: MetricEvent[], types: [string, string][] = []) => {
  const feed = await readFeed(eventsOf(events), PERIOD)
  const sources = { period: PERIOD, document: metrics(events, { period: PERIOD }), feed, partnerTypes: new Map(types) }
  const files = await filesOf(sources, ['csv'], parquetOf)
  const tables = files.map(({ name, body }) => {
    const [head = [], ...rows] = new TextDecoder()
      .decode(body)
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','))
    return [name, rows.map((row) => Object.fromEntries(row.map((cell, i) => [head[i] ?? '', cell])))] as const
  })
  const table = Object.fromEntries(tables)
  const manifest = manifestOf(
    sources,
    ['csv'],
    files.map((file) => ({ ...file, sha256: 'f'.repeat(64) })),
    NOW,
  )
  return { files, manifest, of: (name: string) => table[`${name}.csv`] ?? [] }
}

const STORY = [
  onboarded('atlas', '2026-01-10'),
  attached('fabrikam', 'atlas', 'sourced', '2025-01-01'),
  attached('fabrikam', 'birch', 'influenced', '2025-01-01'),
  booked('fabrikam', 1_200_000, '2025-01-01', '2026-01-01'),
  booked('fabrikam', 1_800_000, '2026-01-01', '2027-01-01'),
  billed('fabrikam', 150_000, '2026-03-05', { transactionId: 'tx-b', partnerId: 'atlas' }),
  billed('contoso', 50_050, '2026-03-01', { transactionId: 'tx-a' }),
  billed('contoso', -50, '2026-03-31', { transactionId: 'tx-c', kind: 'refund', corrects: 'tx-a' }),
  billed('contoso', 0, '2026-03-05', { transactionId: 'tx-a2' }),
  billed('contoso', 777, '2026-04-01'),
  billed('contoso', 999, '2026-02-28'),
  cost('support', 'partner', 40_000, '2026-02', { partnerId: 'atlas' }),
  cost('acquisition', 'direct', 9_000, '2026-03'),
]

describe('metrics.csv', () => {
  it.each([
    ['nrr', 'atlas', '12', { numerator: '150000', denominator: '100000', value: '1.5000', unit: 'ratio', currency: 'USD' }],
    ['nrr', 'all', '12', { value: '1.5000' }],
    ['grr', 'atlas', '12', { value: '1.0000' }],
    ['nrr_accounts', 'atlas', '12', { value: '1', unit: 'count', currency: '' }],
    ['sourced_revenue', 'atlas', '', { value: '150000', unit: 'minor units', currency: 'USD', rate_extrapolated: 'false' }],
    ['influenced_revenue', 'atlas', '', { value: '0' }],
    ['touched_revenue', 'birch', '', { value: '150000' }],
    ['direct_revenue', 'all', '', { value: '50000' }],
    ['total_revenue', 'all', '', { value: '200000' }],
    ['ttv_median_days', 'all', '', { cohort: 'all', value: '54', unit: 'days', reason: '' }],
    ['ttv_s30', 'all', '', { value: '1.0000', unit: 'probability' }],
    ['cac_direct', 'all', '', { numerator: '9000', denominator: '0', value: '', reason: 'zero-denominator' }],
    ['ropi_ratio', 'atlas', '12', { numerator: '120000', denominator: '40000', value: '3.0000' }],
    ['ropi_net', 'atlas', '12', { numerator: '80000', denominator: '40000', value: '2.0000' }],
    ['ropi_net', 'birch', '12', { value: '', reason: 'zero-denominator' }],
  ])('tells %s of %s (window %j)', async (metric, partner, window, expected) => {
    const rows = (await exported([...STORY, billed('wide', 0, '2026-03-02', { partnerId: 'birch' })])).of('metrics')
    const row = rows.find((each) => each['metric'] === metric && each['partner_id'] === partner && each['window'] === window)
    expect(row).toMatchObject({ period: PERIOD, ...expected })
  })

  it('says why there is no median', async () => {
    const reasonOf = async (events: MetricEvent[]) =>
      (await exported(events)).of('metrics').find(({ metric }) => metric === 'ttv_median_days')?.['reason']
    expect(await reasonOf([billed('a', 5, '2026-03-01')])).toBe('no-partners')
    expect(await reasonOf([billed('a', 5, '2026-03-01'), onboarded('p', '2026-01-01')])).toBe('not-reached')
  })

  it('marks what an exchange rate of a later day was used for', async () => {
    const rate = {
      specversion: '1.0' as const,
      id: 'r',
      source: '/test',
      subject: 'r',
      time: NOW,
      recordedat: NOW,
      type: 'rate.published.v1' as const,
      data: { base: 'EUR', quote: 'USD', on: '2026-03-20', rate: '2' },
    }
    const { of } = await exported([rate, billed('a', 5, '2026-03-01', { currency: 'EUR', partnerId: 'p' })])
    const sourced = of('metrics').filter(({ metric }) => metric === 'sourced_revenue')
    expect(sourced.map((row) => [row['partner_id'], row['value'], row['rate_extrapolated']])).toEqual([
      ['all', '10', 'true'],
      ['p', '10', 'true'],
    ])
    expect(of('partners')[0]).toMatchObject({ sourced_revenue: '10', rate_extrapolated: 'true' })
  })
})

describe('transactions.csv', () => {
  it('has the transactions of the month alone, by date and then by event', async () => {
    const { of } = await exported(STORY)
    expect(of('transactions').map((row) => row['transaction_id'])).toEqual(['tx-a', 'tx-b', 'tx-a2', 'tx-c'])
  })

  it('is the same for events in any order', async () => {
    const [one, other] = [await exported(STORY), await exported(STORY.toReversed())]
    expect(one.files).toEqual(other.files)
  })

  it('tells all of a transaction', async () => {
    const event = booked('acc', -1200, '2026-03-09', '2027-03-09', {
      transactionId: 'tx-1',
      kind: 'credit',
      marketplace: 'azure',
      partnerId: '=p',
      offerId: 'off-1',
      agreementId: 'agr-1',
      corrects: 'tx-0',
    })
    expect((await exported([event])).of('transactions')).toEqual([
      {
        event_id: event.id,
        transaction_id: 'tx-1',
        on_date: '2026-03-09',
        recorded_at: '2020-01-01T00:00:00Z',
        ledger: 'booked',
        kind: 'credit',
        account_id: 'acc',
        product_id: 'prod-1',
        marketplace: 'azure',
        partner_id: "'=p",
        offer_id: 'off-1',
        agreement_id: 'agr-1',
        amount: '-1200',
        amount_decimal: '-12.00',
        currency: 'USD',
        service_from: '2026-03-09',
        service_to: '2027-03-09',
        corrects: 'tx-0',
      },
    ])
  })
})

describe('partners.csv', () => {
  it('has a row for each partner with a figure, by id', async () => {
    const { of } = await exported(STORY, [
      ['atlas', 'reseller'],
      ['quiet', 'si'],
    ])
    expect(of('partners')).toMatchObject([
      {
        partner_id: 'atlas',
        partner_type: 'reseller',
        sourced_revenue: '150000',
        sourced_revenue_decimal: '1500.00',
        nrr_12: '1.5000',
        grr_12: '1.0000',
        nrr_12_accounts: '1',
        ropi_ratio: '3.0000',
        ropi_revenue_decimal: '1500.00',
      },
      { partner_id: 'birch', partner_type: '', sourced_revenue: '0', touched_revenue_decimal: '1500.00', ropi_ratio: '' },
    ])
  })
})

describe('dictionary.csv', () => {
  it('tells the columns of the other files as the manifest does', async () => {
    const { of, manifest } = await exported(STORY)
    const expected = manifest.files.slice(0, 3).flatMap(({ name, columns }) =>
      columns.map(({ unit = '', required = false, ...column }) => ({
        table_name: name.replace('.csv', ''),
        column_name: column.name,
        data_type: column.type,
        unit,
        is_required: String(required),
      })),
    )
    expect(of('dictionary')).toMatchObject(expected)
    expect(of('dictionary')).toHaveLength(expected.length)
  })
})

describe('manifest.json', () => {
  it('tells what the files were computed by, and adds up', async () => {
    const { manifest } = await exported([
      ...STORY,
      billed('contoso', 300, '2026-03-02', { currency: 'USD', kind: 'tax' }),
      { ...billed('contoso', 0, '2026-04-03'), recordedat: '2026-04-04T00:00:00Z' },
      { ...cost('support', 'partner', 1, '2025-12', { partnerId: 'atlas' }), recordedat: '2026-04-04T00:00:00.5Z' },
      { ...billed('contoso', 0, '2026-03-03'), recordedat: '2026-03-04T00:00:00Z' },
    ])
    expect(manifest).toMatchObject({
      schemaVersion: 2,
      definitionVersion: 1,
      period: PERIOD,
      currency: 'USD',
      grossMargin: '0.8000',
      asOfDay: '2026-04-03',
      watermark: { knownEvents: 17, recordedAt: '2026-04-04T00:00:00.5Z' },
      requestedAt: NOW,
      totals: { billed: [{ amount: 200_300, currency: 'USD' }], revenue: { amount: 200_000, currency: 'USD' } },
    })
  })

  it('describes every column in the order of the header', async () => {
    const { files, manifest } = await exported(STORY)
    const headers = files.map(({ body }) => new TextDecoder().decode(body).split('\r\n')[0]?.split(','))
    expect(manifest.files.map(({ columns }) => columns.map(({ name }) => name))).toEqual(headers)
    expect(manifest.files.map(({ name, rows, bytes }) => ({ name, rows, bytes }))).toEqual(
      files.map(({ name, body }) => ({
        name,
        rows: new TextDecoder().decode(body).split('\r\n').length - 2,
        bytes: body.length,
      })),
    )
    const columns = manifest.files.flatMap((file) => file.columns)
    expect(columns.filter(({ description }) => !description)).toEqual([])
    const numbers = columns.filter(({ type }) => ['integer', 'decimal'].includes(type))
    expect(numbers.filter(({ unit }) => !unit)).toEqual([])
  })

  it('of an empty month has empty files and nothing in its totals', async () => {
    const { manifest } = await exported([])
    expect(manifest.files.map(({ rows }) => rows).slice(0, 3)).toEqual([0, 0, 0])
    expect(manifest).toMatchObject({
      asOfDay: null,
      watermark: { knownEvents: 0, recordedAt: null },
      totals: { billed: [], revenue: { amount: 0, currency: 'USD' } },
    })
  })

  it('refuses a total that no longer is exact', async () => {
    const half = Number.MAX_SAFE_INTEGER
    await expect(
      exported([billed('a', half, '2026-03-01', { kind: 'tax' }), billed('a', 1, '2026-03-01', { kind: 'tax' })]),
    ).rejects.toThrow('billed USD: the sum passes 2^53')
  })

  it('is readable JSON that ends with a line break', async () => {
    const { manifest } = await exported(STORY)
    const text = new TextDecoder().decode(manifestFile(manifest))
    expect(JSON.parse(text)).toEqual(manifest)
    expect(text.startsWith('{\n  "schemaVersion": 2,\n')).toBe(true)
    expect(text.endsWith('\n}\n')).toBe(true)
  })
})
