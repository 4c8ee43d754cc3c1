import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context as LambdaContext, SQSEvent } from 'aws-lambda'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExportFormat } from '../../events/export.ts'
import type { DomainEvent } from '../../events/index.ts'
import type { MetricEvent } from '../../events/metrics.ts'
import { blobStandIn } from '../../infra/local/blobs.ts'
import { createTables } from '../../infra/local/dynamodb.ts'
import { type Outside, serveOutside } from '../../infra/local/outside.ts'
import type { Actor, Context } from '../../lib/core/context.ts'
import { askForExport, type Dependencies, getExport, listExports, runExport } from '../../lib/exports/commands.ts'
import type { Export } from '../../lib/exports/export.ts'
import type { Manifest } from '../../lib/exports/manifest.ts'
import { exportStore } from '../../lib/exports/store.ts'
import { feedStore } from '../../lib/feed/store.ts'
import { projectFacts } from '../../lib/metrics/commands.ts'
import { readMetrics } from '../../lib/metrics/read.ts'
import { rowKeyOf } from '../../lib/metrics/row.ts'
import { storedRowIn } from '../../lib/metrics/row-store.ts'
import { metricsStore } from '../../lib/metrics/store.ts'
import { sumContributions } from '../../lib/metrics/sum.ts'
import { register } from '../../lib/partners/partner.ts'
import { partnerStore } from '../../lib/partners/store.ts'
import { sha256 } from '../../lib/runtime/blobs.ts'
import { clock } from '../../lib/runtime/clock.ts'
import { eventIn, eventsOf } from '../../lib/runtime/journal.ts'
import { parquetOf } from '../../lib/runtime/parquet.ts'
import { openTable, type Table } from '../../lib/runtime/table.ts'
import { openEngine, type TestEngine } from '../support/engine.ts'
import { metricsOf } from '../support/rows-engine.ts'
import { attached, billed, booked, cost, onboarded, published } from '../unit/metrics/story.ts'

const PERIOD = '2026-03'
const BUCKET = 'exports'
const fin: Actor = { subject: 'fin', role: 'finance', scopes: [] }

const STORY = [
  published('EUR', 'USD', '2026-01-01', '1.1000'),
  onboarded('atlas', '2026-01-10'),
  attached('fabrikam', 'atlas', 'sourced', '2025-01-01'),
  booked('fabrikam', 1_200_000, '2025-01-01', '2027-01-01'),
  billed('fabrikam', 100_000, '2026-03-05', { currency: 'EUR' }),
  billed('fabrikam', 90_000, '2026-04-05'),
  billed('contoso', 50_000, '2026-03-01'),
  cost('support', 'partner', 40_000, '2026-02', { partnerId: 'atlas' }),
]

let engine: TestEngine
let s3: Outside
let records: Table
let metrics: ReturnType<typeof metricsStore>
let dependencies: Omit<Dependencies, 'put'>

let sequence = 0

/** What the two stream consumers do when events come in. */
const project = async (store: typeof metrics, events: MetricEvent[]) => {
  const keys = [...new Set(events.map(rowKeyOf))]
  const before = await store.rows(keys)
  await projectFacts({ store, currency: 'USD' })(events)
  const after = await store.rows(keys)
  const changes = after.flatMap((row, i) => {
    const old = before[i] ?? storedRowIn(undefined)
    return row.version > old.version ? [{ sequence: String(++sequence), at: 0, before: old, after: row }] : []
  })
  await sumContributions({ store, currency: 'USD' })('shard-1', changes)
}

beforeAll(async () => {
  engine = await openEngine()
  s3 = await serveOutside([blobStandIn(join(engine.folder, 'blobs'), BUCKET)])
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: s3.url,
    RECORDS_TABLE: 'records',
    METRICS_TABLE: 'metrics',
    EXPORTS_BUCKET: BUCKET,
    REPORTING_CURRENCY: 'USD',
    GROSS_MARGIN: '0.8000',
  })
  await createTables()
  records = openTable('records')
  metrics = metricsStore(openTable('metrics'), 'USD')
  await feedStore(records).add(STORY)
  await project(metrics, STORY)
  const { partner, events } = register(
    { id: 'atlas', name: 'Atlas Ltd', type: 'reseller', contactEmail: 'a@atlas.example' },
    at(NOW),
  )
  await partnerStore(records).save(partner, events.slice(0, 1), at(NOW))
  dependencies = {
    store: exportStore(records),
    metrics: readMetrics({ store: metrics, currency: 'USD', grossMargin: 8000 }),
    events: feedStore(records).all,
    partners: partnerStore(records),
    addressOf: (key) => `s3://${BUCKET}/${key}`,
    parquet: parquetOf,
    sha256,
  }
})
afterAll(async () => {
  await s3.close()
  await engine.stop()
})

const NOW = '2026-04-02T04:00:00.000Z'
let ids = 0
const at = (now: string): Context => ({ now, newId: (prefix) => `${prefix}_${String(++ids).padStart(4, '0')}` })

const ask = (now = NOW, format: ExportFormat = 'csv') => askForExport(dependencies)(fin, { period: PERIOD, format }, at(now))
const read = ({ id }: Export) => getExport(dependencies)(fin, id)

/** A bucket in memory that breaks at the n-th file. */
const bucket = (breaksAt = Infinity) => {
  const files = new Map<string, Uint8Array>()
  let puts = 0
  const put = async (key: string, body: Uint8Array) => {
    if (++puts === breaksAt) throw new Error('S3 is down')
    files.set(key, body)
  }
  return { files, put }
}
type Bucket = ReturnType<typeof bucket>

const run = ({ id }: Export, { put }: Bucket, now = NOW) => runExport({ ...dependencies, put })(id, at(now))

const textOf = ({ files }: Bucket, key: string) => new TextDecoder().decode(files.get(key))
const manifestIn = (blobs: Bucket, { folder }: Export) => JSON.parse(textOf(blobs, `${folder}manifest.json`)) as Manifest

const toldOf = async ({ id }: Export): Promise<DomainEvent[]> => {
  const events: DomainEvent[] = []
  for await (const item of records.query(eventsOf(`EXPORT#${id}`))) events.push(eventIn(item))
  return events.sort((a, b) => (a.recordedat < b.recordedat ? -1 : 1))
}

describe('an export', () => {
  it('is answered at once and told to those who make it', async () => {
    const asked = await ask()
    expect(asked).toEqual({
      id: asked.id,
      version: 1,
      period: PERIOD,
      format: 'csv',
      status: 'requested',
      requestedAt: NOW,
      requestedBy: 'fin',
      folder: `2026-03/${asked.id}/`,
    })
    expect(await read(asked)).toEqual(asked)
    expect(await toldOf(asked)).toMatchObject([
      { id: `evt_${asked.id}_requested`, type: 'export.requested.v1', data: { exportId: asked.id, period: PERIOD, by: 'fin' } },
    ])
  })

  it('writes its files and last the manifest, with sums that are those of the bytes', async () => {
    const [asked, blobs] = [await ask(), bucket()]
    await run(asked, blobs)
    const names = ['metrics.csv', 'transactions.csv', 'partners.csv', 'dictionary.csv']
    expect([...blobs.files.keys()]).toEqual([...names, 'manifest.json'].map((name) => `${asked.folder}${name}`))

    const manifest = manifestIn(blobs, asked)
    expect(manifest.files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 }))).toEqual(
      names.map((name) => {
        const body = blobs.files.get(`${asked.folder}${name}`) ?? new Uint8Array()
        return { name, bytes: body.length, sha256: sha256(body) }
      }),
    )
    expect(manifest).toMatchObject({
      asOfDay: '2026-04-05',
      watermark: { knownEvents: STORY.length, recordedAt: '2020-01-01T00:00:00Z' },
      requestedAt: NOW,
      totals: {
        billed: [
          { amount: 100_000, currency: 'EUR' },
          { amount: 50_000, currency: 'USD' },
        ],
        revenue: { amount: 160_000, currency: 'USD' },
      },
    })
    const done = await read(asked)
    expect(done).toMatchObject({ status: 'done', version: 2, files: manifest.files.map(({ columns: _, ...file }) => file) })
  })

  it('has the figures of the batch engine, the types of partners and nothing of persons', async () => {
    const [asked, blobs] = [await ask(), bucket()]
    await run(asked, blobs)
    const document = metricsOf(STORY, { currency: 'USD', grossMargin: 8000, period: PERIOD })
    if ('error' in document) throw new Error('rates are missing')
    const { nrr } = document.nrr.find(({ partnerId, window }) => partnerId === 'atlas' && window === 12) ?? {}
    const line = `nrr,${PERIOD},atlas,12,,${nrr?.numerator},${nrr?.denominator},${nrr?.value},ratio,USD,false,`
    expect(textOf(blobs, `${asked.folder}metrics.csv`)).toContain(`\r\n${line}\r\n`)
    expect(textOf(blobs, `${asked.folder}partners.csv`)).toContain('\r\natlas,reseller,USD,110000,1100.00,')
    expect([...blobs.files.values()].map((body) => new TextDecoder().decode(body)).join()).not.toMatch(/Atlas Ltd|atlas\.example/)
  })

  it('has the same bytes whenever it is made of the same data', async () => {
    const blobs = bucket()
    const [first, second] = [await ask(), await ask()]
    await run(first, blobs, NOW)
    await run(second, blobs, NOW)
    const bytesOf = ({ folder }: Export) =>
      [...blobs.files].filter(([key]) => key.startsWith(folder)).map(([key, body]) => [key.slice(folder.length), sha256(body)])
    expect(bytesOf(second)).toEqual(bytesOf(first))
    expect(bytesOf(first)).toHaveLength(5)
  })

  it('that breaks at any file is seen by nobody before its manifest, and its next run makes the same bytes', async () => {
    const [whole, unbroken] = [await ask(NOW, 'both'), bucket()]
    await run(whole, unbroken)
    const bytesIn = ({ files }: Bucket, { folder, id }: Export) =>
      [...files].map(([key, body]) => [key.replace(folder, ''), Buffer.from(body).toString('latin1').replaceAll(id, 'ID')])
    const puts = unbroken.files.size
    expect(puts).toBe(2 * 4 + 1 + 3)
    for (let breaksAt = 1; breaksAt <= puts; breaksAt++) {
      const [asked, blobs] = [await ask(NOW, 'both'), bucket(breaksAt)]
      await expect(run(asked, blobs)).rejects.toThrow('S3 is down')
      const seen = [...blobs.files.keys()].filter((key) => /manifest|symlink/.test(key))
      expect(seen).toHaveLength(Math.max(0, breaksAt - 1 - 2 * 4))
      expect(await read(asked)).toEqual(asked)
      await run(asked, blobs)
      expect(new Map(bytesIn(blobs, asked) as [string, string][])).toEqual(
        new Map(bytesIn(unbroken, whole) as [string, string][]),
      )
      expect((await read(asked)).status).toBe('done')
    }
  })

  it('leads query engines to the Parquet files of the export of a month that was finished last', async () => {
    const blobs = bucket()
    const [first, second, csv] = [await ask(NOW, 'parquet'), await ask(NOW, 'both'), await ask(NOW, 'csv')]
    for (const asked of [first, second, csv]) await run(asked, blobs)
    expect(textOf(blobs, `tables/transactions/export_month=${PERIOD}/symlink.txt`)).toBe(
      `s3://${BUCKET}/${second.folder}transactions.parquet\n`,
    )
    expect([...blobs.files.keys()].filter((key) => key.startsWith(first.folder) && key.endsWith('.csv'))).toEqual([])
  })

  it('is made once, however often its message comes', async () => {
    const [asked, blobs, again] = [await ask(), bucket(), bucket()]
    const late = bucket()
    const both = await Promise.allSettled([run(asked, blobs), run(asked, again)])
    expect(both.map(({ status }) => status)).toContain('fulfilled')
    await run(asked, late, '2026-05-01T00:00:00.000Z')
    expect(late.files.size).toBe(0)
    expect((await read(asked)).version).toBe(2)
    const told = await toldOf(asked)
    expect(told.filter(({ type }) => type !== 'export.requested.v1').map(({ id }) => id)).toEqual([`evt_${asked.id}_completed`])
  })

  it('waits until the metrics know every sale that is in its files', async () => {
    const [asked, early, blobs] = [await ask(), bucket(), bucket()]
    const sale = { ...billed('fabrikam', 7_000, '2026-03-06', { transactionId: 'tx-late' }), recordedat: '2026-04-02T03:59:59Z' }
    await feedStore(records).add([sale])
    const known = `${STORY.length} of ${STORY.length + 1}`
    await expect(run(asked, early)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining(known) })
    expect([early.files.size, (await read(asked)).status]).toEqual([0, 'requested'])

    await project(metrics, [sale])
    await run(asked, blobs)
    expect(textOf(blobs, `${asked.folder}transactions.csv`)).toContain(',tx-late,2026-03-06,')
    expect(manifestIn(blobs, asked)).toMatchObject({
      watermark: { knownEvents: STORY.length + 1, recordedAt: sale.recordedat },
      totals: { revenue: { amount: 167_000, currency: 'USD' } },
    })
  })

  it('that two runs write at the same time shows by its sums where a file is of the other run', async () => {
    const [asked, blobs] = [await ask(), bucket()]
    const other = { ...dependencies, partners: { list: async () => ({ items: [{ id: 'atlas', type: 'isv' }] }) }, put: blobs.put }
    const put: typeof blobs.put = async (key, body) => {
      if (key.endsWith('manifest.json')) await runExport(other)(asked.id, at(NOW))
      await blobs.put(key, body)
    }
    await expect(run(asked, { ...blobs, put })).rejects.toMatchObject({ code: 'stale_version' })
    const odd = manifestIn(blobs, asked).files.filter(
      ({ name, sha256: sum }) => sha256(blobs.files.get(`${asked.folder}${name}`) ?? new Uint8Array()) !== sum,
    )
    expect(odd.map(({ name }) => name)).toEqual(['partners.csv'])
  })

  it('fails for good where exchange rates are missing, names them and writes nothing', async () => {
    const [asked, blobs] = [await ask(), bucket()]
    const metrics = async () => ({ error: 'missing-rates' as const, pairs: ['GBP/USD', 'JPY/USD'] })
    await runExport({ ...dependencies, metrics, put: blobs.put })(asked.id, at(NOW))
    expect(blobs.files.size).toBe(0)
    const reason = 'exchange rates are missing; GBP/USD: publish a rate: POST /v1/rates; JPY/USD: publish a rate: POST /v1/rates'
    expect(await read(asked)).toEqual({ ...asked, version: 2, status: 'failed', reason })
    expect(await toldOf(asked)).toContainEqual(
      expect.objectContaining({ id: `evt_${asked.id}_failed`, data: { exportId: asked.id, period: PERIOD, reason } }),
    )
    await run(asked, blobs)
    expect([blobs.files.size, (await read(asked)).status]).toEqual([0, 'failed'])
  })

  it('is listed in pages, the newest first', async () => {
    const [older, newer] = [await ask('2026-06-01T00:00:00.000Z'), await ask('2026-06-02T00:00:00.000Z')]
    const first = await listExports(dependencies)(fin, { limit: 1 })
    expect(first.items).toEqual([newer])
    expect((await listExports(dependencies)(fin, { limit: 1, cursor: first.cursor })).items).toEqual([older])
  })

  it.each(['partner', 'manager'] as const)('is not for the role %s', async (role) => {
    const [asked, actor] = [await ask(), { ...fin, role }]
    const refused = { code: 'forbidden' }
    await expect(askForExport(dependencies)(actor, { period: PERIOD, format: 'csv' }, at(NOW))).rejects.toMatchObject(refused)
    await expect(getExport(dependencies)(actor, asked.id)).rejects.toMatchObject(refused)
    await expect(listExports(dependencies)(actor, { limit: 1 })).rejects.toMatchObject(refused)
  })
})

describe('the job', () => {
  const lambda = { functionName: 'export-metrics' } as LambdaContext
  const messages = (events: DomainEvent[]) =>
    ({
      Records: events.map((event) => ({
        messageId: event.id,
        body: JSON.stringify({ 'detail-type': event.type, detail: event }),
        attributes: { ApproximateReceiveCount: '1' },
        eventSourceARN: 'arn:aws:sqs:local:000000000000:exports',
      })),
    }) as SQSEvent

  it('asks each day for this month and the last one, and makes what is asked for', async () => {
    clock.now = () => new Date('2026-04-03T04:00:12.000Z')
    const { handler } = await import('../../functions/jobs/export-metrics.ts')
    const schedule = { source: 'aws.scheduler', time: '2026-04-03T04:00:00Z' } as Parameters<typeof handler>[0]
    await handler(schedule, lambda)
    await handler(schedule, lambda)

    const store = exportStore(records)
    const asked = await Promise.all(['2026-04', '2026-03'].map((period) => store.get(`exp_${period}_scheduled-2026-04-03`)))
    expect(asked).toMatchObject([
      { period: '2026-04', folder: '2026-04/scheduled-2026-04-03/', requestedBy: 'schedule', version: 1 },
      { period: '2026-03', folder: '2026-03/scheduled-2026-04-03/', requestedBy: 'schedule', version: 1 },
    ])
    const told = (await Promise.all(asked.map(toldOf))).flat()
    expect(told).toHaveLength(2)
    expect(await handler(messages(told), lambda)).toEqual({ batchItemFailures: [] })
    for (const { id, folder: path } of asked) {
      const [written, done] = [join(engine.folder, 'blobs', path), await store.get(id)]
      const names = ['dictionary', 'metrics', 'partners', 'transactions'].flatMap((name) => [`${name}.csv`, `${name}.parquet`])
      expect((await readdir(written)).sort()).toEqual([...names, 'manifest.json'].sort())
      expect(done.status).toBe('done')
      expect(done.files?.map(({ name }) => sha256(readFileSync(join(written, name))))).toEqual(
        done.files?.map((file) => file.sha256),
      )
    }
  })
})
