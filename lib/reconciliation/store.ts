import type { Context } from '../core/context.ts'
import { notFound } from '../core/errors.ts'
import type { Page } from '../core/page.ts'
import { record } from '../runtime/journal.ts'
import { type Item, replace, type Table } from '../runtime/table.ts'
import type { ExceptionQuery } from './contract.ts'
import { Cycle, NO_CYCLE } from './cycle.ts'
import { type Decided, Exception, LIVE, type State } from './exception.ts'

// access patterns: one exception · those of an account that the facts have not resolved (gsi1) · all by state and age (gsi2) · how far the
// run is
const key = (id: string) => ({ pk: `EXCEPTION#${id}`, sk: 'EXCEPTION' })
const indexes = ({ id, accountId, state, since }: Exception) => ({
  ...(state !== 'resolved' && { gsi1pk: `EXCEPTIONS#${accountId}`, gsi1sk: id }),
  gsi2pk: 'EXCEPTION',
  gsi2sk: `${state}#${since}#${id}`,
})
const CYCLE = { pk: 'CYCLE#reconciliation', sk: 'CYCLE' }

type Filter = Omit<ExceptionQuery, 'limit' | 'cursor'>

const FILTERS = ['kind', 'owner', 'marketplace'] as const

const queryOf = (filter: Filter) => {
  const { state } = filter
  const set = FILTERS.filter((name) => filter[name] !== undefined)
  return {
    IndexName: 'gsi2',
    KeyConditionExpression: `gsi2pk = :all${state ? ' AND begins_with(gsi2sk, :state)' : ''}`,
    ExpressionAttributeValues: {
      ':all': 'EXCEPTION',
      ...(state && { ':state': `${state}#` }),
      ...Object.fromEntries(set.map((name) => [`:${name}`, filter[name]])),
    },
    ...(set.length > 0 && {
      FilterExpression: set.map((name) => `#${name} = :${name}`).join(' AND '),
      ExpressionAttributeNames: Object.fromEntries(set.map((name) => [`#${name}`, name])),
    }),
  }
}

const exceptionIn = (item: Item) => Exception.parse(item)

export const reconciliationStore = (table: Table) => {
  const all = async function* (filter: Filter): AsyncIterable<Exception> {
    for await (const item of table.query(queryOf(filter))) yield exceptionIn(item)
  }
  return {
    get: async (id: string): Promise<Exception> => {
      const item = await table.get(key(id))
      if (!item) throw notFound('exception', id)
      return exceptionIn(item)
    },

    /** Those of these that were ever found; each id once. */
    known: async (ids: string[]): Promise<Map<string, Exception>> => {
      const items = ids.length > 0 ? await table.getAll(ids.map(key)) : []
      return new Map(items.map(exceptionIn).map((exception) => [exception.id, exception]))
    },

    /** The ids of an account's exceptions that are not resolved. */
    liveOf: async function* (accountId: string): AsyncIterable<string> {
      const query = {
        IndexName: 'gsi1',
        KeyConditionExpression: 'gsi1pk = :account',
        ExpressionAttributeValues: { ':account': `EXCEPTIONS#${accountId}` },
      }
      for await (const item of table.query(query)) yield String(item['id'])
    },

    /** By state, in each the oldest first. A page may hold less than `limit`, and another one come after it. */
    list: async ({ limit, cursor, ...filter }: ExceptionQuery): Promise<Page<Exception>> => {
      const { items, ...page } = await table.page(queryOf(filter), { limit, cursor })
      return { ...page, items: items.map(exceptionIn) }
    },

    all,

    /** All that are not resolved. */
    live: async function* (): AsyncIterable<Exception> {
      for (const state of LIVE satisfies readonly State[]) yield* all({ state })
    },

    /** The next version of an exception with its events, in one transaction. */
    save: async ({ exception, events }: Decided, context: Context, answer?: unknown): Promise<void> => {
      const write = replace({ ...key(exception.id), ...indexes(exception), ...exception }, exception.version)
      await table.commit([write, ...events.map(record)], { context, answer })
    },

    cycle: async (): Promise<Cycle> => {
      const item = await table.get(CYCLE)
      return item ? Cycle.parse(item) : NO_CYCLE
    },

    /** `stale_version` when another run is at it. */
    keepCycle: async (cycle: Cycle): Promise<Cycle> => {
      await table.put(replace({ ...CYCLE, ...cycle }, cycle.version))
      return { ...cycle, version: cycle.version + 1 }
    },
  }
}
export type ReconciliationStore = ReturnType<typeof reconciliationStore>
