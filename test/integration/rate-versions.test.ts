import { afterAll, beforeAll, expect, it } from 'vitest'
import { emptyRow } from '../../lib/metrics/row.ts'
import { metricsStore } from '../../lib/metrics/store.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openEngine, type TestEngine } from '../support/engine.ts'
import { createTable } from '../support/live-metrics.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await openEngine()
})
afterAll(() => engine.stop())

const rate = (n: number, value = '1.1000') => ({
  type: 'rate' as const,
  id: `evt-${n}`,
  base: 'EUR',
  quote: 'USD',
  rate: value,
  day: 20_000 + n,
  recordedAt: '2026-01-01T00:00:00',
})

it('each version of the rates is what it was, also where rates were corrected or dropped, and costs no more than what it changes', async () => {
  await createTable('rate-versions')
  const table = openTable('rate-versions')
  const store = metricsStore(table, 'USD')
  const facts = new Map<string, ReturnType<typeof rate>>()
  const versions = [[] as unknown[]]
  for (let n = 1; n <= 150; n++) {
    facts.set(`evt-${n}`, rate(n))
    if (n % 40 === 0) facts.delete(`evt-${n - 3}`)
    if (n % 50 === 0) facts.set(`evt-${n - 7}`, rate(n - 7, '2.0000'))
    await store.saveRow({ key: 'RATES', row: { ...emptyRow(), facts: new Map(facts) }, version: n - 1, rates: 0 })
    versions.push([...facts.values()].toSorted((a, b) => a.day - b.day))
  }
  expect(await store.ratesVersion()).toBe(150)
  for (const [version, expected] of versions.entries())
    expect((await store.ratesAt(version)).toSorted((a, b) => a.day - b.day)).toEqual(expected)
  const items = (await Array.fromAsync(table.scan()))
    .filter(({ pk }) => pk === 'RATES')
    .toSorted((a, b) => (a.sk < b.sk ? -1 : 1))
  const sizeOf = (version: number) => (items[version - 1]?.['facts'] as Uint8Array | undefined)?.length ?? 0
  expect(items.filter((item) => item['whole']).map(({ sk }) => Number(sk.slice(2)))).toEqual([64, 128])
  expect([sizeOf(149) < 2 * sizeOf(1), sizeOf(128) > 2 * sizeOf(1)]).toEqual([true, true])
})
