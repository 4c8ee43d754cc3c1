import { isCode } from '../core/errors.ts'
import { type Item, insert, replace, type Table } from '../runtime/table.ts'
import { type Batch, EMPTY_LAKE, type LakeDay, type LakeState } from './lake.ts'

// access patterns: how far the lake is · the batches after a number, in order · the last batch · the files of a day
const PARTITION = 'LAKE'
const STATE = { pk: PARTITION, sk: 'STATE' }
const batchKey = (number: number) => ({ pk: PARTITION, sk: `BATCH#${String(number).padStart(10, '0')}` })
const dayKey = (day: string) => ({ pk: PARTITION, sk: `DAY#${day}` })

const batchIn = (item: Item): Batch => ({
  number: Number(item['number']),
  key: String(item['key']),
  events: Number(item['events']),
})

const withoutKey = ({ pk: _, sk: __, ...item }: Item) => item as unknown

export const lakeStore = (table: Table) => {
  const lastNumber = async (): Promise<number> => {
    const last = {
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :batch)',
      ExpressionAttributeValues: { ':pk': PARTITION, ':batch': 'BATCH#' },
      ScanIndexForward: false,
      ConsistentRead: true,
    }
    const { items } = await table.page(last, { limit: 1 })
    return items[0] ? batchIn(items[0]).number : 0
  }

  /** Numbers a batch of the inbox as the next one. Who takes the same number at the same time takes the one after it. */
  const append = async (batch: Omit<Batch, 'number'>): Promise<void> => {
    const number = (await lastNumber()) + 1
    await table.put(insert({ ...batchKey(number), number, ...batch })).catch((error: unknown) => {
      if (!isCode(error, 'conflict')) throw error
      return append(batch)
    })
  }

  return {
    append,

    state: async (): Promise<LakeState> => {
      const item = await table.get(STATE)
      return item ? (withoutKey(item) as LakeState) : EMPTY_LAKE
    },

    /** Saves a state that must still have its version. */
    saveState: async (state: LakeState): Promise<LakeState> => {
      await table.put(replace({ ...STATE, ...state }, state.version))
      return { ...state, version: state.version + 1 }
    },

    /** Batches from one number to another, both included, in order. */
    batches: async function* (first: number, last = 9_999_999_999): AsyncIterable<Batch> {
      const query = {
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: { ':pk': PARTITION, ':first': batchKey(first).sk, ':last': batchKey(last).sk },
      }
      for await (const item of table.query(query)) yield batchIn(item)
    },

    day: async (day: string): Promise<LakeDay> => {
      const item = await table.get(dayKey(day))
      return item ? (withoutKey(item) as LakeDay) : { day, version: 0, parts: [] }
    },

    /** Saves a day that must still have its version. */
    saveDay: (day: LakeDay): Promise<void> => table.put(replace({ ...dayKey(day.day), ...day }, day.version)),
  }
}
export type LakeStore = ReturnType<typeof lakeStore>
