import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { isCode, ServiceError } from '../core/errors.ts'
import { imageOf, type StreamRecord } from '../runtime/stream-record.ts'
import { type Item, insert, type Key, replace, type Table } from '../runtime/table.ts'
import { type Aggregates, addUp, type Contribution, emptyAggregates, type Family } from './aggregate.ts'
import type { Fact, PublishedRate, Transaction } from './fact.ts'
import type { Link } from './link.ts'
import { byShard, deltasOf, type LogEntry, packedSums, unpackedSums, waitingIn } from './log.ts'
import { DICTIONARY, packed, unpacked } from './packing.ts'
import { emptyRow, type Row } from './row.ts'
import { correctedBy } from './transaction.ts'
import { beyond, type Delta, isMark, markName, markOf, oldMarks, sortable } from './watermark.ts'

// access patterns: one row · all rows, and those whose rates are older than a version (scan) · the rates as of a version · the
// corrections of a transaction, and all of them (scan) · the log of what is to be added to the aggregates, and its end by shard · the
// aggregates of a family and year. Everything here is derived from events and may be wiped.

/** A row as stored; `rates` is the version of the rate table that its contributions are converted with. */
export type StoredRow = { key: string; row: Row; version: number; rates: number }

const rowKey = (key: string) => ({ pk: `ROW#${key}`, sk: 'ROW' })
const ratesKey = (version: number) => ({ pk: 'RATES', sk: `V#${version}` })
const markKey = (transactionId: string) => ({ pk: `LINKS#${transactionId}`, sk: 'CORRECTED' })
const CORRECTION = 'by:'

const correctionsIn = (item: Item): Link[] =>
  Object.entries(item).flatMap(([name, link]) => (name.startsWith(CORRECTION) ? [link as Link] : []))

const keyOf = ({ dynamodb }: StreamRecord) => String(dynamodb?.Keys?.['pk']?.S)

/** Whether the record is of the row of exchange rates. */
export const isOfRates = (record: StreamRecord) => keyOf(record) === rowKey('RATES').pk

/** The id of the transaction that is to be searched for in all rows, if the record is of a mark that wants it. */
export const searchedIn = (record: StreamRecord): string | undefined =>
  record.dynamodb?.NewImage?.['elsewhere']?.BOOL ? keyOf(record).slice('LINKS#'.length) : undefined

const LOG = 'LOG'
const logKey = ({ shard, number }: Pick<LogEntry, 'shard' | 'number'>) => ({
  pk: LOG,
  sk: `${shard}#${String(number).padStart(15, '0')}`,
})
/** An item may have 400 KB; most batches amount to less than ten. */
const MAX_ENTRY = 100 * 1024

const bytesOf = (binary: unknown): Uint8Array =>
  // A Lambda gets binary values of stream records in base64.
  typeof binary === 'string' ? Buffer.from(binary, 'base64') : (binary as Uint8Array)

const dictionary = Buffer.from(DICTIONARY)

/** Facts repeat much text: compressed, most accounts fit into one write unit. */
const pack = (facts: Iterable<Fact>) => deflateRawSync(packed(facts), { level: 9, dictionary })
const unpack = (binary: unknown): Fact[] => unpacked(inflateRawSync(bytesOf(binary), { dictionary }).toString())

const packSums = (sums: Contribution[]) => deflateRawSync(packedSums(sums))
const unpackSums = (binary: unknown) => unpackedSums(inflateRawSync(bytesOf(binary)).toString())

const entryIn = ({ sk, last, at, waiting, sums }: Item): LogEntry => ({
  shard: sk.slice(0, sk.lastIndexOf('#')),
  number: Number(sk.slice(sk.lastIndexOf('#') + 1)),
  last: String(last),
  at: Number(at),
  waiting: Number(waiting),
  ...(sums !== undefined && { sums: unpackSums(sums) }),
})

/** The row in an item or in an image of a stream record. */
export const storedRowIn = (item: Item | undefined, key = ''): StoredRow => {
  if (!item) return { key, row: emptyRow(), version: 0, rates: 0 }
  const row = emptyRow()
  for (const fact of unpack(item['facts'])) row.facts.set(fact.id, fact)
  for (const fact of item['foreign'] ? unpack(item['foreign']) : []) row.foreign.set(fact.id, fact as Transaction)
  return { key: item.pk.slice('ROW#'.length), row, version: Number(item['version']), rates: Number(item['rates']) }
}

/** A row before and after a change, and the change's place in the stream; `at` is its time in seconds since 1970. */
export type RowChange = { sequence: string; at: number; before: StoredRow; after: StoredRow }

export const rowChangeOf = (record: StreamRecord): RowChange => ({
  sequence: record.dynamodb?.SequenceNumber ?? '',
  at: record.dynamodb?.ApproximateCreationDateTime ?? 0,
  before: storedRowIn(imageOf(record, 'OldImage')),
  after: storedRowIn(imageOf(record, 'NewImage')),
})

const usesRates = (row: Row, currency: string) =>
  [...row.facts.values()].some((fact) => 'currency' in fact && fact.currency !== currency)

const aggregateKey = ({ family, year, scope }: Contribution) => ({ pk: `AGG#${family}#${year}`, sk: scope })

const summed = (deltas: Delta[]) => {
  const cells = new Map<string, number>()
  for (const { contribution } of deltas) cells.set(contribution.cell, (cells.get(contribution.cell) ?? 0) + contribution.value)
  return [...cells].filter(([, value]) => value !== 0)
}

/** The one write that adds deltas to their item, if none of them was added before. Names are short: an expression ends at 4 KB. */
const addition = (mark: string, first: Delta, last: Delta, cells: [cell: string, value: number][]) => ({
  Key: aggregateKey(first.contribution),
  UpdateExpression: `SET #mark = :last ADD ${cells.map((_, i) => `#${i} :${i}`).join(',')}`,
  ConditionExpression: 'attribute_not_exists(#mark) OR #mark < :first',
  ExpressionAttributeNames: { '#mark': mark, ...Object.fromEntries(cells.map(([cell], i) => [`#${i}`, cell])) },
  ExpressionAttributeValues: {
    ':first': sortable(first.sequence),
    ':last': markOf(last),
    ...Object.fromEntries(cells.map(([, value], i) => [`:${i}`, value])),
  },
  ReturnValues: 'ALL_OLD' as const,
})

const removal = (Key: Key, names: string[]) => ({
  Key,
  UpdateExpression: `REMOVE ${names.map((_, i) => `#${i}`).join(',')}`,
  ExpressionAttributeNames: Object.fromEntries(names.map((name, i) => [`#${i}`, name])),
})

const readLog = async (table: Table): Promise<LogEntry[]> => {
  const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': LOG } }
  const entries: LogEntry[] = []
  for await (const item of table.query(query)) entries.push(entryIn(item))
  return entries
}

const cellsIn = ({ pk: _, sk: scope, ...cells }: Item, family: Family, year: number): Contribution[] =>
  Object.entries(cells).flatMap(([cell, value]) => (isMark(cell) ? [] : [{ family, year, scope, cell, value: Number(value) }]))

export const metricsStore = (table: Table, currency: string) => ({
  row: async (key: string): Promise<StoredRow> => storedRowIn(await table.get(rowKey(key)), key),

  rows: async (keys: string[]): Promise<StoredRow[]> => {
    const items = new Map((await table.getAll(keys.map(rowKey))).map((item) => [item.pk, item]))
    return keys.map((key) => storedRowIn(items.get(rowKey(key).pk), key))
  },

  /** Stores a row that must still have its version; a row of rates also becomes the rate table of its next version. */
  saveRow: async ({ key, row, version, rates }: StoredRow) => {
    const foreign = row.foreign.size > 0 && { foreign: pack(row.foreign.values()) }
    const item = { ...rowKey(key), facts: pack(row.facts.values()), ...foreign, rates, converts: usesRates(row, currency) }
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

  allRows: async function* (): AsyncIterable<StoredRow> {
    const filter = { FilterExpression: 'begins_with(pk, :row)', ExpressionAttributeValues: { ':row': 'ROW#' } }
    for await (const item of table.scan({ ...filter, ConsistentRead: true })) yield storedRowIn(item)
  },

  /** Leaves a correction at the id of what it corrects; `elsewhere` if that is to be searched for in other rows at once. */
  mark: async (link: Link, elsewhere: boolean): Promise<void> => {
    await table.update({
      Key: markKey(correctedBy(link.fact) ?? ''),
      UpdateExpression: `SET #by = :link${elsewhere ? ', elsewhere = :yes' : ''}`,
      ExpressionAttributeNames: { '#by': CORRECTION + link.fact.id },
      ExpressionAttributeValues: { ':link': link, ...(elsewhere && { ':yes': true }) },
    })
  },

  /** The corrections of any of the transactions. */
  corrections: async (transactionIds: Iterable<string>): Promise<Link[]> =>
    (await table.getAll([...new Set(transactionIds)].map(markKey))).flatMap(correctionsIn),

  allCorrections: async function* (): AsyncIterable<Link> {
    const filter = { FilterExpression: 'begins_with(pk, :mark)', ExpressionAttributeValues: { ':mark': 'LINKS#' } }
    for await (const item of table.scan({ ...filter, ConsistentRead: true })) yield* correctionsIn(item)
  },

  /**
   * Makes an entry the next one of its shard: a conflict if there is one already, unprocessable if it is too large. Returns the bytes
   * that wait in the shard with it.
   */
  append: async ({ shard, number, last, at, waiting, sums = [] }: LogEntry): Promise<number> => {
    const binary = packSums(sums)
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

  log: () => readLog(table),

  /** Says with an entry without sums that all of its shard up to it is added to the aggregates. */
  noteAdded: async ({ shard, number, last, at, waiting }: LogEntry): Promise<void> =>
    table.putAll([{ ...logKey({ shard, number }), last, at, waiting }]),

  forget: (entries: LogEntry[]): Promise<void> => table.removeAll(entries.map(logKey)),

  /**
   * Adds the deltas of one aggregate item that were not added before: the item carries, for each shard that wrote to it, the last
   * sequence number it contains. Exact under retries and under batches that are cut in other ways the second time.
   */
  add: async (shard: string, deltas: Delta[], logged: ReadonlySet<string>) => {
    const [head, last] = [deltas[0], deltas.at(-1)]
    if (!head || !last) return
    const key = aggregateKey(head.contribution)
    const mark = markName(shard)
    const apply = async (fresh: Delta[]) => {
      const [first, cells] = [fresh[0], summed(fresh)]
      if (!first || cells.length === 0) return
      const before = await table.update(addition(mark, first, last, cells))
      const old = oldMarks(before ?? {}, last.at, logged).filter((name) => name !== mark)
      if (old.length > 0) await table.update(removal(key, old))
    }
    const applyRest = async () => {
      const reached = String((await table.get(key))?.[mark] ?? '')
      await apply(beyond(reached, deltas))
    }
    // Deltas that cancel out need no write, unless an earlier try has added the first of them already.
    if (summed(deltas).length === 0) return applyRest()
    await apply(deltas).catch((error: unknown) => {
      if (!isCode(error, 'stale_version')) throw error
      return applyRest()
    })
  },

  /**
   * The aggregates of some families in some years, with what waits in the log; year 0 has what belongs to no month. The log is read
   * first: an item has all that was added before, and says how far that is.
   */
  aggregates: async (families: readonly Family[], years: readonly number[]): Promise<Aggregates> => {
    const waiting = [...byShard(await readLog(table))].map(([shard, entries]) => ({ shard, entries: waitingIn(entries) }))
    const all = emptyAggregates()
    const marks = new Map<string, Item>()
    const load = async (family: Family, year: number) => {
      const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': `AGG#${family}#${year}` } }
      for await (const item of table.query(query)) {
        marks.set(item.pk + item.sk, item)
        addUp(cellsIn(item, family, year), all)
      }
    }
    await Promise.all(families.flatMap((family) => years.map((year) => load(family, year))))
    for (const { shard, entries } of waiting) {
      const asked = deltasOf(entries).filter(
        ({ contribution: { family, year } }) => families.includes(family) && years.includes(year),
      )
      const isAdded = ({ contribution, ...delta }: Delta) => {
        const { pk, sk } = aggregateKey(contribution)
        return beyond(String(marks.get(pk + sk)?.[markName(shard)] ?? ''), [delta]).length === 0
      }
      addUp(
        asked.filter((delta) => !isAdded(delta)).map(({ contribution }) => contribution),
        all,
      )
    }
    return all
  },
})
export type MetricsStore = ReturnType<typeof metricsStore>
