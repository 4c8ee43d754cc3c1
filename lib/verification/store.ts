import type { Context } from '../core/context.ts'
import { notFound } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { record } from '../runtime/journal.ts'
import { type Item, replace, type Table, type Write } from '../runtime/table.ts'
import type { Cell } from './cell.ts'
import type { FactProblem } from './fact-problem.ts'
import { type Decided, type Found, Kept, viewOf } from './verification.ts'

// access patterns: one verification · all by the time of their request (gsi2) · what a look of one found, in pieces · how many repairs
// were made, and which is going on
const partition = (id: string) => `VERIFICATION#${id}`
const key = (id: string) => ({ pk: partition(id), sk: 'VERIFICATION' })
const index = ({ id, requestedAt }: Kept) => ({ gsi2pk: 'VERIFICATION', gsi2sk: `${requestedAt}#${id}` })
const EPOCH = { pk: 'VERIFICATIONS', sk: 'EPOCH' }

const PIECE = 400
const piecesOf = (id: string, lookId: string, what: string, all: readonly unknown[]): Item[] =>
  Array.from({ length: Math.ceil(all.length / PIECE) }, (_, n) => ({
    pk: partition(id),
    sk: `LOOK#${lookId}#${what}#${String(n).padStart(6, '0')}`,
    items: all.slice(n * PIECE, (n + 1) * PIECE),
  }))

type Epoch = { version: number; open?: string }

export const verificationStore = (table: Table) => {
  const epoch = async (): Promise<Epoch> => {
    const item = await table.get(EPOCH)
    return { version: Number(item?.['version'] ?? 0), ...(item?.['open'] !== undefined && { open: String(item['open']) }) }
  }

  const commit = async ({ kept, event }: Decided, context: Context, writes: Write[] = []): Promise<Kept> => {
    const saved = { ...kept, version: kept.version + 1 }
    const write = replace({ ...kept, ...key(kept.id), ...index(kept) }, kept.version)
    await table.commit([write, record(event), ...writes], { context, answer: viewOf(saved) })
    return saved
  }

  const piecesOfLook = async function* <T>(id: string, lookId: string, what: string): AsyncIterable<T[]> {
    const query = {
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :look)',
      ExpressionAttributeValues: { ':pk': partition(id), ':look': `LOOK#${lookId}#${what}#` },
    }
    for await (const item of table.query(query)) yield item['items'] as T[]
  }

  return {
    get: async (id: string): Promise<Kept> => {
      const item = await table.get(key(id))
      if (!item) throw notFound('verification', id)
      return Kept.parse(item)
    },

    list: async ({ limit, cursor }: PageQuery): Promise<Page<Kept>> => {
      const query = {
        IndexName: 'gsi2',
        KeyConditionExpression: 'gsi2pk = :all',
        ExpressionAttributeValues: { ':all': 'VERIFICATION' },
        ScanIndexForward: false,
      }
      const { items, ...page } = await table.page(query, { limit, cursor })
      return { ...page, items: items.map((item) => Kept.parse(item)) }
    },

    /** The number of repairs that were made; undefined while one is going on. */
    epoch: async (): Promise<number | undefined> => {
      const { version, open } = await epoch()
      return open === undefined ? version : undefined
    },

    /** State and event in one transaction. */
    save: (decided: Decided, context: Context): Promise<Kept> => commit(decided, context),

    /** The same, and from here on no other repair: `stale_version` if one came first. */
    beginRepair: (decided: Decided, context: Context): Promise<Kept> =>
      commit(decided, context, [replace({ ...EPOCH, open: decided.kept.id }, decided.kept.epoch ?? 0)]),

    endRepair: async (decided: Decided, context: Context): Promise<Kept> =>
      commit(decided, context, [replace({ ...EPOCH }, (await epoch()).version)]),

    keepFound: (id: string, lookId: string, { cells, facts }: Found): Promise<void> =>
      table.putAll([...piecesOf(id, lookId, 'CELLS', cells), ...piecesOf(id, lookId, 'FACTS', facts)]),

    foundCells: ({ id, lookId = '' }: Kept): AsyncIterable<Cell[]> => piecesOfLook<Cell>(id, lookId, 'CELLS'),
    foundFacts: ({ id, lookId = '' }: Kept): AsyncIterable<FactProblem[]> => piecesOfLook<FactProblem>(id, lookId, 'FACTS'),
  }
}
export type VerificationStore = ReturnType<typeof verificationStore>
