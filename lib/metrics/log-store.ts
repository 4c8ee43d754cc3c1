import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { ServiceError } from '../core/errors.ts'
import { type Item, insert, type Table } from '../runtime/table.ts'
import { type Aggregates, emptyAggregates } from './aggregate.ts'
import type { LogEntry } from './log.ts'
import { fromText, toText } from './sums-text.ts'

// access patterns: all of the log · its end by shard.

const LOG = 'LOG'
const logKey = ({ shard, number }: Pick<LogEntry, 'shard' | 'number'>) => ({
  pk: LOG,
  sk: `${shard}#${String(number).padStart(15, '0')}`,
})
/** An item may have 400 KB; most batches amount to less than ten. */
const MAX_ENTRY = 100 * 1024

const pack = (sums: Aggregates) => deflateRawSync(toText(sums))
const unpack = (binary: unknown) => fromText(inflateRawSync(binary as Uint8Array).toString())

const entryIn = ({ sk, last, at, waiting, sums }: Item): LogEntry => ({
  shard: sk.slice(0, sk.lastIndexOf('#')),
  number: Number(sk.slice(sk.lastIndexOf('#') + 1)),
  last: String(last),
  at: Number(at),
  waiting: Number(waiting),
  ...(sums !== undefined && { sums: unpack(sums) }),
})

export const logStore = (table: Table) => ({
  log: async (): Promise<LogEntry[]> => {
    const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': LOG } }
    return (await Array.fromAsync(table.query(query))).map(entryIn)
  },

  /**
   * Makes an entry the next one of its shard: a conflict if there is one already, unprocessable if it is too large. Returns the bytes
   * that wait in the shard with it.
   */
  append: async ({ shard, number, last, at, waiting, sums = emptyAggregates() }: LogEntry): Promise<number> => {
    const binary = pack(sums)
    if (binary.length > MAX_ENTRY) throw new ServiceError('unprocessable', 'the batch amounts to more than fits into an item')
    const total = waiting + binary.length
    await table.put(insert({ ...logKey({ shard, number }), last, at, waiting: total, sums: binary }))
    return total
  },

  /** The latest entry of a shard, without its sums. */
  logTail: async (shard: string): Promise<LogEntry | undefined> => {
    const query = {
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :shard)',
      ExpressionAttributeValues: { ':pk': LOG, ':shard': `${shard}#` },
      ProjectionExpression: 'pk, sk, #last, #at, waiting',
      ExpressionAttributeNames: { '#last': 'last', '#at': 'at' },
      ScanIndexForward: false,
      Limit: 1,
    }
    for await (const item of table.query(query)) return entryIn(item)
    return undefined
  },

  /** Says with an entry without sums that all of its shard up to it is added to the aggregates. */
  noteAdded: async ({ shard, number, last, at, waiting }: LogEntry): Promise<void> =>
    table.putAll([{ ...logKey({ shard, number }), last, at, waiting }]),

  forget: (entries: LogEntry[]): Promise<void> => table.removeAll(entries.map(logKey)),
})
