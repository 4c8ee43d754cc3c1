import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../../events/metrics.ts'
import { dayNumber } from '../../../lib/core/period.ts'
import type { MetricsDocument } from '../../../lib/metrics/document.ts'
import { Evidence, evidenceOf, factIn } from '../../../lib/metrics/evidence.ts'
import { factOf } from '../../../lib/metrics/fact.ts'
import { Line, lineOf, partsIn, recomputed, Subject, subjectOf } from '../../../lib/metrics/lineage.ts'
import { rateTable } from '../../../lib/metrics/rates.ts'
import { ratesIn } from '../../../lib/metrics/row.ts'
import { METRICS, type ValueName, valueIn } from '../../../lib/metrics/value.ts'
import { metricEvent } from '../../support/metric-events.ts'
import { metricsOfRows, rowsOf } from '../../support/rows-engine.ts'
import { attached, billed, booked, cost, detached, onboarded, published } from './story.ts'

const SETTINGS = { currency: 'USD', grossMargin: 8000 }
const RATES = [published('EUR', 'USD', '2025-10-10', '1.0850'), published('JPY', 'USD', '2026-01-05', '0.0068')]

/** A story taken in: its rows, and the metrics that the batch engine makes of all of them. */
const taken = (events: MetricEvent[]) => {
  const rows = rowsOf(events)
  const document = metricsOfRows(rows, SETTINGS)
  if ('error' in document) throw new Error(`missing rates ${document.pairs}`)
  return { rows, document }
}
type Taken = ReturnType<typeof taken>

const lineage = ({ rows }: Taken, name: ValueName) => {
  const rates = ratesIn(rows.get('RATES') ?? { facts: new Map(), foreign: new Map() })
  const table = rateTable(rates, SETTINGS.currency)
  const found = [...rows].flatMap(([key, row]) => lineOf(key, row, name, table) ?? [])
  const ids = new Set(found.flatMap(({ rateIds }) => [...rateIds]))
  return { lines: found.map(({ line }) => line), rates: rates.filter(({ id }) => ids.has(id)).map(evidenceOf) }
}

/** What went over a network: nothing but JSON that its schema allows. */
const sent = (listed: ReturnType<typeof lineage>): ReturnType<typeof lineage> => JSON.parse(JSON.stringify(listed))

const again = (story: Taken, name: ValueName) =>
  recomputed(sent(lineage(story, name)), name, { ...SETTINGS, asOfDay: dayNumber(story.document.asOfDay ?? '2026-01-01') })

/** Every value that a document has. */
const namesIn = ({ nrr, revenue, revenueTotals, cac, ropi }: MetricsDocument): ValueName[] => {
  const window = 12
  const partnerOf = (partnerId: string) => (partnerId === 'all' ? {} : { partnerId })
  return [
    ...nrr.map((row): ValueName => ({ metric: 'nrr', period: row.month, window: row.window, ...partnerOf(row.partnerId) })),
    ...revenue.map(({ month, partnerId }): ValueName => ({ metric: 'revenue', period: month, window, partnerId })),
    ...revenueTotals.map(({ month }): ValueName => ({ metric: 'revenue', period: month, window })),
    ...cac.filter(({ from, to }) => from === to).map(({ from }): ValueName => ({ metric: 'cac', period: from, window })),
    ...ropi.map(({ month, partnerId }): ValueName => ({ metric: 'ropi', period: month, window, partnerId })),
    ...revenueTotals.slice(0, 1).map(({ month }): ValueName => ({ metric: 'ttv', period: month, window })),
  ]
}

const reported = ({ document }: Taken, name: ValueName) => {
  const value = valueIn(document, name)
  // The document lists the cohorts of all months.
  return Array.isArray(value) ? value.filter((row) => 'cohort' in row && ['all', name.period].includes(row.cohort)) : value
}

it('the facts and rates behind any value of any story give that value again', () => {
  const law = fc.property(fc.array(metricEvent, { maxLength: 20, size: 'max' }), (events) => {
    const story = taken([...RATES, ...events])
    for (const name of namesIn(story.document)) expect([name, again(story, name)]).toEqual([name, reported(story, name)])
  })
  fc.assert(law, { numRuns: 60 })
})

it('a fact is shown as its event tells it, and is the same fact when it is read again', () => {
  const law = fc.property(metricEvent, (event) => {
    const fact = factOf(event)
    const shown = Evidence.parse(JSON.parse(JSON.stringify(evidenceOf(fact))))
    expect(factIn(shown)).toEqual(fact)
    expect(shown).toMatchObject({ eventId: event.id })
  })
  fc.assert(law)
})

describe('lineage', () => {
  const STORY = [
    ...RATES,
    attached('acme', 'p', 'sourced', '2025-01-01'),
    detached('acme', 'p', 'sourced', '2026-02-01'),
    booked('acme', 1200, '2025-01-01', '2026-01-01', { transactionId: 'first' }),
    booked('acme', 2400, '2026-01-01', '2027-01-01', { transactionId: 'renewal' }),
    billed('acme', 1200, '2025-01-01', { transactionId: 'invoice', currency: 'EUR' }),
    billed('acme', -200, '2025-03-01', { transactionId: 'credit', kind: 'refund', corrects: 'invoice', currency: 'EUR' }),
    billed('bolt', -70, '2025-03-02', { transactionId: 'abroad', kind: 'credit', corrects: 'invoice', partnerId: 'q' }),
    onboarded('p', '2024-12-01'),
    cost('support', 'partner', 300, '2025-03', { partnerId: 'p', currency: 'EUR' }),
    cost('acquisition', 'shared', 500, '2025-01'),
  ]
  const shown = (name: Omit<ValueName, 'window'> & Partial<ValueName>) => {
    const { lines, rates } = lineage(taken(STORY), { window: 12, ...name })
    const idsOf = (facts: Evidence[]) =>
      facts.map((fact) => (fact.type === 'transaction' ? fact.transactionId : fact.type)).sort()
    return {
      lines: lines.map(({ row, facts, foreign }) => [`${row.kind} ${row.id}`, idsOf(facts), idsOf(foreign)]),
      rates: rates.flatMap((rate) => (rate.type === 'rate' ? rate.base : [])),
    }
  }

  it('of retention has both ends, and the attachments up to the base month', () => {
    expect(shown({ metric: 'nrr', period: '2026-01', partnerId: 'p' })).toEqual({
      lines: [['account acme', ['attached', 'first', 'renewal'], []]],
      rates: [],
    })
    expect(shown({ metric: 'nrr', period: '2025-06', window: 3 }).lines).toEqual([['account acme', ['attached', 'first'], []]])
  })

  it('of revenue has what was billed, what that takes back, also in another account, and the rates of the credit day', () => {
    expect(shown({ metric: 'revenue', period: '2025-03' })).toEqual({
      lines: [
        ['account acme', ['attached', 'credit', 'invoice'], []],
        ['account bolt', ['abroad'], ['invoice']],
      ],
      rates: ['EUR'],
    })
  })

  it('of the return on a partner has its costs too', () => {
    expect(shown({ metric: 'ropi', period: '2025-03', partnerId: 'p' }).lines).toEqual([
      ['account acme', ['attached', 'credit', 'invoice'], []],
      ['costs p#2025-03', ['cost'], []],
    ])
  })

  it('of the cost of new customers has the customer and the spend', () => {
    expect(shown({ metric: 'cac', period: '2025-01' }).lines).toEqual([
      ['account acme', ['attached', 'first'], []],
      ['costs 2025-01', ['cost'], []],
    ])
  })

  it('of time to value has the onboarding and the first revenue with what was taken back of it', () => {
    expect(shown({ metric: 'ttv', period: '2025-01' }).lines).toEqual([
      ['account acme', ['attached', 'credit', 'invoice'], ['abroad']],
      ['partner p', ['milestone'], []],
    ])
  })

  it('of time to value has the first revenue of each partner that the account gave one', () => {
    const later = [...STORY, billed('acme', 9, '2025-06-01', { transactionId: 'other', partnerId: 'q' })]
    const { lines } = lineage(taken(later), { metric: 'ttv', period: '2025-01', window: 12 })
    expect(lines[0]?.facts).toContainEqual(expect.objectContaining({ transactionId: 'other' }))
  })

  it('is what its schema says', () => {
    const story = taken(STORY)
    const lines = METRICS.flatMap((metric) => {
      const partner = metric === 'ropi' && { partnerId: 'p' }
      return sent(lineage(story, { metric, period: '2025-03', window: 1, ...partner })).lines
    })
    expect([...new Set(lines.map(({ row }) => row.kind))]).toEqual(['account', 'partner', 'costs'])
    expect(lines.map((line) => Line.parse(line))).toEqual(lines)
    for (const kind of ['account', 'partner', 'costs', 'rates']) expect(Subject.parse({ kind })).toEqual({ kind })
    expect(Subject.safeParse({ kind: 'row' }).success).toBe(false)
  })

  it('names a part by month, partner and measure, as far as it has them', () => {
    const all = { scope: 'all partners', value: 3 }
    const parts = partsIn([
      { family: 'first-month', year: 0, cell: '2025-01', ...all },
      { family: 'revenue', year: 2025, cell: '01.direct', ...all },
      { family: 'onboarding', year: 2025, cell: '01.31', scope: 'p', value: 1 },
    ])
    expect(parts).toEqual([
      { family: 'first-month', measure: '2025-01', amount: 3 },
      { family: 'revenue', month: '2025-01', measure: 'direct', amount: 3 },
      { family: 'onboarding', month: '2025-01', partnerId: 'p', measure: '31', amount: 1 },
    ])
  })

  it('tells what each row adds', () => {
    const { lines } = lineage(taken(STORY), { metric: 'nrr', period: '2026-01', window: 12, partnerId: 'p' })
    const part = { family: 'retention-12', month: '2026-01', partnerId: 'p' }
    expect(lines[0]?.parts).toEqual([
      { ...part, measure: 'accounts', amount: 1 },
      { ...part, measure: 'base', amount: 100 },
      { ...part, measure: 'now', amount: 200 },
      { ...part, measure: 'kept', amount: 100 },
    ])
  })

  it.each([
    ['ACCOUNT#a#b', { kind: 'account', id: 'a#b' }],
    ['PARTNER#p', { kind: 'partner', id: 'p' }],
    ['COST#-#2025-01', { kind: 'costs', id: '2025-01' }],
    ['COST#p-#2025-01', { kind: 'costs', id: 'p-#2025-01' }],
    ['RATES', { kind: 'rates' }],
  ])('calls the row %s by its name', (key, subject) => expect(subjectOf(key)).toEqual(subject))
})
