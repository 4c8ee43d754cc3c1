import type { DomainEvent } from '../../events/index.ts'
import type { Context } from '../core/context.ts'
import { notFound } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { record } from '../runtime/journal.ts'
import { type Item, insert, replace, type Table, type Write } from '../runtime/table.ts'
import { book, type Transaction } from '../transactions/transaction.ts'
import { Settled } from './settle.ts'
import { type Decided, Import } from './settlement.ts'
import type { Changes, Linked } from './take.ts'

// access patterns: one import · all imports by the time of their request (gsi2) · those to be read again (gsi1) · what the books hold of an entry · what an order or
// payment is · the rejected rows of a run
const key = (id: string) => ({ pk: `SETTLEMENT#${id}`, sk: 'SETTLEMENT' })
const index = ({ id, requestedAt, repeatAt }: Import) => ({
  gsi2pk: 'SETTLEMENT',
  gsi2sk: `${requestedAt}#${id}`,
  ...(repeatAt && { gsi1pk: 'SETTLEMENT#REPEAT', gsi1sk: `${repeatAt}#${id}` }),
})
const settledKey = (entry: string) => ({ pk: `SETTLED#${entry}`, sk: 'SETTLED' })
const linkKey = (link: string) => ({ pk: `LINK#${link}`, sk: 'LINK' })
const rejectedKey = ({ id, run }: Pick<Import, 'id' | 'run'>, line: number) => ({
  pk: `SETTLEMENT#${id}`,
  sk: `REJECTED#${String(run).padStart(6, '0')}#${String(line).padStart(12, '0')}`,
})

export type Rejection = Changes['rejections'][number]
const REJECTION_DAYS = 90
const DAY_S = 86_400

const rejectionWrite = (settlement: Import, rejection: Rejection, now: string): Write => {
  const ttl = Math.floor(Date.parse(now) / 1000) + REJECTION_DAYS * DAY_S
  return insert({ ...rejectedKey(settlement, rejection.line), ...rejection, ttl })
}

const settledWrite = (settled: Settled): Write => replace({ ...settledKey(settled.key), ...settled }, settled.version)

const linkWrite = ({ link, version }: Linked): Write => replace({ ...linkKey(link.key), link: JSON.stringify(link) }, version)

const importWrite = (settlement: Import): Write =>
  replace({ ...key(settlement.id), ...index(settlement), ...settlement }, settlement.version)

const linkedIn = ({ link, version }: Item): Linked => ({ link: JSON.parse(String(link)), version: Number(version) })

type Dependencies = {
  hash: (text: string) => string
  /** What records a transaction, so that its provider key is taken. */
  transactionWrites: (transaction: Transaction, events: DomainEvent[]) => Write[]
}

export const settlementStore = (table: Table, { hash, transactionWrites }: Dependencies) => ({
  get: async (id: string): Promise<Import> => {
    const item = await table.get(key(id))
    if (!item) throw notFound('settlement', id)
    return Import.parse(item)
  },

  list: async ({ limit, cursor }: PageQuery): Promise<Page<Import>> => {
    const query = {
      IndexName: 'gsi2',
      KeyConditionExpression: 'gsi2pk = :all',
      ExpressionAttributeValues: { ':all': 'SETTLEMENT' },
      ScanIndexForward: false,
    }
    const { items, ...page } = await table.page(query, { limit, cursor })
    return { ...page, items: items.map((item) => Import.parse(item)) }
  },

  /** The ids of those that are to be read again by now, the longest due first. */
  due: async (now: string, limit: number): Promise<string[]> => {
    const query = {
      IndexName: 'gsi1',
      KeyConditionExpression: 'gsi1pk = :repeat AND gsi1sk < :now',
      ExpressionAttributeValues: { ':repeat': 'SETTLEMENT#REPEAT', ':now': `${now}~` },
    }
    const { items } = await table.page(query, { limit })
    return items.map(({ pk }) => pk.slice(key('').pk.length))
  },

  /** State and events in one transaction. */
  save: async ({ settlement, events }: Decided, context: Context, answer?: unknown): Promise<Import> => {
    await table.commit([importWrite(settlement), ...events.map(record)], { context, answer })
    return { ...settlement, version: settlement.version + 1 }
  },

  /** What the books hold of these entries; each key once. */
  settled: async (keys: string[]): Promise<Map<string, Settled>> => {
    const items = keys.length > 0 ? await table.getAll(keys.map(settledKey)) : []
    return new Map(items.map((item) => Settled.parse(item)).map((settled) => [settled.key, settled]))
  },

  links: async (keys: string[]): Promise<Map<string, Linked>> => {
    const items = keys.length > 0 ? await table.getAll(keys.map(linkKey)) : []
    return new Map(items.map(linkedIn).map((linked) => [linked.link.key, linked]))
  },

  /** What lines change and how far the reading came, in one transaction: a line is counted exactly when it is in the books. */
  advance: async (settlement: Import, changes: Changes, context: Context): Promise<Import> => {
    const booked = changes.transactions.map((transaction) => book(transaction, hash, context))
    await table.commit([
      importWrite(settlement),
      ...[...changes.settled.values()].map(settledWrite),
      ...[...changes.links.values()].map(linkWrite),
      ...booked.flatMap(({ transaction, event }) => transactionWrites(transaction, [event])),
      ...changes.rejections.map((rejection) => rejectionWrite(settlement, rejection, context.now)),
    ])
    return { ...settlement, version: settlement.version + 1 }
  },

  rejections: async function* (settlement: Pick<Import, 'id' | 'run'>): AsyncIterable<Rejection> {
    const query = {
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :run)',
      ExpressionAttributeValues: { ':pk': key(settlement.id).pk, ':run': rejectedKey(settlement, 0).sk.slice(0, -12) },
    }
    for await (const { line, column, reason } of table.query(query))
      yield { line: Number(line), column: String(column), reason: String(reason) }
  },
})
export type SettlementStore = ReturnType<typeof settlementStore>
