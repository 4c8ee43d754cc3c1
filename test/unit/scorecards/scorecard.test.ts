import { describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../../events/metrics.ts'
import { dayNumber, monthIndex } from '../../../lib/core/period.ts'
import { pipelinesOf } from '../../../lib/pipeline/pipeline.ts'
import type { Pursuit } from '../../../lib/pipeline/pursuit.ts'
import { addEvidence, emptyEvidence } from '../../../lib/scorecards/evidence.ts'
import { sourcesOf } from '../../../lib/scorecards/measuring.ts'
import type { Measure } from '../../../lib/scorecards/policy.ts'
import { scorecardsOf } from '../../../lib/scorecards/scorecard.ts'
import { type Answer, psatOf } from '../../../lib/surveys/psat.ts'
import { rowsOf } from '../../support/rows-engine.ts'
import { ratesOf } from '../metrics/cuts.ts'
import { attached, billed, booked, cost, onboarded } from '../metrics/story.ts'

const month = monthIndex('2026-03')

type Known = { events?: MetricEvent[]; pursuits?: Pursuit[]; answers?: Answer[] }

const sources = ({ events = [], pursuits = [], answers = [] }: Known) => {
  const [rows, evidence] = [rowsOf(events), emptyEvidence()]
  for (const row of rows.values()) addEvidence(evidence, row, ratesOf(rows), month)
  const pipelines = pipelinesOf(pursuits, ({ partnerId }) => partnerId, month, ratesOf(rows))
  const psat = psatOf(answers, () => 'reseller', 5)
  return sourcesOf({ evidence, month, asOfDay: dayNumber('2026-03-31'), grossMargin: 8000, pipelines, psat })
}

const cards = (known: Known, asked: Partial<Record<Measure, number>>, partnerIds = ['p'], minPeers = 3) => {
  const measures = Object.entries(asked).map(([measure, least]) => ({ measure: measure as Measure, least }))
  return scorecardsOf('reseller', { why: 'test', measures }, partnerIds, minPeers, sources(known))
}
const measured = (known: Known, measure: Measure, least = 1) => {
  const {
    measure: _,
    unit: __,
    median: ___,
    peers: ____,
    ...row
  } = cards(known, { [measure]: least })[0]?.measures[0] ?? { value: null }
  return row
}

// p sourced a, which left after a year, manages b, which stays, and sourced c, a customer since April; q influences a.
const EVENTS = [
  attached('a', 'p', 'sourced', '2025-01-01'),
  attached('a', 'q', 'influenced', '2025-01-01'),
  attached('b', 'p', 'managed', '2025-01-01'),
  attached('c', 'p', 'sourced', '2025-01-01'),
  booked('a', 1200, '2025-01-01', '2026-01-01'),
  booked('b', 2400, '2025-01-01', '2027-01-01'),
  booked('c', 1200, '2025-04-01', '2026-04-01'),
  billed('a', 500, '2025-03-31'),
  billed('a', 300, '2025-04-01'),
  billed('d', 70, '2026-03-31'),
  billed('d', 9, '2026-04-01'),
  attached('d', 'p', 'influenced', '2025-01-01'),
  onboarded('p', '2025-03-01'),
  cost('support', 'partner', 100, '2025-12', { partnerId: 'p' }),
  cost('payout', 'partner', 56, '2025-12', { partnerId: 'p' }),
]

describe('a partner', () => {
  it.each<[Measure, unknown]>([
    ['sourced-customers', { value: '1' }],
    ['sourced-revenue', { value: '300' }],
    ['influenced-revenue', { value: '70' }],
    ['touched-revenue', { value: '70' }],
    ['nrr', { value: '0.5000', cases: 2 }],
    ['grr', { value: '0.5000', cases: 2 }],
    ['managed-grr', { value: '1.0000', cases: 1 }],
    ['renewal', { value: '0.5000', cases: 2, lower: '0.0945', upper: '0.9055' }],
    // (370 × 0.8 − 56) ÷ 100
    ['ropi', { value: '2.4000' }],
    ['ttv', { value: '30' }],
    ['win-rate', { value: null, cases: 0, reason: 'too-few-cases' }],
    ['velocity', { value: null, cases: 0, reason: 'too-few-cases' }],
    ['psat', { value: null, reason: 'no-answers' }],
  ])('is measured by %s of its twelve months', (measure, expected) => {
    expect(measured({ events: EVENTS }, measure)).toEqual(expected)
  })

  it.each<[Measure, unknown]>([
    ['sourced-revenue', { value: '0' }],
    ['nrr', { value: null, cases: 0, reason: 'too-few-cases' }],
    ['ropi', { value: null, reason: 'zero-denominator' }],
    ['ttv', { value: null, reason: 'not-onboarded' }],
  ])('of which nothing is known has no wrong value of %s', (measure, expected) => {
    expect(measured({}, measure)).toEqual(expected)
  })

  it('that waits for its first revenue says so', () => {
    expect(measured({ events: [onboarded('p', '2025-03-01')] }, 'ttv')).toEqual({ value: null, reason: 'not-reached' })
  })

  it('is not judged by fewer cases than the policy wants', () => {
    expect(measured({ events: EVENTS }, 'renewal', 3)).toEqual({ value: null, cases: 2, reason: 'too-few-cases' })
    expect(measured({ events: EVENTS }, 'renewal', 2)).toMatchObject({ value: '0.5000' })
  })

  it('is measured by what became of its offers', () => {
    const pursuit = (state: Pursuit['state'], days: number): Pursuit => {
      const price = { amount: 600, currency: 'USD' }
      const [requestedDay, decidedDay] = [dayNumber('2026-01-01'), dayNumber('2026-01-01') + days]
      const open = { partnerId: 'p', marketplace: 'aws', price, requestedDay, state }
      return state === 'open' ? open : { ...open, decidedDay }
    }
    const pursuits = [pursuit('won', 10), pursuit('won', 30), pursuit('lost', 5), pursuit('dropped', 5), pursuit('open', 0)]
    expect(measured({ pursuits }, 'win-rate')).toEqual({ value: '0.6667', cases: 3, lower: '0.2077', upper: '0.9385' })
    expect(measured({ pursuits }, 'days-to-close')).toEqual({ value: '10', cases: 2 })
    // 1 open × 2/3 × 600 ÷ 20
    expect(measured({ pursuits }, 'velocity')).toEqual({ value: '20.0000', cases: 2 })
  })

  it('is measured by its PSAT where that is told', () => {
    const answers = (...scores: number[]) =>
      scores.map((score, i) => ({ surveyId: 'w', partnerId: 'p', respondent: `r${i}`, score }))
    expect(measured({ answers: answers(5, 5, 5, 5, 1) }, 'psat')).toEqual({
      value: '0.8000',
      cases: 5,
      lower: '0.3755',
      upper: '0.9638',
    })
    expect(measured({ answers: answers(5, 5, 5, 1) }, 'psat')).toEqual({ value: null, reason: 'too-few-respondents' })
  })
})

describe('the median beside a value', () => {
  const sold = Object.entries({ p: 10, q: 20, r: 70 }).map(([partnerId, amount]) =>
    billed(`acc-${partnerId}`, amount, '2026-01-10', { partnerId }),
  )
  const medians = (minPeers: number, partnerIds = ['p', 'q', 'r']) =>
    cards({ events: sold }, { 'sourced-revenue': 1 }, partnerIds, minPeers).map(({ partnerId, measures: [row] }) => [
      partnerId,
      row?.value,
      row?.median,
      row?.peers,
    ])

  it('is of all partners of the type', () => {
    expect(medians(3)).toEqual([
      ['p', '10', '20', 3],
      ['q', '20', '20', 3],
      ['r', '70', '20', 3],
    ])
  })
  it('is not told of fewer partners than the policy wants', () => {
    expect(medians(4).map(([, , median]) => median)).toEqual([null, null, null])
  })
  it('leaves out those who are not judged', () => {
    const retention = { events: EVENTS }
    const rows = cards(retention, { nrr: 2, grr: 1 }, ['p', 'q'], 1).map(({ measures }) =>
      measures.map(({ median, peers }) => [median, peers]),
    )
    // q has one account, which left: too few for NRR, and 0 of its GRR.
    expect(rows[0]).toEqual([
      ['0.5000', 1],
      ['0.2500', 2],
    ])
  })
})

it('a card has the measures of its type and no others', () => {
  const [card] = cards({ events: EVENTS }, { ttv: 1, 'sourced-customers': 1 })
  expect(card).toMatchObject({
    partnerId: 'p',
    partnerType: 'reseller',
    measures: [
      { measure: 'ttv', unit: 'days' },
      { measure: 'sourced-customers', unit: 'count' },
    ],
  })
  expect(card?.measures).toHaveLength(2)
})
