import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../events/metrics.ts'
import { canonical } from '../../lib/metrics/document.ts'
import { openEngine, type TestEngine } from '../support/engine.ts'
import { openLiveMetrics, SETTINGS } from '../support/live-metrics.ts'
import { metricEvent } from '../support/metric-events.ts'
import { metricsOf } from '../support/rows-engine.ts'
import { attached, billed, booked, published } from '../unit/metrics/story.ts'

let engine: TestEngine

beforeAll(async () => {
  engine = await openEngine()
})
afterAll(() => engine.stop())

const recorded = <Event extends MetricEvent>(recordedat: string, event: Event): Event => ({ ...event, recordedat })
const batchAsOf = (events: MetricEvent[], asOf: string, period?: string) =>
  canonical(metricsOf(events, { ...SETTINGS, asOf, period }))

describe('the metrics as they were known at an instant', () => {
  const STORY = [
    recorded('2026-01-01T00:00:00Z', published('EUR', 'USD', '2025-01-01', '1.0850')),
    recorded('2026-01-05T10:00:00Z', attached('a', 'p', 'sourced', '2025-01-01')),
    recorded('2026-01-05T10:00:00.000Z', booked('a', 120_000, '2025-01-01', '2027-01-01', { currency: 'EUR' })),
    recorded('2026-02-01T00:00:00Z', billed('a', 5_000, '2026-01-10', { transactionId: 'inv', currency: 'EUR' })),
    recorded('2026-03-01T00:00:00Z', billed('b', -500, '2026-01-20', { kind: 'refund', corrects: 'inv', currency: 'EUR' })),
    recorded('2026-04-01T00:00:00Z', published('EUR', 'USD', '2025-12-31', '1.2000')),
  ]

  it.each([
    '2025-12-31T23:59:59Z',
    '2026-01-05T10:00:00Z',
    '2026-02-01T00:00:00Z',
    '2026-03-15T00:00:00Z',
    '2026-05-01T00:00:00Z',
  ])('at %s are those of the batch engine', async (asOf) => {
    const live = await openLiveMetrics()
    await live.project(STORY)
    for (const period of [undefined, '2026-01']) expect(await live.readAsOf(asOf, period)).toBe(batchAsOf(STORY, asOf, period))
  })

  it('are those of the batch engine for any events, wherever these have come in', async () => {
    const instant = fc
      .integer({ min: 0, max: 20 })
      .map((n) => new Date(Date.UTC(2026, 0, 1 + n * 10, n, n * 3, n, n % 3)).toISOString())
    const story = fc.array(
      fc.tuple(instant, metricEvent).map((args) => recorded(...args)),
      { maxLength: 15 },
    )
    const run = async (events: MetricEvent[], asOf: string) => {
      const live = await openLiveMetrics()
      await live.project(events)
      expect(await live.readAsOf(asOf)).toBe(batchAsOf(events, asOf))
    }
    await fc.assert(fc.asyncProperty(story, instant, run), { numRuns: 25 })
  })
})
