import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DomainEvent } from '../../events/index.ts'
import { createTables } from '../../infra/local/dynamodb.ts'
import type { Actor } from '../../lib/core/context.ts'
import { orderEvents } from '../../lib/feed/order.ts'
import { type FeedPage, type FeedQuery, readFeed } from '../../lib/feed/read.ts'
import { type Arrival, endOf } from '../../lib/feed/sequence.ts'
import { sequenceStore } from '../../lib/feed/sequence-store.ts'
import { eventKey, record } from '../../lib/runtime/journal.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openEngine, type TestEngine } from '../support/engine.ts'
import { billed, onboarded } from '../unit/metrics/story.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await openEngine()
  await createTables()
})
afterAll(() => engine.stop())

const finance: Actor = { subject: 'fin', role: 'finance', scopes: [] }
const sequence = () => sequenceStore(openTable('records'))
const read = (query: Partial<FeedQuery>, actor = finance) => readFeed({ sequence: sequence() })(actor, { limit: 100, ...query })

let numbers = 0
/** Records events, and tells them as the stream would. */
const arrivals = async (events: DomainEvent[]): Promise<Arrival[]> => {
  for (const event of events) await openTable('records').put(record(event))
  return events.map((event) => ({
    sequence: String(++numbers),
    at: 1000,
    entry: { pk: eventKey(event).pk, id: event.id, type: event.type },
  }))
}
const sales = (account: string, count: number) => Array.from({ length: count }, (_, n) => billed(account, n + 1, '2026-01-01'))

/** All pages from a cursor on. */
const readAll = async (query: Partial<FeedQuery>, page = (next: FeedQuery) => read(next)): Promise<DomainEvent[]> => {
  const items: DomainEvent[] = []
  for (let { cursor } = query; ; ) {
    const found: FeedPage = await page({ limit: 7, ...query, cursor })
    items.push(...found.items)
    cursor = found.cursor
    if (found.upToDate) return items
  }
}

describe('the feed of events', () => {
  it('tells all events in one order, in pages, from the first one or from any cursor on, and the same each time', async () => {
    const order = orderEvents({ sequence: sequence() })
    const [a, b] = [sales('a', 25), sales('b', 13)]
    const [fromA, fromB] = [await arrivals(a), await arrivals(b)]
    const { cursor } = await read({ start: 'now' })
    // Two shards at the same time, and each of them once more as a whole.
    await Promise.all([order('one', fromA), order('two', fromB), order('one', fromA.slice(0, 9)), order('two', fromB)])
    const all = await readAll({ cursor })
    expect(all).toHaveLength(38)
    const of = (account: string) => all.filter(({ subject, data }) => JSON.stringify({ subject, data }).includes(`"${account}"`))
    expect([of('a'), of('b')]).toEqual([a, b])
    expect(await readAll({ cursor })).toEqual(all)
    const { items, cursor: middle } = await read({ cursor, limit: 20 })
    expect(items).toEqual(all.slice(0, 20))
    expect(await readAll({ cursor: middle })).toEqual(all.slice(20))
  })

  it('tells what comes later at the cursor where it had come to its end', async () => {
    const { cursor, items, upToDate } = await read({ start: 'now' })
    expect({ items, upToDate }).toEqual({ items: [], upToDate: true })
    expect(await read({ cursor })).toEqual({ items: [], upToDate: true, cursor })
    const later = sales('later', 2)
    await orderEvents({ sequence: sequence() })('one', await arrivals(later))
    expect((await read({ cursor })).items).toEqual(later)
  })

  it('tells the events of a type, or of all types that begin like it', async () => {
    const { cursor } = await read({ start: 'now' })
    const [joined, sale] = [onboarded('p', '2026-01-01'), ...sales('typed', 1)] as [DomainEvent, DomainEvent]
    await orderEvents({ sequence: sequence() })('one', await arrivals([joined, sale]))
    const typed = async (type: string) => (await readAll({ cursor, type })).map(({ id }) => id)
    expect(await typed('transaction')).toEqual([sale.id])
    expect(await typed('partner.milestone-reached.v1')).toEqual([joined.id])
    expect(await typed('part')).toEqual([])
  })

  it('keeps its order where a process ends after it wrote', async () => {
    const before = endOf(await sequence().last())
    const arrived = await arrivals(sales('crash', 3))
    const store = sequence()
    const dying = {
      ...store,
      append: (part: Parameters<typeof store.append>[0]) => store.append(part).then(() => Promise.reject(new Error('dead'))),
    }
    await expect(orderEvents({ sequence: dying })('one', arrived)).rejects.toThrow('dead')
    await orderEvents({ sequence: store })('one', arrived)
    expect(endOf(await store.last())).toBe(before + 3)
  })

  it('refuses a cursor of something else with what to do, and a partner', async () => {
    await expect(read({ cursor: 'eyJwayI6' })).rejects.toMatchObject({ details: [{ target: 'cursor' }] })
    await expect(read({}, { subject: 'p', role: 'partner', partnerId: 'p', scopes: [] })).rejects.toMatchObject({
      code: 'forbidden',
    })
  })
})
