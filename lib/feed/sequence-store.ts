import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { DomainEvent } from '../../events/index.ts'
import { eventIn } from '../runtime/journal.ts'
import { imageOf, type StreamRecord } from '../runtime/stream-record.ts'
import { type Item, insert, type Table } from '../runtime/table.ts'
import type { Arrival, Entry, Part } from './sequence.ts'

// access patterns: the last part of the sequence · the part that begins at a position · the events of entries
const SEQUENCE = 'SEQUENCE'
const keyOf = (first: number) => ({ pk: SEQUENCE, sk: String(first).padStart(15, '0') })

const pack = (entries: Entry[]) => deflateRawSync(JSON.stringify(entries))
const unpack = (binary: unknown) => JSON.parse(inflateRawSync(binary as Uint8Array).toString()) as Entry[]

const partIn = ({ sk, entries, marks }: Item): Part => ({
  first: Number(sk),
  entries: unpack(entries),
  marks: marks as Part['marks'],
})

/** What a record of a new event means to the sequence. */
export const arrivalOf = (record: StreamRecord): Arrival => {
  const item = imageOf(record, 'NewImage')
  if (!item) throw new Error(`the stream record ${record.eventID} carries no event`)
  const { id, type } = eventIn(item)
  const { SequenceNumber: sequence = '', ApproximateCreationDateTime: at = 0 } = record.dynamodb ?? {}
  return { sequence, at, entry: { pk: item.pk, id, type } }
}

export const sequenceStore = (table: Table) => ({
  last: async (): Promise<Part | undefined> => {
    const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': SEQUENCE } }
    for await (const item of table.query({ ...query, ScanIndexForward: false, Limit: 1 })) return partIn(item)
    return undefined
  },

  part: async (first: number): Promise<Part | undefined> => {
    const item = await table.get(keyOf(first))
    return item && partIn(item)
  },

  /** A conflict if another part begins there already. */
  append: ({ first, entries, marks }: Part): Promise<void> =>
    table.put(insert({ ...keyOf(first), entries: pack(entries), marks })),

  /** The events of the entries, in their order. */
  events: async (entries: Entry[]): Promise<DomainEvent[]> => {
    const items = await table.getAll(entries.map(({ pk, id }) => ({ pk, sk: `EVENT#${id}` })))
    const events = new Map(items.map((item) => [`${item.pk} ${item.sk}`, eventIn(item)]))
    return entries.map(({ pk, id }) => events.get(`${pk} EVENT#${id}`)).filter((event) => event !== undefined)
  },
})
export type SequenceStore = ReturnType<typeof sequenceStore>
