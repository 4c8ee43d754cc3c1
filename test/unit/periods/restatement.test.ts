import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../../events/metrics.ts'
import {
  type Aggregates,
  addUp,
  type Contribution,
  contributionsIn,
  difference,
  emptyAggregates,
} from '../../../lib/metrics/aggregate.ts'
import { canonical, type MetricsDocument } from '../../../lib/metrics/document.ts'
import { emptyRow, ratesIn } from '../../../lib/metrics/row.ts'
import type { Rows } from '../../../lib/metrics/rows.ts'
import { isReported, ratesOf, restate } from '../../../lib/periods/adjustment.ts'
import { freeze, knownAnywhere, knownIn } from '../../../lib/periods/frozen.ts'
import { changesBetween, restatedOf } from '../../../lib/periods/restatement.ts'
import { metricEvent, RATES } from '../../support/metric-events.ts'
import { metricsOf, rowsOf } from '../../support/rows-engine.ts'
import { attached, billed, booked, cost, detached, onboarded, published } from '../metrics/story.ts'

const [PERIOD, CLOSED_AT, LATER] = ['2026-01', '2026-02-03T10:00:00.000Z', '2026-02-20T00:00:00Z']
const SETTINGS = { currency: 'USD', grossMargin: 8000, asOf: CLOSED_AT, period: PERIOD }
const REACH = { period: PERIOD, closedAt: CLOSED_AT }

const late = <Event extends MetricEvent>(event: Event): Event => ({ ...event, recordedat: LATER })

const keyed = async function* (rows: Rows) {
  for (const [key, row] of rows) yield { key, row }
}

const ratesRow = (rows: Rows) => rows.get('RATES') ?? emptyRow()

/** Closes a month with some events, and looks at it again when others have become known. */
const closeAndRestate = async (known: MetricEvent[], later: MetricEvent[]) => {
  const before = rowsOf(known)
  const frozen = await freeze({ rates: ratesRow(before), rows: keyed(before), expected: new Set(), settings: SETTINGS })
  const rows = rowsOf([...known, ...later.map(late)])
  const rates = ratesOf(ratesIn(ratesRow(rows)), knownAnywhere(frozen.known), SETTINGS.currency)
  const sums = { before: emptyAggregates(), now: emptyAggregates(), changes: [] as Contribution[] }
  const adjustments = [...rows].flatMap(([key, row]) => {
    const restated = restate(key, row, knownIn(frozen.known, key), rates, REACH)
    addUp(restated.before, sums.before)
    addUp(restated.now, sums.now)
    sums.changes.push(...restated.changes)
    return restated.adjustment ?? []
  })
  const reported = JSON.parse(canonical(frozen.document)) as MetricsDocument
  const restated = restatedOf(sums, reported, isReported(REACH), SETTINGS)
  return { reported, restated, adjustments, sums, values: changesBetween(reported, restated) }
}

/** What all is worth that is known later, on the day of the close. */
const knownAll = (known: MetricEvent[], later: MetricEvent[]) =>
  metricsOf([...known, ...later.map((event) => ({ ...event, recordedat: CLOSED_AT }))], SETTINGS) as MetricsDocument

const partsOf = (aggregates: Aggregates) =>
  new Map(
    contributionsIn(aggregates).map(({ family, year, scope, cell, value }) => [`${family} ${scope} ${year} ${cell}`, value]),
  )

describe('whatever becomes known after the close of a month', () => {
  const story = fc.tuple(
    fc.array(metricEvent, { maxLength: 20, size: 'max' }),
    fc.array(metricEvent, { minLength: 1, maxLength: 12, size: 'max' }),
  )
  const early = (events: MetricEvent[]) =>
    [...RATES, ...events].map((event) => ({ ...event, recordedat: '2026-01-15T00:00:00Z' }))

  it('reported and adjustments are restated, sum by sum', () =>
    fc.assert(
      fc.asyncProperty(story, async ([known, later]) => {
        const { adjustments, sums } = await closeAndRestate(early(known), later)
        const changed = difference(contributionsIn(sums.now), contributionsIn(sums.before)).filter(isReported(REACH))
        const listed = new Map<string, number>()
        for (const { family, month = '0000-00', partnerId = 'all partners', measure, amount } of adjustments.flatMap(
          ({ parts }) => parts,
        )) {
          const key = `${family} ${partnerId} ${Number(month.slice(0, 4))} ${month.slice(5)}.${measure}`
          listed.set(key, (listed.get(key) ?? 0) + amount)
        }
        const expected = partsOf(addUp(changed))
        expect(new Map([...listed].filter(([, amount]) => amount !== 0))).toEqual(expected)
      }),
      { numRuns: 150 },
    ))

  it('the restated values are those of the batch engine of all that is known', () =>
    fc.assert(
      fc.asyncProperty(story, async ([known, later]) => {
        const { restated } = await closeAndRestate(early(known), later)
        const { nrr, revenue, revenueTotals, cac, ropi } = knownAll(early(known), later)
        const { nrr: n, revenue: r, revenueTotals: t, cac: c, ropi: p } = restated
        expect([n, r, t, c, p]).toEqual([nrr, revenue, revenueTotals, cac, ropi])
      }),
      { numRuns: 150 },
    ))

  it('each adjustment names events that were not known before', () =>
    fc.assert(
      fc.asyncProperty(story, async ([known, later]) => {
        const { adjustments } = await closeAndRestate(early(known), later)
        const ids = new Set(later.map(({ id }) => id))
        for (const { events } of adjustments) {
          expect(events.length).toBeGreaterThan(0)
          expect(events.filter(({ eventId }) => !ids.has(eventId))).toEqual([])
        }
      }),
      { numRuns: 150 },
    ))

  it('nothing is adjusted when nothing new is known', () =>
    fc.assert(
      fc.asyncProperty(story, async ([known]) => {
        const { adjustments, values } = await closeAndRestate(early(known), [])
        expect([adjustments, values]).toEqual([[], []])
      }),
      { numRuns: 20 },
    ))
})

describe('a closed month', () => {
  const STORY = [
    ...RATES,
    onboarded('p', '2025-11-01'),
    attached('acme', 'p', 'sourced', '2025-01-01'),
    booked('acme', 12_000, '2025-01-01', '2027-01-01', { currency: 'EUR' }),
    billed('acme', 1_000, '2026-01-10', { transactionId: 'invoice', currency: 'EUR' }),
    billed('bolt', 700, '2026-01-11', { transactionId: 'direct' }),
    cost('support', 'partner', 300, '2026-01', { partnerId: 'p' }),
  ]
  const since = async (...later: MetricEvent[]) => {
    const { adjustments, values } = await closeAndRestate(STORY, later)
    return {
      rows: adjustments.map(({ row }) => `${row.kind} ${row.id}`),
      events: adjustments.map(({ events }) => events.map(({ eventId }) => eventId)),
      parts: adjustments.flatMap(({ parts }) => parts),
      values: values.map(({ metric, of, window }) => [metric, of, window].filter(Boolean).join(' ')),
    }
  }

  it('takes a late transaction as a line with its amount', async () => {
    const event = billed('bolt', 50, '2026-01-20')
    const { rows, events, parts, values } = await since(event)
    expect([rows, events]).toEqual([['account bolt'], [[event.id]]])
    expect(parts).toEqual([
      { family: 'revenue', month: '2026-01', measure: 'direct', amount: 50 },
      { family: 'revenue', month: '2026-01', measure: 'credits', amount: 1 },
    ])
    expect(values).toEqual(['revenue all'])
  })

  it('takes a correction from another account with that one', async () => {
    const event = billed('bolt', -100, '2026-01-25', { kind: 'credit', corrects: 'invoice', currency: 'EUR' })
    const { rows, events } = await since(event)
    expect([rows, events]).toEqual([['account bolt'], [[event.id]]])
  })

  it('takes an original that comes late and turns what was taken back of it into a tax', async () => {
    const refund = billed('bolt', -5, '2026-01-20', { kind: 'refund', corrects: 'vat' })
    const original = billed('bolt', 5, '2026-01-19', { kind: 'tax', transactionId: 'vat' })
    const { adjustments } = await closeAndRestate([...STORY, refund], [original])
    expect(adjustments.map(({ events }) => events.map(({ eventId }) => eventId))).toEqual([[original.id]])
  })

  it('moves first revenue when it is taken back, whenever that was', async () => {
    const event = billed('acme', -1_000, '2026-06-01', { kind: 'refund', corrects: 'invoice', currency: 'EUR' })
    const { events, parts, values } = await since(event)
    expect(events).toEqual([[event.id]])
    expect(parts).toEqual([{ family: 'first-revenue', month: '2026-01', partnerId: 'p', measure: '10', amount: -1 }])
    expect(values).toEqual(['ttv all'])
  })

  it('takes an attachment in the past, and one that ended there', async () => {
    const begun = attached('bolt', 'q', 'influenced', '2026-01-01')
    const { events: first, values } = await since(begun)
    expect([first, values]).toEqual([[[begun.id]], ['revenue all', 'revenue q', 'ropi q']])
    const ended = detached('acme', 'p', 'sourced', '2025-06-01')
    const { rows, events } = await since(ended, attached('acme', 'r', 'sourced', '2026-02-15'))
    expect([rows, events]).toEqual([['account acme'], [[ended.id]]])
  })

  it('names the rate where only that is new, in every row that it converts', async () => {
    const rate = published('EUR', 'USD', '2025-12-31', '1.2000')
    const { rows, events } = await since(rate, published('EUR', 'USD', '2026-02-01', '1.3000'))
    expect([rows, events]).toEqual([['account acme'], [[rate.id]]])
  })

  it('takes a late cost', async () => {
    const event = cost('support', 'partner', 40, '2026-01', { partnerId: 'p' })
    const { rows, events, parts, values } = await since(event)
    expect([rows, events, values]).toEqual([['costs p#2026-01'], [[event.id]], ['ropi p']])
    expect(parts).toContainEqual({ family: 'partner-cost', month: '2026-01', partnerId: 'p', measure: 'cost', amount: 40 })
  })

  it('is not changed by what belongs to later months', async () => {
    const later = [billed('acme', 900, '2026-02-02'), onboarded('q', '2026-02-10'), cost('support', 'partner', 1, '2026-02')]
    expect((await since(...later)).rows).toEqual([])
  })

  it('is refused when the rows do not make what was reported', async () => {
    const { reported, sums } = await closeAndRestate(STORY, [])
    const other = { ...reported, knownEvents: 1 }
    expect(() => restatedOf(sums, other, isReported(REACH), SETTINGS)).toThrow('cannot be computed again')
    const lost = {
      ...sums,
      now: addUp([{ family: 'spend', year: 2026, scope: 'all partners', cell: '01.direct', value: 1 }], sums.now),
    }
    expect(() => restatedOf(lost, reported, isReported(REACH), SETTINGS)).toThrow('are not restated')
  })
})
