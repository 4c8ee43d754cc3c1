import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Context as LambdaContext, SQSEvent } from 'aws-lambda'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { MetricEvent } from '../../events/metrics.ts'
import { blobStandIn } from '../../infra/local/blobs.ts'
import { createTables } from '../../infra/local/dynamodb.ts'
import { type Outside, serveOutside } from '../../infra/local/outside.ts'
import { collectEvents, type Dependencies, writeLake } from '../../lib/lake/commands.ts'
import { lakeStore } from '../../lib/lake/store.ts'
import { sha256 } from '../../lib/runtime/blobs.ts'
import { pack, unpack } from '../../lib/runtime/ndjson.ts'
import { parquetOf, textsIn } from '../../lib/runtime/parquet.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openDuckDb } from '../support/duckdb.ts'
import { openEngine, type TestEngine } from '../support/engine.ts'
import { attached, billed, booked, cost, onboarded } from '../unit/metrics/story.ts'

let engine: TestEngine
let s3: Outside
beforeAll(async () => {
  engine = await openEngine()
  s3 = await serveOutside([blobStandIn(join(engine.folder, 'blobs'), 'exports')])
  Object.assign(process.env, { AWS_ENDPOINT_URL_S3: s3.url, RECORDS_TABLE: 'records', EXPORTS_BUCKET: 'exports' })
  await createTables()
})
afterAll(async () => {
  await s3.close()
  await engine.stop()
})

let tables = 0
/** A table that nothing is in. */
const newTable = async () => {
  const TableName = `lake-${++tables}`
  const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType })
  const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const })
  const schema = { KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')], AttributeDefinitions: [text('pk'), text('sk')] }
  await new DynamoDBClient({}).send(new CreateTableCommand({ TableName, ...schema, BillingMode: 'PAY_PER_REQUEST' }))
  return openTable(TableName)
}

const openLake = async () => {
  const files = new Map<string, Uint8Array>()
  const store = lakeStore(await newTable())
  const put = async (key: string, body: Uint8Array) => void files.set(key, body)
  const get = async (key: string) => files.get(key) ?? Promise.reject(new Error(`${key} is not there`))
  const idsIn = (file: Uint8Array) => textsIn(file, 'event_id')
  const dependencies: Dependencies = { store, get, put, unpack, parquet: parquetOf, idsIn, sha256 }
  return {
    files,
    store,
    dependencies,
    collect: collectEvents({ store, put, pack, sha256 }),
    write: () => writeLake(dependencies)(() => false),
  }
}
type Lake = Awaited<ReturnType<typeof openLake>>

const lakeFiles = ({ files }: Lake) =>
  new Map([...files].filter(([key]) => key.startsWith('lake/')).map(([key, body]) => [key, sha256(body)]))

/** Each day with the ids in its files, a file after the other. */
const idsByDay = async ({ files }: Lake) => {
  const days = new Map<string, string[]>()
  for (const [key, body] of [...files].sort()) {
    const day = /recorded_on=(.*)\/part-/.exec(key)?.[1]
    if (day) days.set(day, [...(days.get(day) ?? []), ...(await textsIn(body, 'event_id'))])
  }
  return Object.fromEntries(days)
}
const jsonIn = ({ files }: Lake, key: string) => JSON.parse(new TextDecoder().decode(files.get(key)))

const on = <Event extends MetricEvent>(recordedat: string, event: Event): Event => ({ ...event, recordedat })
const [a, b, c, d, e] = [
  on('2026-03-01T08:00:00.000Z', billed('acc', 100, '2026-02-28')),
  on('2026-03-01T07:00:00.000Z', attached('acc', 'atlas', 'sourced', '2026-01-01')),
  on('2026-03-02T00:00:00.000Z', cost('support', 'partner', 7, '2026-02', { partnerId: 'atlas' })),
  on('2026-03-01T23:59:59.999Z', onboarded('atlas', '2026-01-10')),
  on('2026-03-02T12:00:00Z', booked('acc', 1200, '2026-03-01', '2027-03-01')),
]
const BATCHES = [[a, b], [c, a], [], [d, b, e]]

describe('the lake', () => {
  it('has each event once, under the day on which it was recorded, in the order in which it was', async () => {
    const lake = await openLake()
    for (const batch of BATCHES) await lake.collect(batch)
    await lake.write()
    expect(await idsByDay(lake)).toEqual({ '2026-03-01': [b.id, a.id, d.id], '2026-03-02': [c.id, e.id] })
    expect([...lakeFiles(lake).keys()].sort()).toEqual([
      'lake/events/recorded_on=2026-03-01/_manifest.json',
      'lake/events/recorded_on=2026-03-01/part-0000000001-0000000003.parquet',
      'lake/events/recorded_on=2026-03-02/_manifest.json',
      'lake/events/recorded_on=2026-03-02/part-0000000001-0000000003.parquet',
      'lake/manifest.json',
    ])
  })

  it('says of every file how many rows it has and what its bytes add up to, and how far all of them go', async () => {
    const lake = await openLake()
    for (const batch of BATCHES) await lake.collect(batch)
    await lake.write()
    const key = 'lake/events/recorded_on=2026-03-01/part-0000000001-0000000003.parquet'
    const file = lake.files.get(key) ?? new Uint8Array()
    expect(jsonIn(lake, 'lake/events/recorded_on=2026-03-01/_manifest.json')).toEqual({
      recordedOn: '2026-03-01',
      parts: [{ name: 'part-0000000001-0000000003.parquet', rows: 3, bytes: file.length, sha256: sha256(file) }],
    })
    const manifest = jsonIn(lake, 'lake/manifest.json')
    expect(manifest.watermark).toEqual({ events: 5, recordedAt: e.recordedat })
    const duckdb = await openDuckDb()
    const names = await duckdb.rows(
      `select unnest(${JSON.stringify(manifest.columns.map(({ name }: { name: string }) => name)).replaceAll('"', "'")}) as name`,
    )
    expect(names).toContainEqual({ name: 'transaction_id' })
    duckdb.close()
  })

  it('adds a file with what is new, changes none, and writes nothing where nothing is', async () => {
    const lake = await openLake()
    await lake.collect([a, b, c])
    await lake.write()
    const before = lakeFiles(lake)
    await lake.write()
    expect(lakeFiles(lake)).toEqual(before)
    await lake.collect([d, a])
    await lake.collect([c])
    await lake.write()
    const after = lakeFiles(lake)
    const added = [...after.keys()].filter((key) => !before.has(key))
    expect(added).toEqual(['lake/events/recorded_on=2026-03-01/part-0000000002-0000000003.parquet'])
    for (const [key, body] of before) if (key.endsWith('.parquet')) expect(after.get(key)).toBe(body)
    expect(await idsByDay(lake)).toEqual({ '2026-03-01': [b.id, a.id, d.id], '2026-03-02': [c.id] })
    expect(jsonIn(lake, 'lake/manifest.json').watermark).toEqual({ events: 4, recordedAt: c.recordedat })
  })

  it('is exact whatever comes in how often, in whichever batches and between whichever runs', async () => {
    const all = [a, b, c, d, e]
    const batches = fc.array(fc.record({ events: fc.subarray(all, { minLength: 1 }), write: fc.boolean() }), {
      minLength: 1,
      maxLength: 5,
    })
    await fc.assert(
      fc.asyncProperty(batches, async (some) => {
        const lake = await openLake()
        for (const { events, write } of some) {
          await lake.collect(events)
          if (write) await lake.write()
        }
        await lake.write()
        const told = all.filter((event) => some.some(({ events }) => events.includes(event)))
        const byDay = Object.groupBy(told, ({ recordedat }) => recordedat.slice(0, 10))
        const sorted = (days: Record<string, string[]>) =>
          Object.fromEntries(Object.entries(days).map(([day, ids]) => [day, ids.toSorted()]))
        expect(sorted(await idsByDay(lake))).toEqual(
          sorted(Object.fromEntries(Object.entries(byDay).map(([day, events = []]) => [day, events.map(({ id }) => id)]))),
        )
        expect(jsonIn(lake, 'lake/manifest.json').watermark.events).toBe(told.length)
      }),
      { numRuns: 20 },
    )
  })
})

class Died extends Error {}

/** The parts of the job, which dies at the nth call of one of them: before that does anything, or after it did. */
const dying = ({ dependencies }: Lake, nth: number, when: 'before' | 'after') => {
  let calls = 0
  const mortal =
    <Given extends unknown[], Result>(call: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      const isLast = ++calls === nth
      if (calls > nth || (isLast && when === 'before')) throw new Died()
      const result = await call(...given)
      if (isLast) throw new Died()
      return result
    }
  const { store, get, put, parquet } = dependencies
  const stored = {
    ...store,
    state: mortal(store.state),
    saveState: mortal(store.saveState),
    day: mortal(store.day),
    saveDay: mortal(store.saveDay),
  }
  const parts: Dependencies = {
    ...dependencies,
    store: stored,
    get: mortal(get),
    put: mortal(put),
    parquet: mortal(parquet) as typeof parquet,
  }
  return { write: () => writeLake(parts)(() => false), calls: () => calls }
}

describe('a run of the lake that dies', () => {
  const filled = async () => {
    const lake = await openLake()
    await lake.collect([a, c])
    await lake.write()
    await lake.collect([b, a])
    await lake.collect([d, e])
    return lake
  }

  it('at any moment shows whole files only, and the next run writes the same bytes', async () => {
    const unbroken = await filled()
    const { write, calls } = dying(unbroken, Infinity, 'before')
    await write()
    const expected = lakeFiles(unbroken)
    expect(calls()).toBeGreaterThan(15)
    const dieAt = async (nth: number, when: 'before' | 'after') => {
      const lake = await filled()
      await expect(dying(lake, nth, when).write()).rejects.toThrow(Died)
      for (const [key, body] of lakeFiles(lake)) if (key.endsWith('.parquet')) expect(expected.get(key)).toBe(body)
      // What comes in meanwhile is for the run after, once it is decided what is written.
      if ((await lake.store.state()).pending) await lake.collect([c])
      await lake.write()
      expect(lakeFiles(lake)).toEqual(expected)
    }
    const moments = Array.from({ length: calls() - 1 }, (_, n) => n + 1)
    await Promise.all(moments.flatMap((nth) => [dieAt(nth, 'before'), dieAt(nth, 'after')]))
  })

  it('is gone on with by one run only: another one that was at it at the same time changes nothing', async () => {
    const lake = await filled()
    const both = await Promise.allSettled([lake.write(), lake.write()])
    expect(both.map(({ status }) => status)).toContain('fulfilled')
    await lake.write()
    expect(await idsByDay(lake)).toEqual({ '2026-03-01': [a.id, b.id, d.id], '2026-03-02': [c.id, e.id] })
  })

  it('loses nothing where it was collecting: the message comes again', async () => {
    const lake = await openLake()
    const { store, put } = lake.dependencies
    const noNumber = { ...store, append: () => Promise.reject(new Died()) }
    await expect(collectEvents({ store: noNumber, put, pack, sha256 })([a, b])).rejects.toThrow(Died)
    const late = {
      ...store,
      append: async (batch: Parameters<typeof store.append>[0]) => {
        await store.append(batch)
        throw new Died()
      },
    }
    await expect(collectEvents({ store: late, put, pack, sha256 })([a, b])).rejects.toThrow(Died)
    await lake.collect([a, b])
    await lake.write()
    expect(await idsByDay(lake)).toEqual({ '2026-03-01': [b.id, a.id] })
  })
})

describe('batches', () => {
  it('that come in at the same time are numbered without gaps', async () => {
    const { store } = await openLake()
    await Promise.all(Array.from({ length: 8 }, (_, n) => store.append({ key: `k${n}`, events: 1 })))
    const numbers: number[] = []
    for await (const { number } of store.batches(1)) numbers.push(number)
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })
})

describe('the functions of the lake', () => {
  const lambda = { functionName: 'write-lake', getRemainingTimeInMillis: () => 60_000 } as LambdaContext
  const message = (body: object, n: number) => ({
    messageId: `m${n}`,
    body: JSON.stringify(body),
    attributes: { ApproximateReceiveCount: '1' },
    eventSourceARN: 'arn:aws:sqs:local:000000000000:lake',
  })

  it('take events from the queue to the bucket; what is no event becomes a dead letter', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const [{ handler: collect }, { handler: write }] = await Promise.all([
      import('../../functions/consumers/collect-events.ts'),
      import('../../functions/jobs/write-lake.ts'),
    ])
    const bodies = [a, b, { ...c, data: {} }, e].map((event) => ({ 'detail-type': event.type, detail: event }))
    const Records = bodies.map(message)
    expect(await collect({ Records } as SQSEvent, lambda)).toEqual({ batchItemFailures: [] })
    await write({}, lambda)
    const days = join(engine.folder, 'blobs/lake/events')
    expect(readdirSync(days).sort()).toEqual(['recorded_on=2026-03-01', 'recorded_on=2026-03-02'])
    const duckdb = await openDuckDb()
    const rows = await duckdb.rows(
      `select event_id, recorded_on from read_parquet('${days}/*/*.parquet', hive_partitioning = true) order by recorded_at`,
    )
    duckdb.close()
    expect(rows).toEqual([
      { event_id: b.id, recorded_on: '2026-03-01' },
      { event_id: a.id, recorded_on: '2026-03-01' },
      { event_id: e.id, recorded_on: '2026-03-02' },
    ])
    const letters: unknown[] = []
    for await (const item of openTable('records').query({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': 'DEADLETTER#lake' },
    }))
      letters.push(item)
    expect(letters).toMatchObject([{ sk: 'm2', reason: expect.stringContaining('detail.data.costId') }])
  })
})
