import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../events/metrics.ts'
import { dayNumber } from '../../lib/core/period.ts'
import { Lineage } from '../../lib/metrics/contract.ts'
import { valueNameOf } from '../../lib/metrics/explain.ts'
import { recomputed } from '../../lib/metrics/lineage.ts'
import { type Ask, expectProblem, requestsTo, targetsOf } from '../support/requests.ts'
import { metricsOf } from '../support/rows-engine.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'
import { attached, billed, booked, cost, onboarded, published } from '../unit/metrics/story.ts'

const PERIOD = '2026-01'
const known = <Event extends MetricEvent>(recordedat: string, event: Event): Event => ({ ...event, recordedat })

const STORY: MetricEvent[] = [
  published('EUR', 'USD', '2025-01-01', '1.1000'),
  onboarded('p', '2024-11-01'),
  ...['acme', 'bolt', 'carp'].map((account) => attached(account, 'p', 'sourced', '2025-01-01')),
  attached('carp', 'q', 'influenced', '2025-01-01'),
  booked('acme', 12_000, '2025-01-01', '2026-01-01', { currency: 'EUR' }),
  known('2026-01-20T00:00:00Z', booked('acme', 15_000, '2026-01-01', '2027-01-01', { currency: 'EUR' })),
  booked('bolt', 24_000, '2025-01-01', '2027-01-01', { partnerId: 'p' }),
  booked('carp', 6_000, '2025-01-01', '2027-01-01', { partnerId: 'q', transactionId: 'of-q' }),
  billed('bolt', 1_000, '2026-01-10', { partnerId: 'p', transactionId: 'invoice' }),
  billed('carp', 500, '2026-01-11', { partnerId: 'q', transactionId: 'invoice-of-q' }),
  cost('support', 'partner', 300, PERIOD, { partnerId: 'p' }),
]

let twin: TestTwin
let finance: Ask
let own: Ask
let foreign: Ask
beforeAll(async () => {
  twin = await startTwin()
  const user = requestsTo(twin)
  finance = await user({ role: 'finance' })
  own = await user({ role: 'partner', partnerId: 'p' })
  foreign = await user({ role: 'partner', partnerId: 'r' })
  await twin.as({ role: 'platform' }).post('/events', { events: STORY })
  await twin.twin('settle')
})
afterAll(() => twin.stop())

type Query = { partnerId?: string; window?: '1' | '3' | '12'; asOf?: string; limit?: string; cursor?: string }

const path = (metric: string, query: Query) =>
  `/v1/metrics/${metric}/lineage?${new URLSearchParams({ period: PERIOD, ...query })}`

const pageOf = async (ask: Ask, metric: string, query: Query = {}) => {
  const { status, body } = await ask('GET', path(metric, query))
  expect(status).toBe(200)
  return Lineage.parse(body)
}

/** All pages of some size as one. */
const lineage = async (ask: Ask, metric: string, query: Query = {}) => {
  const pages = [await pageOf(ask, metric, query)]
  for (let { cursor } = pages[0] ?? {}; cursor; cursor = pages.at(-1)?.cursor)
    pages.push(await pageOf(ask, metric, { ...query, cursor }))
  return {
    head: pages[0],
    sizes: pages.map(({ items }) => items.length),
    items: pages.flatMap(({ items }) => items),
    rates: pages.flatMap(({ rates }) => rates),
  }
}

const again = ({ head, items, rates }: Awaited<ReturnType<typeof lineage>>, metric: string, query: Query) => {
  const { limit: _, ...asked } = query
  const by = { currency: 'USD', grossMargin: 8000, asOfDay: dayNumber(String(head?.asOfDay)) }
  return recomputed({ lines: items, rates }, valueNameOf(metric, { ...asked, period: PERIOD, asOf: query.asOf }), by)
}

describe('lineage by API', () => {
  it.each<[string, Query]>([
    ['nrr', {}],
    ['nrr', { partnerId: 'p', window: '3' }],
    ['nrr', { limit: '1' }],
    ['nrr', { asOf: '2026-01-15T00:00:00Z' }],
    ['revenue', {}],
    ['revenue', { partnerId: 'q', limit: '1' }],
    ['ropi', { partnerId: 'p', limit: '2' }],
    ['cac', {}],
    ['ttv', { limit: '1' }],
  ])('of %s %j gives the value again', async (metric, query) => {
    const listed = await lineage(finance, metric, query)
    const { partnerId: _, limit: __, ...rest } = query
    const answer = await finance('GET', `/v1/metrics/${metric}?${new URLSearchParams({ period: PERIOD, ...rest })}`)
    const rows = [...(answer.body['rows'] as unknown[]), ...((answer.body['totals'] as unknown[]) ?? [])]
    if (metric === 'ttv') expect(listed.head?.value).toEqual(rows)
    else expect(rows).toContainEqual(listed.head?.value)
    expect(again(listed, metric, query)).toEqual(listed.head?.value)
    expect(listed.head).toMatchObject({ definitions: 1, currency: 'USD', grossMargin: '0.8000' })
    if (query.limit === '1') expect([...new Set(listed.sizes)].sort()).toEqual([0, 1])
  })

  it('names the rates and the value as it was known', async () => {
    const [then, now] = [await lineage(finance, 'nrr', { asOf: '2026-01-15T00:00:00Z' }), await lineage(finance, 'nrr')]
    expect(now.rates).toMatchObject([{ base: 'EUR', quote: 'USD', rate: '1.1000' }])
    expect(then.head?.value).toMatchObject({ nrr: { numerator: '1250' } })
    expect(now.head?.value).toMatchObject({ nrr: { numerator: '2625' } })
  })

  it.each<[string, Query, string]>([
    ['margin', {}, 'name'],
    ['ropi', {}, 'partnerId'],
    ['cac', { partnerId: 'p' }, 'partnerId'],
    ['revenue', { window: '3' }, 'window'],
    ['nrr', { cursor: 'elsewhere' }, 'cursor'],
  ])('refuses %s %j by naming %s', async (metric, query, target) => {
    const answer = await finance('GET', path(metric, query))
    expectProblem(answer, 400, 'invalid_request')
    expect(targetsOf(answer)).toEqual([target])
  })
})

describe('a partner', () => {
  it.each(['nrr', 'revenue', 'ropi'])('sees what of its %s is its own, and how much is withheld', async (metric) => {
    const whole = await lineage(finance, metric, { partnerId: 'p' })
    const seen = await lineage(own, metric, { limit: '1' })
    expect(seen.head?.value).toEqual(whole.head?.value)
    expect(seen.items.map(({ parts }) => parts)).toEqual(whole.items.map(({ row, parts }) => (row.kind === 'costs' ? [] : parts)))
    const facts = seen.items.flatMap(({ facts }) => facts)
    expect(facts.every((fact) => 'partnerId' in fact && fact.partnerId === 'p')).toBe(true)
    const withheld = seen.items.reduce((sum, line) => sum + (line.withheld ?? 0), 0)
    expect(withheld + facts.length).toBe(whole.items.flatMap(({ facts }) => facts).length)
    expect(JSON.stringify(seen)).not.toMatch(/acme|carp|"q"|of-q|cost"[^:]*"purpose/)
  })

  it('reads no account in a cursor', async () => {
    const { cursor = '' } = await pageOf(own, 'nrr', { limit: '1' })
    expect(cursor).not.toBe('')
    expect([cursor, Buffer.from(cursor, 'base64url').toString()].join()).not.toMatch(/acme|bolt|carp|ACCOUNT/)
  })

  it('learns nothing of another one, nor of the programme', async () => {
    expectProblem(await foreign('GET', path('nrr', { partnerId: 'p' })), 404, 'not_found')
    expectProblem(await own('GET', path('ttv', {})), 403, 'forbidden')
    expectProblem(await own('GET', path('cac', {})), 403, 'forbidden')
    expect(await pageOf(foreign, 'nrr')).toMatchObject({ value: null, items: [] })
  })
})

describe('the metrics by API', () => {
  it.each(['2026-01-15T00:00:00Z', '2026-01-20T00:00:00Z'])('as known at %s are those of the batch engine', async (asOf) => {
    const instant = new Date(asOf).toISOString()
    const batch = metricsOf(STORY, { currency: 'USD', grossMargin: 8000, asOf: instant, period: PERIOD })
    expect((await finance('GET', `/v1/metrics?period=${PERIOD}&asOf=${asOf}`)).body).toEqual(JSON.parse(JSON.stringify(batch)))
    const { body } = await finance('GET', `/v1/metrics/nrr?period=${PERIOD}&asOf=${asOf}`)
    expect(body).toMatchObject({ asOf: instant, asOfDay: asOf.slice(0, 10) })
    expect('nrr' in batch && body['rows']).toEqual('nrr' in batch && batch.nrr)
  })

  it('refuses a day where an instant is asked for', async () => {
    const answer = await finance('GET', `/v1/metrics/nrr?period=${PERIOD}&asOf=2026-01-15`)
    expectProblem(answer, 400, 'invalid_request')
    expect(targetsOf(answer)).toEqual(['asOf'])
  })
})

describe('a closed month by API', () => {
  it('stays as reported, with what became known later as adjustments', async () => {
    const closed = await finance('POST', `/v1/periods/${PERIOD}/close`, { body: { reason: 'done' } })
    expect([closed.status, closed.body['closedBy']]).toEqual([200, 'finance@example.test'])
    const late = billed('bolt', 250, '2026-01-12')
    await twin.as({ role: 'platform' }).post('/events', { events: [late] })
    await twin.twin('settle')
    expect((await finance('POST', `/v1/periods/${PERIOD}/close`, { body: {} })).body).toEqual(closed.body)
    const { body } = await finance('GET', `/v1/periods/${PERIOD}`)
    expect(body['document']).toMatchObject({ revenueTotals: [{ total: '1500' }] })
    const adjustments = await finance('GET', `/v1/periods/${PERIOD}/adjustments`)
    expect(adjustments.body).toMatchObject({
      items: [{ row: { kind: 'account', id: 'bolt' }, events: [{ eventId: late.id }] }],
    })
    expect(adjustments.body['values']).toContainEqual({
      ...{ metric: 'revenue', of: 'all', reported: expect.objectContaining({ total: '1500' }) },
      restated: expect.objectContaining({ total: '1750' }),
    })
    expect((await finance('GET', '/v1/periods')).body).toEqual({ items: [closed.body] })
    expectProblem(await own('GET', '/v1/periods'), 403, 'forbidden')
    expectProblem(await finance('POST', '/v1/periods/2099-01/close', { body: {} }), 422, 'unprocessable')
  })
})
