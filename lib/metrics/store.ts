import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { isCode } from '../core/errors.ts'
import type { Page } from '../core/page.ts'
import { imageOf, type StreamRecord } from '../runtime/stream-record.ts'
import { type Item, insert, replace, type Table } from '../runtime/table.ts'
import { type Aggregates, addUp, type Contribution, emptyAggregates, type Family } from './aggregate.ts'
import { addition, aggregateKey, correction, removal, summed, sumsIn, type Wrong } from './aggregate-item.ts'
import type { Fact, PublishedRate, Transaction } from './fact.ts'
import type { Link } from './link.ts'
import { emptyRow, type Row } from './row.ts'
import { correctedBy } from './transaction.ts'
import { beyond, type Delta, isProbe, markName, oldMarks, probeKey, repairName } from './watermark.ts'

// access patterns: one row · all rows, from one on (scan) · rows whose rates are older than a version (scan) · the rates as of a version · the transactions that are
// or correct one of an id · the aggregates of a family and year · all sums (scan, to verify them) · the answers to a set of
// probes. Everything here is derived from events and may be wiped.

/** A row as stored; `rates` is the version of the rate table that its contributions are converted with. */
export type StoredRow = { key: string; row: Row; version: number; rates: number }

const rowKey = (key: string) => ({ pk: `ROW#${key}`, sk: 'ROW' })
const ratesKey = (version: number) => ({ pk: 'RATES', sk: `V#${version}` })
const linksOf = (transactionId: string) => `LINKS#${transactionId}`
const correctedKey = (transactionId: string) => ({ pk: linksOf(transactionId), sk: 'CORRECTED' })

const linkItems = ({ key, fact }: Link): Item[] => {
  const under = (transactionId: string) => ({ pk: linksOf(transactionId), sk: `EVENT#${fact.id}`, key, fact })
  const corrected = correctedBy(fact)
  return [under(fact.transactionId), ...(corrected === undefined ? [] : [under(corrected), correctedKey(corrected)])]
}

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

const ROWS = {
  FilterExpression: 'begins_with(pk, :row)',
  ExpressionAttributeValues: { ':row': 'ROW#' },
  ConsistentRead: true,
}
// What is looked at for one page, with the items between that are no rows.
const ROWS_AT_ONCE = 1000

// They spread over the shards of the stream by the hash of their keys: that one of ten shards gets none is less likely than 1 in 10^4.
const PROBES = 128
const DAY_S = 86_400
const probedPartition = (probeId: string) => `PROBED#${probeId}`

/** `probes`: how many empty rows ask whether the sums follow. */
export const metricsStore = (table: Table, currency: string, probes = PROBES) => ({
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

  /** Notes transactions under their own ids and under the ids that they correct. */
  link: async (links: Link[]): Promise<void> => {
    const items = links.flatMap(linkItems)
    await table.putAll([...new Map(items.map((item) => [`${item.pk} ${item.sk}`, item])).values()])
  },

  /** Those of the transaction ids that some other transaction corrects. */
  corrected: async (transactionIds: string[]): Promise<string[]> => {
    const marks = await table.getAll([...new Set(transactionIds)].map(correctedKey))
    return marks.map(({ pk }) => pk.slice('LINKS#'.length))
  },

  /** The transactions that have the id or correct it. */
  linked: async (transactionId: string): Promise<Link[]> => {
    const query = {
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :event)',
      ExpressionAttributeValues: { ':pk': linksOf(transactionId), ':event': 'EVENT#' },
    }
    const links: Link[] = []
    for await (const { key, fact } of table.query(query)) links.push({ key, fact } as Link)
    return links
  },

  /**
   * Adds the deltas of one aggregate item that were not added before: the item carries, for each shard that wrote to it, the last
   * sequence number it contains. Exact under retries and under batches that are cut in other ways the second time.
   */
  add: async (shard: string, deltas: Delta[]) => {
    const [head, last] = [deltas[0], deltas.at(-1)]
    if (!head || !last) return
    const key = aggregateKey(head.contribution)
    const mark = markName(shard)
    const apply = async (fresh: Delta[]) => {
      const [first, cells] = [fresh[0], summed(fresh)]
      if (!first || cells.length === 0) return
      const before = await table.update(addition(mark, first, last, cells))
      const old = oldMarks(before ?? {}, last.at).filter((name) => name !== mark)
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

  /** The aggregates of some families in some years; year 0 has what belongs to no month. */
  aggregates: async (families: readonly Family[], years: readonly number[]): Promise<Aggregates> => {
    const all = emptyAggregates()
    const load = async (family: Family, year: number) => {
      const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': `AGG#${family}#${year}` } }
      for await (const item of table.query(query)) addUp(sumsIn(item), all)
    }
    await Promise.all(families.flatMap((family) => years.map((year) => load(family, year))))
    return all
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

  allSums: async function* (): AsyncIterable<Contribution> {
    const filter = {
      FilterExpression: 'begins_with(pk, :sum)',
      ExpressionAttributeValues: { ':sum': 'AGG#' },
      ConsistentRead: true,
    }
    for await (const item of table.scan(filter)) yield* sumsIn(item)
  },

  /** Writes rows without facts: once all are answered, every change of a row before them is in the sums. `now` in seconds since 1970. */
  sendProbes: async (probeId: string, now: number): Promise<void> => {
    const row = { facts: pack([]), version: 1, rates: 0, converts: false, ttl: now + DAY_S }
    await table.putAll(Array.from({ length: probes }, (_, n) => ({ ...rowKey(probeKey(probeId, n)), ...row })))
  },

  answerProbes: async (rows: { key: string; at: number }[]): Promise<void> =>
    table.putAll(
      rows.map(({ key, at }) => {
        const [, probeId = '', n = ''] = key.split('#')
        return { pk: probedPartition(probeId), sk: n, ttl: Math.ceil(at) + DAY_S }
      }),
    ),

  /** Whether all probes came through. */
  areAnswered: async (probeId: string): Promise<boolean> => {
    const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': probedPartition(probeId) } }
    let answers = 0
    for await (const _ of table.query(query)) answers++
    return answers === probes
  },

  /** Corrects cells of one item under an id, once; false: they are not as they were found any more, and nothing is written. */
  correct: async (repairId: string, cells: Wrong[]): Promise<boolean> => {
    const [first] = cells
    if (!first) return true
    const write = correction(repairName(repairId), first, cells)
    try {
      await table.update(write)
      return true
    } catch (error) {
      if (!isCode(error, 'stale_version')) throw error
      return (await table.get(write.Key))?.[repairName(repairId)] !== undefined
    }
  },
})
export type MetricsStore = ReturnType<typeof metricsStore>
