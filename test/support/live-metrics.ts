import { randomUUID } from 'node:crypto'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record as Record,
} from '@aws-sdk/client-dynamodb-streams'
import type { MetricEvent } from '../../events/metrics.ts'
import { readMetricsAsOf } from '../../lib/metrics/as-of.ts'
import { linkCorrections, projectFacts, rerateRows } from '../../lib/metrics/commands.ts'
import { canonical } from '../../lib/metrics/document.ts'
import { readMetrics } from '../../lib/metrics/read.ts'
import { type RowChange, rowChangeOf } from '../../lib/metrics/row-store.ts'
import { metricsStore } from '../../lib/metrics/store.ts'
import { sumContributions } from '../../lib/metrics/sum.ts'
import type { StreamRecord } from '../../lib/runtime/stream-record.ts'
import { openTable, type Table } from '../../lib/runtime/table.ts'
import { metricsOf } from './rows-engine.ts'

export const SETTINGS = { currency: 'USD', grossMargin: 8000 }

export const createTable = async (name: string) => {
  const create = new CreateTableCommand({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  })
  const { TableDescription } = await new DynamoDBClient({}).send(create)
  return TableDescription?.LatestStreamArn ?? ''
}

/** As a Lambda gets it: JSON, binary values in base64, times in seconds. */
const asJson = (record: Record): StreamRecord => {
  const text = JSON.stringify(record, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  )
  const at = (record.dynamodb?.ApproximateCreationDateTime?.getTime() ?? 0) / 1000
  const json = JSON.parse(text)
  return { ...json, dynamodb: { ...json.dynamodb, ApproximateCreationDateTime: at } }
}

/** The changes of rows since the last time. */
const openStream = async (StreamArn: string) => {
  const streams = new DynamoDBStreamsClient({ endpoint: process.env['AWS_ENDPOINT_URL_DYNAMODB'] ?? '' })
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }))
  const ShardId = StreamDescription?.Shards?.[0]?.ShardId
  const start = new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' })
  let { ShardIterator } = await streams.send(start)
  return async (): Promise<RowChange[]> => {
    const changes: RowChange[] = []
    for (;;) {
      const { Records = [], NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator }))
      ShardIterator = NextShardIterator
      const ofRows = Records.filter(({ dynamodb }) => dynamodb?.Keys?.['pk']?.S?.startsWith('ROW#'))
      changes.push(...ofRows.map((record) => rowChangeOf(asJson(record))))
      if (Records.length === 0) return changes
    }
  }
}

export class Crash extends Error {}

/** When the process ends: before or after its nth write reached the table. */
export type CrashPoint = { write: number; when: 'before' | 'after' }

/** A table under a process that ends at a point: no later write gets through either, to none of the tables that share a count. */
export const crashing = (table: Table, { write, when }: CrashPoint, count = { writes: 0 }): Table => {
  const until =
    <Args extends unknown[], Result>(send: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      const nth = ++count.writes
      const sent = nth < write || (nth === write && when === 'after') ? { result: await send(...args) } : undefined
      if (sent === undefined || nth >= write) throw new Crash(`at write ${nth}`)
      return sent.result
    }
  return {
    ...table,
    put: until(table.put),
    commit: until(table.commit),
    putAll: until(table.putAll),
    removeAll: until(table.removeAll),
    update: until(table.update),
  }
}

/** A table whose exchange rates cannot be read the first time. */
const failingFirstRead = (table: Table): Table => {
  let reads = 0
  const failing = async function* () {
    yield* [await Promise.reject(new Crash('at the first read'))]
  }
  const query: Table['query'] = (asked) =>
    asked.ExpressionAttributeValues?.[':pk'] === 'RATES' && ++reads === 1 ? failing() : table.query(asked)
  return { ...table, query }
}

/** Lets something happen when the first row is about to be written: the rates that it goes by have been read by then. */
const interrupted = (table: Table, meanwhile: () => Promise<void>): Table => {
  let happened: Promise<void> | undefined
  const put: Table['put'] = async (write) => {
    happened ??= meanwhile()
    await happened
    await table.put(write)
  }
  return { ...table, put }
}

/** Lets something happen when the first item of a partition is about to be added to. */
const slow = (table: Table, partition: string, meanwhile: () => Promise<void>): Table => {
  let happened: Promise<void> | undefined
  const update: Table['update'] = async (input) => {
    if (String(input.Key?.['pk']).startsWith(partition)) {
      happened ??= meanwhile()
      await happened
    }
    return table.update(input)
  }
  return { ...table, update }
}

/** The live engine on a table of its own, whose functions a test calls as it likes; `foldAt` are the bytes of a log that is added up. */
export const openLiveMetrics = async (foldAt?: number) => {
  const name = `metrics-${randomUUID()}`
  const changes = await openStream(await createTable(name))
  const table = openTable(name)
  const over = (each: Table) => ({ store: metricsStore(each, SETTINGS.currency), currency: SETTINGS.currency })
  const on = (point?: CrashPoint) => over(point ? crashing(table, point) : table)
  return {
    name,
    changes,
    project: (events: MetricEvent[], point?: CrashPoint) => projectFacts(on(point))(events),
    link: (point?: CrashPoint) => linkCorrections(on(point))(),
    rerate: (point?: CrashPoint) => rerateRows(on(point))(),
    sum: (shard: string, batch: RowChange[], point?: CrashPoint) => sumContributions(on(point), { foldAt })(shard, batch),
    /** The same where all of the log is worth adding, to so many items at a time. */
    fold: (shard: string, batch: RowChange[], mostItems?: number) =>
      sumContributions(on(), { foldAt: 0, ...(mostItems && { mostItems }) })(shard, batch),
    sumWhile: (shard: string, batch: RowChange[], partition: string, meanwhile: () => Promise<void>) =>
      sumContributions(over(slow(table, partition, meanwhile)))(shard, batch),
    /** The second stage as a process that lives on; the first of its reads fails. */
    sumAfterFailedRead: () => sumContributions(over(failingFirstRead(table))),
    projectWhile: (events: MetricEvent[], meanwhile: () => Promise<void>) =>
      projectFacts(over(interrupted(table, meanwhile)))(events),
    readAsOf: async (asOf: string, period?: string) => canonical(await readMetricsAsOf({ ...on(), ...SETTINGS })(asOf, period)),
    read: async (period?: string) => canonical(await readMetrics({ ...on(), ...SETTINGS })(period)),
  }
}
export type LiveMetrics = Awaited<ReturnType<typeof openLiveMetrics>>

/** What the batch engine makes of the same events. */
export const batchMetrics = (events: MetricEvent[], period?: string) => canonical(metricsOf(events, { ...SETTINGS, period }))
