import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../events/metrics.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'
import { run } from '../unit/cli/loopback.ts'
import { attached, billed, booked, published } from '../unit/metrics/story.ts'

const accountOf = (n: number): MetricEvent[] => [
  attached(`acc-${n}`, `par-${n % 3}`, 'sourced', '2025-01-15'),
  booked(`acc-${n}`, 120_000 + n, '2025-01-15', '2026-01-15', { currency: n % 4 ? 'USD' : 'EUR' }),
  billed(`acc-${n}`, 120_000 + n, '2025-01-15', { transactionId: `bill-${n}` }),
  billed(`acc-${(n * 7) % 120}`, -100 * n - 1, '2025-03-31', { kind: 'refund', corrects: `bill-${n}` }),
]

describe('a twin that takes events in', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cosell-verification-'))
  const file = join(folder, 'events.ndjson')
  let twin: TestTwin
  let at: string[]
  beforeAll(async () => {
    twin = await startTwin()
    at = ['--url', twin.url]
    const events = [
      published('EUR', 'USD', '2025-01-01', '1.0850'),
      ...Array.from({ length: 120 }, (_, n) => accountOf(n)).flat(),
    ]
    writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  })
  afterAll(async () => {
    await twin.stop()
    rmSync(folder, { recursive: true })
  })

  it('verifies its numbers meanwhile without a false alarm, and afterwards', async () => {
    const [ingested, ...verified] = await Promise.all([
      run('ingest', file, ...at),
      ...Array.from({ length: 4 }, () => run('verify', '--wait', '60', ...at)),
    ])
    expect(ingested.code).toBe(0)
    for (const { code, out } of [...verified, await run('verify', '--wait', '60', ...at)]) {
      expect(out).toMatch(/^ver_\w+ equal: /)
      expect(code).toBe(0)
    }
  })

  it('does so each night, once', async () => {
    await twin.twin('clock', { days: 1 })
    const { items } = await twin.as({ role: 'finance' }).get('/verifications')
    const nightly = (items as { requestedBy: string; status: string }[]).filter(({ requestedBy }) => requestedBy === 'schedule')
    expect(nightly.length).toBeGreaterThan(1)
    expect(new Set(nightly.map(({ status }) => status))).toEqual(new Set(['equal']))
  })
})
