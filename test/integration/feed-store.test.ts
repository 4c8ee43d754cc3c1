import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../events/metrics.ts'
import { createTables } from '../../infra/local/dynamodb.ts'
import { feedStore } from '../../lib/feed/store.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openEngine, type TestEngine } from '../support/engine.ts'
import { billed, cost } from '../unit/metrics/story.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await openEngine()
  await createTables()
})
afterAll(() => engine.stop())

const keptOf = async (events: MetricEvent[]) => {
  const ids = new Set(events.map(({ id }) => id))
  return (await Array.fromAsync(feedStore(openTable('records')).all())).filter(({ id }) => ids.has(id))
}

/** Those of the events that are in the stream which metrics are made from, as often as they are. */
const streamed = async (events: MetricEvent[]) => {
  const streams = new DynamoDBStreamsClient({ endpoint: engine.endpoint })
  const { Table } = await new DynamoDBClient({}).send(new DescribeTableCommand({ TableName: 'records' }))
  const StreamArn = Table?.LatestStreamArn
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }))
  const ShardId = StreamDescription?.Shards?.[0]?.ShardId
  const first = await streams.send(new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }))
  const { Records = [] } = await streams.send(new GetRecordsCommand({ ShardIterator: first.ShardIterator }))
  const ids = new Set(events.map(({ id }) => `EVENT#${id}`))
  return Records.map(({ dynamodb }) => dynamodb?.Keys?.['sk']?.S ?? '').filter((sk) => ids.has(sk))
}

const some = (count: number, account: string) => [
  ...Array.from({ length: count - 1 }, (_, i) => billed(`${account}-${i % 7}`, 100 + i, '2026-10-01')),
  cost('support', 'direct', 5_000, '2026-10'),
]

describe('events that are taken over', () => {
  it('are recorded once each, and counted as recorded or known', async () => {
    const store = feedStore(openTable('records'))
    const events = some(60, 'a')
    expect(await store.takeOver(events.slice(0, 40))).toBe(40)
    expect(await store.takeOver(events)).toBe(20)
    expect(await store.takeOver(events)).toBe(0)
    expect(await keptOf(events)).toHaveLength(60)
    expect(await streamed(events)).toHaveLength(60)
  })

  it('by several at the same time are new in the stream only once', async () => {
    const store = feedStore(openTable('records'))
    const events = some(30, 'b')
    const others = events.slice(5).map((event) => ({ ...event, subject: 'somebody else' }))
    const counts = await Promise.all([store.takeOver(events), store.takeOver(events.toReversed()), store.takeOver(others)])
    expect(counts.reduce((sum, count) => sum + count)).toBe(30)
    expect(await keptOf(events)).toHaveLength(30)
    expect(await streamed(events)).toHaveLength(30)
  })

  it('leave what is recorded under their id as it is', async () => {
    const store = feedStore(openTable('records'))
    const [own] = some(2, 'c') as [MetricEvent]
    expect(await store.add([own])).toBe(1)
    expect(await store.takeOver([{ ...own, time: '1999-01-01T00:00:00Z' }])).toBe(0)
    expect(await keptOf([own])).toEqual([own])
  })
})
