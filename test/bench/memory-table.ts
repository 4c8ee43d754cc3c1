import type { Receipt } from '../../lib/core/context.ts'
import { type Item, insert, type Key, type Table, type Write } from '../../lib/runtime/table.ts'

const textOf = ({ pk, sk }: Key) => `${pk}\n${sk}`

const receiptOf = ({ key, requestHash, status }: Receipt, answer: unknown): Write =>
  insert({ pk: `RECEIPT#${key}`, sk: 'RECEIPT', requestHash, status, answer })

const notHere = (): never => {
  throw new Error('this table knows only get and commit')
}

/** A table without DynamoDB, for benchmarks of what lies above it; `reset` leaves the seeds alone in it. */
export const memoryTable = (...seeds: Item[]): { table: Table; reset: () => void } => {
  const items = new Map<string, Item>()
  const holds = ({ put, values }: Write) => {
    const found = items.get(textOf(put))
    return values ? found?.['version'] === values[':version'] : !found
  }
  const reset = () => {
    items.clear()
    for (const seed of seeds) items.set(textOf(seed), seed)
  }
  const table: Table = {
    name: 'memory',
    get: async (key) => items.get(textOf(key)),
    commit: async (writes, { context, answer } = {}) => {
      const all = context?.receipt ? [...writes, receiptOf(context.receipt, answer)] : writes
      const refused = all.find((write) => !holds(write))
      if (refused) throw refused.refusal()
      for (const { put } of all) items.set(textOf(put), put)
      if (context?.receipt) context.receipt.kept = true
    },
    getAll: notHere,
    put: notHere,
    putAll: notHere,
    insertAll: notHere,
    removeAll: notHere,
    update: notHere,
    query: notHere,
    page: notHere,
    scanPage: notHere,
    scan: notHere,
  }
  reset()
  return { table, reset }
}
