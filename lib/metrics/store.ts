import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { isCode } from '../core/errors.ts'
import { imageOf, type StreamRecord } from '../runtime/stream-record.ts'
import { type Item, insert, replace, type Table } from '../runtime/table.ts'
import { type Aggregates, addUp, type Contribution, emptyAggregates, type Family } from './aggregate.ts'
import type { Fact, PublishedRate } from './fact.ts'
import { emptyRow, type Row } from './row.ts'

// access patterns: one row · rows whose rates are older than a version (scan) · the rates as of a version · the aggregates of a family and year.
// Everything here is derived from events and may be wiped.

/** A row as stored; `rates` is the version of the rate table that its contributions are converted with. */
export type StoredRow = { key: string; row: Row; version: number; rates: number }

const rowKey = (key: string) => ({ pk: `ROW#${key}`, sk: 'ROW' })
const ratesKey = (version: number) => ({ pk: 'RATES', sk: `V#${version}` })

/** Facts repeat much text: compressed, a year of an account fits into one write unit. */
const pack = (facts: Iterable<Fact>) => deflateRawSync(JSON.stringify([...facts]))
const unpack = (packed: unknown): Fact[] => {
  // A Lambda gets binary values of stream records in base64.
  const bytes = typeof packed === 'string' ? Buffer.from(packed, 'base64') : (packed as Uint8Array)
  return JSON.parse(inflateRawSync(bytes).toString()) as Fact[]
}

/** The row in an item or in an image of a stream record. */
export const storedRowIn = (item: Item | undefined, key = ''): StoredRow => {
  if (!item) return { key, row: emptyRow(), version: 0, rates: 0 }
  const row = emptyRow()
  for (const fact of unpack(item['facts'])) row.facts.set(fact.id, fact)
  return { key: item.pk.slice('ROW#'.length), row, version: Number(item['version']), rates: Number(item['rates']) }
}

/** A row before and after a change, and the change's place in the stream. */
export type RowChange = { sequence: string; before: StoredRow; after: StoredRow }

export const rowChangeOf = (record: StreamRecord): RowChange => ({
  sequence: record.dynamodb?.SequenceNumber ?? '',
  before: storedRowIn(imageOf(record, 'OldImage')),
  after: storedRowIn(imageOf(record, 'NewImage')),
})

const usesRates = (row: Row, currency: string) =>
  [...row.facts.values()].some((fact) => 'currency' in fact && fact.currency !== currency)

const aggregateKey = ({ family, year, scope }: Contribution) => ({ pk: `AGG#${family}#${year}`, sk: scope })
const WATERMARK = 'wm:'

/** Sequence numbers have up to 40 digits; as text of equal length they sort by value. */
const sortable = (sequence: string) => sequence.padStart(40, '0')

/** What one stream record adds to cells of one aggregate item. */
export type Delta = { sequence: string; contribution: Contribution }

const summed = (deltas: Delta[]) => {
  const cells = new Map<string, number>()
  for (const { contribution } of deltas) cells.set(contribution.cell, (cells.get(contribution.cell) ?? 0) + contribution.value)
  return [...cells].filter(([, value]) => value !== 0)
}

export const metricsStore = (table: Table, currency: string) => ({
  row: async (key: string): Promise<StoredRow> => storedRowIn(await table.get(rowKey(key)), key),

  /** Stores a row that must still have its version; a row of rates also becomes the rate table of its next version. */
  saveRow: async ({ key, row, version, rates }: StoredRow) => {
    const item = { ...rowKey(key), facts: pack(row.facts.values()), rates, converts: usesRates(row, currency) }
    if (key !== 'RATES') return table.put(replace(item, version))
    await table.commit([replace(item, version), insert({ ...ratesKey(version + 1), facts: item.facts })])
  },

  ratesVersion: async () => Number((await table.get(rowKey('RATES')))?.['version'] ?? 0),

  ratesAt: async (version: number): Promise<PublishedRate[]> => {
    const item = await table.get(ratesKey(version))
    return item ? unpack(item['facts']).filter((fact): fact is PublishedRate => fact.type === 'rate') : []
  },

  rowsRatedBefore: async function* (version: number): AsyncIterable<StoredRow> {
    const filter = {
      FilterExpression: 'begins_with(pk, :row) AND converts = :yes AND rates < :version',
      ExpressionAttributeValues: { ':row': 'ROW#', ':yes': true, ':version': version },
      ConsistentRead: true,
    }
    for await (const item of table.scan(filter)) yield storedRowIn(item)
  },

  /**
   * Adds the deltas of one aggregate item that were not added before: the item carries, for each shard that wrote to it, the last
   * sequence number it contains. Exact under retries and under batches that are cut in other ways the second time.
   */
  add: async (shard: string, deltas: Delta[]) => {
    const [first, last] = [deltas[0], deltas.at(-1)]
    if (!first || !last) return
    const key = aggregateKey(first.contribution)
    const mark = `${WATERMARK}${shard}`
    const apply = async (fresh: Delta[]) => {
      const cells = summed(fresh)
      if (cells.length === 0) return
      await table.update({
        Key: key,
        UpdateExpression: `SET #mark = :last ADD ${cells.map((_, i) => `#c${i} :v${i}`).join(', ')}`,
        ConditionExpression: 'attribute_not_exists(#mark) OR #mark < :first',
        ExpressionAttributeNames: { '#mark': mark, ...Object.fromEntries(cells.map(([cell], i) => [`#c${i}`, cell])) },
        ExpressionAttributeValues: {
          ':first': sortable(fresh[0]?.sequence ?? ''),
          ':last': sortable(last.sequence),
          ...Object.fromEntries(cells.map(([, value], i) => [`:v${i}`, value])),
        },
      })
    }
    try {
      await apply(deltas)
    } catch (error) {
      if (!isCode(error, 'stale_version')) throw error
      const reached = String((await table.get(key))?.[mark])
      const fresh = deltas.filter(({ sequence }) => sortable(sequence) > reached)
      if (fresh.length > 0) await apply(fresh)
    }
  },

  /** The aggregates of some families in some years; year 0 has what belongs to no month. */
  aggregates: async (families: readonly Family[], years: readonly number[]): Promise<Aggregates> => {
    const all = emptyAggregates()
    const load = async (family: Family, year: number) => {
      const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': `AGG#${family}#${year}` } }
      for await (const { pk: _, sk: scope, ...cells } of table.query(query)) {
        const sums = Object.entries(cells).filter(([cell]) => !cell.startsWith(WATERMARK))
        addUp(
          sums.map(([cell, value]) => ({ family, year, scope, cell, value: Number(value) })),
          all,
        )
      }
    }
    for (const family of families) for (const year of years) await load(family, year)
    return all
  },
})
export type MetricsStore = ReturnType<typeof metricsStore>
