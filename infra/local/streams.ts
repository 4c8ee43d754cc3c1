import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record as StreamRecord,
} from '@aws-sdk/client-dynamodb-streams'
import { functions } from '../service.ts'
import type { Trigger } from '../service-types.ts'
import type { Invoke } from './invoke.ts'
import type { Shelf } from './marketplaces/stand-in.ts'
import { matches } from './pattern.ts'

type StreamTrigger = Extract<Trigger, { kind: 'stream' }>

const client = () => new DynamoDBStreamsClient({ endpoint: process.env['AWS_ENDPOINT_URL_DYNAMODB'] ?? '' })

/** The one shard of a table's stream. */
const openShard = async (streams: DynamoDBStreamsClient, table: string) => {
  const { Table } = await new DynamoDBClient({}).send(new DescribeTableCommand({ TableName: table }))
  const StreamArn = Table?.LatestStreamArn ?? ''
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }))
  return { StreamArn, ShardId: StreamDescription?.Shards?.[0]?.ShardId ?? '' }
}

const plain = (image: StreamRecord['dynamodb']) =>
  JSON.parse(
    JSON.stringify(image, (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value)),
  )

const secondsOf = (instant: Date | undefined) => Math.floor((instant?.getTime() ?? 0) / 1000)

/** A record as a Lambda gets it: JSON, binary values in base64, times in seconds. */
const eventRecord = (record: StreamRecord, arn: string) => ({
  ...record,
  awsRegion: process.env['AWS_REGION'],
  eventSourceARN: arn,
  dynamodb: { ...plain(record.dynamodb), ApproximateCreationDateTime: secondsOf(record.dynamodb?.ApproximateCreationDateTime) },
})

type EventRecord = ReturnType<typeof eventRecord>

const sequenceOf = (record: EventRecord): string => record.dynamodb?.SequenceNumber ?? ''

type Failure = { function: string; records: unknown[]; at: string; reason: string }

/** One event source mapping: reads on from its checkpoint, filters, delivers, retries, halves a failing batch, gives up into dead letters. */
export const openMapping = async (name: string, trigger: StreamTrigger, invoke: Invoke, shelf: Shelf, now: () => Date) => {
  const streams = client()
  const shard = await openShard(streams, trigger.table)
  const kept = await shelf.get<{ after: string }>('checkpoint', `${name}.${trigger.table}`)
  let after = kept?.after
  let iterator: string | undefined

  const open = async () => {
    const from = after
      ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, SequenceNumber: after }
      : { ShardIteratorType: 'TRIM_HORIZON' as const }
    iterator = (await streams.send(new GetShardIteratorCommand({ ...shard, ...from }))).ShardIterator
  }

  const windowed = () => {
    if (!trigger.windowSeconds) return {}
    const start = now().getTime()
    const window = { start: new Date(start).toISOString(), end: new Date(start + trigger.windowSeconds * 1000).toISOString() }
    return { shardId: shard.ShardId, window, state: {}, isFinalInvokeForWindow: false, isWindowTerminatedEarly: false }
  }

  const attempt = async (records: EventRecord[]): Promise<EventRecord[]> => {
    const { batchItemFailures, state } = (await invoke(name, { Records: records, ...windowed() })) as {
      batchItemFailures?: { itemIdentifier: string }[]
      state?: object
    }
    // As Lambda has it: a window goes on with the state that its function answers, and without one has failed.
    if (trigger.windowSeconds && !state) return records
    const first = batchItemFailures?.[0]?.itemIdentifier
    const at = records.findIndex((record) => sequenceOf(record) === first)
    return first === undefined ? [] : records.slice(Math.max(0, at))
  }

  const giveUp = async (records: EventRecord[]) => {
    const failure: Failure = {
      function: name,
      records,
      at: now().toISOString(),
      reason: 'the function failed on it again and again',
    }
    await shelf.put('stream-failures', `${name}.${sequenceOf(records[0] as EventRecord)}`, failure)
  }

  const deliver = async (records: EventRecord[], tries: number): Promise<void> => {
    if (records.length === 0) return
    const left = await attempt(records)
    if (left.length === 0) return
    if (tries < trigger.retries) return deliver(left, tries + 1)
    if (left.length === 1) return giveUp(left)
    const half = Math.ceil(left.length / 2)
    await deliver(left.slice(0, half), 0)
    return deliver(left.slice(half), 0)
  }

  const read = async (Limit: number) => {
    if (!iterator) await open()
    const { Records = [], NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator: iterator, Limit }))
    iterator = NextShardIterator
    return Records.map((record) => eventRecord(record, shard.StreamArn))
  }

  /** The next records; a mapping that waits for a full batch waits here for what is there already. */
  const gather = async () => {
    const wanted: EventRecord[] = []
    let [seen, last] = [0, undefined as EventRecord | undefined]
    for (;;) {
      const records = await read(trigger.batchSize - wanted.length)
      wanted.push(...records.filter((record) => matches(trigger.filter, record)))
      seen += records.length
      last = records.at(-1) ?? last
      const isFull = wanted.length >= trigger.batchSize || records.length === 0
      if (isFull || !trigger.waitSeconds) return { wanted, seen, last }
    }
  }

  /** Handles what is there; returns how many records it saw. */
  const poll = async (): Promise<number> => {
    const { wanted, seen, last } = await gather()
    await deliver(wanted, 0).catch((error: unknown) => {
      // They come again from the checkpoint on.
      iterator = undefined
      throw error
    })
    if (!last) return 0
    after = sequenceOf(last)
    await shelf.put('checkpoint', `${name}.${trigger.table}`, { after })
    return seen
  }
  return { name, poll }
}

export const openMappings = (invoke: Invoke, shelf: Shelf, now: () => Date) =>
  Promise.all(
    Object.entries(functions).flatMap(([name, { triggers }]) =>
      triggers.flatMap((trigger) => (trigger.kind === 'stream' ? [openMapping(name, trigger, invoke, shelf, now)] : [])),
    ),
  )
