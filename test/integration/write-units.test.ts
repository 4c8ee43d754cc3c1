import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Capacity, openCapacityProxy } from '../bench/capacity-proxy.ts'
import { openEngine, type TestEngine } from '../support/engine.ts'
import { batchMetrics, openLiveMetrics } from '../support/live-metrics.ts'
import { attached, billed } from '../unit/metrics/story.ts'

let engine: TestEngine
let proxy: Awaited<ReturnType<typeof openCapacityProxy>>
beforeAll(async () => {
  engine = await openEngine()
  proxy = await openCapacityProxy(engine.endpoint)
  process.env['AWS_ENDPOINT_URL_DYNAMODB'] = proxy.url
})
afterAll(async () => {
  await proxy.stop()
  await engine.stop()
})

const KINDS = ['rows', 'marks', 'log', 'aggregates']
const unitsIn = (used: Record<string, Capacity>) => KINDS.map((kind) => used[kind]?.writeUnits ?? 0)

/** The write units that a work takes, by what they are spent on. */
const unitsOf = async (work: () => Promise<void>) => {
  const before = unitsIn(proxy.used)
  await work()
  return Object.fromEntries(unitsIn(proxy.used).map((units, i) => [KINDS[i], units - (before[i] ?? 0)]))
}

describe('what a batch writes', () => {
  const accounts = Array.from({ length: 20 }, (_, i) => `acc-${i}`)
  const events = accounts.flatMap((account, i) => [
    attached(account, `ptn-${i % 4}`, 'sourced', '2024-01-01'),
    ...Array.from({ length: 18 }, (_, m) =>
      billed(account, 10_000 + i * 37 + m, `202${4 + Math.floor(m / 12)}-${String(1 + (m % 12)).padStart(2, '0')}-05`, {
        kind: 'usage',
        transactionId: `inv-${i}-${m}`,
      }),
    ),
    billed(account, -500, '2025-07-01', { kind: 'refund', corrects: `inv-${i}-0` }),
  ])

  it('is a unit a row, a unit a correction and a few for all that they add up to; the second time marks alone', async () => {
    const live = await openLiveMetrics()
    const first = await unitsOf(() => live.project(events))
    expect(first).toEqual({ rows: 20, marks: 20, log: 0, aggregates: 0 })
    const changes = await live.changes()
    const { log = 0, ...others } = await unitsOf(() => live.sum('shard-1', changes))
    expect(others).toEqual({ rows: 0, marks: 0, aggregates: 0 })
    expect(log).toBeGreaterThan(0)
    expect(log).toBeLessThanOrEqual(4)
    expect(await unitsOf(() => live.project(events))).toEqual({ rows: 0, marks: 20, log: 0, aggregates: 0 })
    expect(await unitsOf(() => live.sum('shard-1', changes))).toEqual({ rows: 0, marks: 0, log: 0, aggregates: 0 })
    expect(await live.read()).toBe(batchMetrics(events))
  })
})
