import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deliverToQueues, type Message } from '../../infra/local/bus.ts'
import { createTables, type Engine, startDynamoDb } from '../../infra/local/dynamodb.ts'
import { setEnvironment } from '../../infra/local/environment.ts'
import type { Shelf } from '../../infra/local/marketplaces/stand-in.ts'
import { openQueue } from '../../infra/local/queues.ts'
import { openShelf } from '../../infra/local/shelf.ts'
import { openMapping } from '../../infra/local/streams.ts'
import { insert, openTable } from '../../lib/runtime/table.ts'

type Records = { Records: { dynamodb: { Keys: { pk: { S: string } }; SequenceNumber: string } }[] }

const now = () => new Date('2026-11-02T09:00:00Z')
const keysOf = (event: unknown) => (event as Records).Records.map((record) => record.dynamodb.Keys.pk.S)

let engine: Engine
let shelf: Shelf
const folder = mkdtempSync(join(tmpdir(), 'cosell-sources-'))

beforeAll(async () => {
  engine = await startDynamoDb(join(folder, 'dynamodb.db'))
  setEnvironment('http://127.0.0.1:9', engine.endpoint)
  await createTables()
  shelf = openShelf()
})
afterAll(async () => {
  await engine.stop()
  rmSync(folder, { recursive: true, force: true })
})

const trigger = {
  kind: 'stream' as const,
  table: 'records' as const,
  filter: { dynamodb: { Keys: { pk: { S: [{ prefix: 'GOOD#' }, { prefix: 'BAD#' }] } } } },
  batchSize: 10,
  retries: 2,
}

describe('a stream of the twin', () => {
  it('delivers each record that passes the filter, isolates the one that always fails, and goes on after a restart', async () => {
    const table = openTable('records')
    const wanted = Array.from({ length: 17 }, (_, n) => (n === 6 ? 'BAD#6' : `GOOD#${n}`))
    for (const pk of wanted) await table.put(insert({ pk, sk: 'X' }))
    await table.put(insert({ pk: 'OTHER#1', sk: 'X' }))

    const seen: string[] = []
    const invoke = async (_: string, event: unknown) => {
      const keys = keysOf(event)
      const bad = keys.findIndex((key) => key.startsWith('BAD#'))
      seen.push(...(bad < 0 ? keys : keys.slice(0, bad)))
      const first = bad < 0 ? undefined : (event as Records).Records[bad]?.dynamodb.SequenceNumber
      return { batchItemFailures: first ? [{ itemIdentifier: first }] : [] }
    }
    const mapping = await openMapping('test', trigger, invoke, shelf, now)
    while ((await mapping.poll()) > 0);
    expect(seen).toEqual(wanted.filter((pk) => pk !== 'BAD#6'))
    const failures = await shelf.list<{ records: Records['Records'] }>('stream-failures')
    expect(failures.map(({ records }) => records[0]?.dynamodb.Keys.pk.S)).toEqual(['BAD#6'])

    await table.put(insert({ pk: 'GOOD#later', sk: 'X' }))
    const again = await openMapping('test', trigger, invoke, shelf, now)
    while ((await again.poll()) > 0);
    expect(seen.slice(16)).toEqual(['GOOD#later'])
  })
})

describe('a queue of the twin', () => {
  const approved = { source: 'cosell', 'detail-type': 'offer.approved.v1', detail: { data: { marketplace: 'aws' } } }

  it('shows a failed message again after its time, and puts it with the dead letters after the last try', async () => {
    let instant = now().getTime()
    const clock = () => new Date(instant)
    await deliverToQueues(shelf, clock, approved)
    const tries: string[] = []
    const invoke = async (_: string, event: unknown) => {
      const [record] = (event as { Records: { messageId: string; attributes: { ApproximateReceiveCount: string } }[] }).Records
      tries.push(record?.attributes.ApproximateReceiveCount ?? '')
      return { batchItemFailures: [{ itemIdentifier: record?.messageId }] }
    }
    const queue = openQueue('test', 'aws-submissions', 1, invoke, shelf, clock)
    for (let round = 0; round < 8; round++) {
      await queue.poll()
      await queue.poll()
      instant += 200_000
    }
    expect(tries).toEqual(['1', '2', '3', '4', '5'])
    expect(await shelf.list('queue.aws-submissions')).toEqual([])
    expect(await shelf.list<Message>('dead.aws-submissions')).toMatchObject([{ queue: 'aws-submissions', received: 5 }])
  })

  it('keeps a message whose function died', async () => {
    await deliverToQueues(shelf, now, approved)
    const dies = openQueue('test', 'aws-submissions', 1, () => Promise.reject(new Error('out of memory')), shelf, now)
    await dies.poll()
    expect(await shelf.list('queue.aws-submissions')).toHaveLength(1)
  })
})
