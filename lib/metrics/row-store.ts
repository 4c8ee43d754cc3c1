import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Page } from '../core/page.ts'
import { imageOf, type StreamRecord } from '../runtime/stream-record.ts'
import { type Item, insert, replace, type Table } from '../runtime/table.ts'
import type { Fact, PublishedRate, Transaction } from './fact.ts'
import type { Link } from './link.ts'
import { DICTIONARY, packed, unpacked } from './packing.ts'
import { emptyRow, type Row, ratesIn } from './row.ts'
import { correctedBy } from './transaction.ts'
import { isProbe } from './watermark.ts'

// access patterns: one row · all rows, from one on (scan) · rows whose rates are older than a version (scan) · the rates as of a
// version · the corrections of a transaction, and all of them (scan).

/** A row as stored; `rates` is the version of the rate table that its contributions are converted with. */
export type StoredRow = { key: string; row: Row; version: number; rates: number }

/** Where a row lies. */
export const rowKey = (key: string) => ({ pk: `ROW#${key}`, sk: 'ROW' })
const RATES = 'RATES'
const ratesKey = (version: number) => ({ pk: RATES, sk: `V#${String(version).padStart(12, '0')}` })
const versionIn = ({ sk }: Item) => Number(sk.slice('V#'.length))
/** So often a version holds all rates; the others only what they change, so that a rate does not cost all that there are. */
const WHOLE_EVERY = 64
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

const bytesOf = (binary: unknown): Uint8Array =>
  // A Lambda gets binary values of stream records in base64.
  typeof binary === 'string' ? Buffer.from(binary, 'base64') : (binary as Uint8Array)

const dictionary = Buffer.from(DICTIONARY)

/** Facts repeat much text: compressed, most accounts fit into one write unit. */
export const pack = (facts: Iterable<Fact>) => deflateRawSync(packed(facts), { level: 9, dictionary })
const unpack = (binary: unknown): Fact[] => unpacked(inflateRawSync(bytesOf(binary), { dictionary }).toString())

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

export const rowChangeOf = (record: StreamRecord): RowChange => {
  const key = keyOf(record).slice('ROW#'.length)
  return {
    sequence: record.dynamodb?.SequenceNumber ?? '',
    at: record.dynamodb?.ApproximateCreationDateTime ?? 0,
    before: storedRowIn(imageOf(record, 'OldImage'), key),
    after: storedRowIn(imageOf(record, 'NewImage'), key),
  }
}

const usesRates = (row: Row, currency: string) =>
  [...row.facts.values()].some((fact) => 'currency' in fact && fact.currency !== currency)

const ROWS = {
  FilterExpression: 'begins_with(pk, :row)',
  ExpressionAttributeValues: { ':row': 'ROW#' },
  ConsistentRead: true,
}
// What is looked at for one page, with the items between that are no rows.
const ROWS_AT_ONCE = 1000

/** The versions of the rates up to one, the newest first. */
const versionsUntil = (version = 10 ** 12 - 1) => ({
  KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
  ExpressionAttributeValues: { ':pk': RATES, ':first': ratesKey(0).sk, ':last': ratesKey(version).sk },
  ScanIndexForward: false,
})

/** The facts of a version: those of the last one before it that holds all, with what those after that one change. */
const ratesUntil = async (table: Table, version: number): Promise<Map<string, Fact>> => {
  const items: Item[] = []
  for await (const item of table.query(versionsUntil(version))) {
    items.unshift(item)
    if (item['whole']) break
  }
  const facts = new Map<string, Fact>()
  for (const { facts: set, drop = [] } of items) {
    for (const fact of unpack(set)) facts.set(fact.id, fact)
    for (const id of drop as string[]) facts.delete(id)
  }
  return facts
}

const isSame = (a: Fact | undefined, b: Fact) => a !== undefined && packed([a]) === packed([b])

/** A version of the rates, as what it changes in the one before or, now and then, as a whole. */
const ratesItem = (version: number, { facts }: Row, before: Map<string, Fact>): Item => {
  if (version % WHOLE_EVERY === 0) return { ...ratesKey(version), facts: pack(facts.values()), whole: true }
  const set = [...facts.values()].filter((fact) => !isSame(before.get(fact.id), fact))
  const drop = [...before.keys()].filter((id) => !facts.has(id))
  return { ...ratesKey(version), facts: pack(set), ...(drop.length > 0 && { drop }) }
}

export const rowStore = (table: Table, currency: string) => ({
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
    const next = ratesItem(version + 1, row, await ratesUntil(table, version))
    await table.commit([replace(item, version), insert(next)])
  },

  ratesVersion: async (): Promise<number> => {
    for await (const item of table.query({ ...versionsUntil(), Limit: 1 })) return versionIn(item)
    return 0
  },

  ratesAt: async (version: number): Promise<PublishedRate[]> =>
    ratesIn({ ...emptyRow(), facts: await ratesUntil(table, version) }),

  rowsRatedBefore: async function* (version: number): AsyncIterable<StoredRow> {
    const filter = {
      FilterExpression: 'begins_with(pk, :row) AND converts = :yes AND rates < :version',
      ExpressionAttributeValues: { ':row': 'ROW#', ':yes': true, ':version': version },
      ConsistentRead: true,
    }
    for await (const item of table.scan(filter)) yield storedRowIn(item)
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

  /** The rows of the next part of the table, maybe none. */
  rowPage: async (cursor: string | undefined): Promise<Page<StoredRow>> => {
    const { items, ...page } = await table.scanPage(ROWS, { limit: ROWS_AT_ONCE, cursor })
    return { ...page, items: items.map((item) => storedRowIn(item)).filter(({ key }) => !isProbe(key)) }
  },

  /** Every row in an order that stays, from behind the row `after` on. Passes over all else that the table holds. */
  allRows: async function* (after?: string): AsyncIterable<StoredRow> {
    const start = after === undefined ? {} : { ExclusiveStartKey: rowKey(after) }
    for await (const item of table.scan({ ...ROWS, ...start })) {
      const stored = storedRowIn(item)
      if (!isProbe(stored.key)) yield stored
    }
  },
})
