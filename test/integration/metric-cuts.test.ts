import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CUTS } from '../../lib/metrics/cut.ts'
import { type Ask, expectProblem, requestsTo, targetsOf } from '../support/requests.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'
import { cutOf } from '../unit/metrics/cuts.ts'
import { attached, billed, booked, onboarded } from '../unit/metrics/story.ts'

let twin: TestTwin
let manager: Ask
let own: Ask

const STORY = [
  onboarded('ptn-1', '2026-01-10'),
  attached('acc-1', 'ptn-1', 'sourced', '2025-01-01'),
  attached('acc-1', 'ptn-2', 'influenced', '2025-01-01'),
  booked('acc-1', 240_000, '2025-01-01', '2027-01-01', { marketplace: 'azure' }),
  billed('acc-1', 10_000, '2026-03-01', { marketplace: 'azure', productId: 'x' }),
  billed('acc-2', 5_000, '2026-03-02', { marketplace: 'direct', productId: 'y', partnerId: 'ptn-2' }),
]

beforeAll(async () => {
  twin = await startTwin()
  const user = requestsTo(twin)
  manager = await user({ role: 'manager' })
  own = await user({ role: 'partner', partnerId: 'ptn-1' })
  const register = (id: string, type: string) =>
    manager('POST', '/v1/partners', { body: { id, name: id, type, region: 'emea', joinedOn: '2026-01-01' } })
  await register('ptn-1', 'reseller')
  await register('ptn-2', 'si')
  await (await user({ role: 'platform' }))('POST', '/v1/events', { body: { events: STORY } })
  await twin.twin('settle')
})
afterAll(() => twin.stop())

const cut = async (ask: Ask, query: string) => ask('GET', `/v1/metrics/cuts?period=2026-03&${query}`)

describe('lifetime value', () => {
  const values = async (ask: Ask, more = '') =>
    (await ask('GET', `/v1/metrics/lifetime-value?period=2025-02${more}`)).body['rows'] as { cohort: string }[]

  it('is of the customers that partners brought', async () => {
    const rows = await values(manager)
    expect(rows).toMatchObject([
      { cohort: 'all', customers: 1 },
      { cohort: '2025-01', months: [{ month: 0 }, { month: 1 }] },
    ])
    expect(await values(own)).toEqual(rows)
  })
  it('goes no further than what is known', async () => {
    const { body } = await manager('GET', '/v1/metrics/lifetime-value?period=2030-01')
    expect(body).toMatchObject({ asOfDay: '2026-03-02', rows: [{ cohort: 'all' }, { cohort: '2025-01' }] })
    const [{ months }] = body['rows'] as [{ months: unknown[] }]
    expect(months).toHaveLength(15)
  })
  it('shows a partner nothing of others', async () => {
    expect(await values(own, '&partnerId=ptn-2')).toEqual([])
    expect(await values(manager, '&partnerId=ptn-9')).toEqual([])
  })
})

describe('a cut of the metrics', () => {
  it('by marketplace and product is of all transactions', async () => {
    expect((await cut(manager, 'by=marketplace')).body).toMatchObject({
      by: 'marketplace',
      period: '2026-03',
      currency: 'USD',
      asOfDay: '2026-03-02',
      knownEvents: 8,
      nrr: [1, 3, 12].map((window) => ({ value: 'azure', window, accounts: 1, nrr: { value: '1.0000' } })),
      revenue: [
        { value: 'azure', sourced: '10000', direct: '0', total: '10000' },
        { value: 'direct', sourced: '5000', direct: '0', total: '5000' },
      ],
      revenueTotals: [{ month: '2026-03', total: '15000' }],
      ttv: [
        { value: 'azure', n: 1, median: 50 },
        { value: 'direct', n: 1, median: null },
      ],
    })
  })

  it.each(CUTS)('by %s is that of the events', async (by) => {
    const partners = new Map([
      ['ptn-1', { id: 'ptn-1', type: 'reseller', region: 'emea' }],
      ['ptn-2', { id: 'ptn-2', type: 'si', region: 'emea' }],
    ] as const)
    const { body } = await cut(manager, `by=${by}`)
    // The two registrations are events too.
    const expected = cutOf(STORY, by, '2026-03', { partners })
    expect(body).toEqual(JSON.parse(JSON.stringify({ ...expected, knownEvents: expected.knownEvents + 2 })))
  })

  it('by what partners are follows what they are today', async () => {
    const { body } = await manager('POST', '/v1/partners/ptn-1/classify', { body: { tier: 'gold' } })
    expect(body).toMatchObject({ tier: 'gold', region: 'emea', version: 2 })
    const shares = [
      { value: 'gold', sourced: '10000', touched: '0' },
      { value: 'not stated', sourced: '5000', touched: '10000' },
    ]
    expect((await cut(manager, 'by=tier')).body).toMatchObject({ revenue: shares })
    await manager('POST', '/v1/partners/ptn-1/classify', { body: { tier: null } })
    const [row] = (await cut(manager, 'by=tier')).body['revenue'] as unknown[]
    expect(row).toMatchObject({ value: 'not stated', sourced: '15000', touched: '10000' })
  })

  it('shows a partner its own figures, nothing of others and nothing of the programme', async () => {
    const { body } = await cut(own, 'by=marketplace')
    expect(body).toMatchObject({
      nrr: [1, 3, 12].map((window) => ({ value: 'azure', window })),
      revenue: [{ value: 'azure', sourced: '10000', influenced: '0', touched: '0' }],
      revenueTotals: [],
    })
    expect(Object.keys(body).sort()).toEqual('asOfDay by currency definitions nrr period revenue revenueTotals'.split(' '))
    expect((await cut(own, 'by=marketplace&partnerId=ptn-2')).body).toMatchObject({ nrr: [], revenue: [], revenueTotals: [] })
    expectProblem(await cut(own, 'by=partner-type'), 403, 'forbidden')
    expectProblem(await own('POST', '/v1/partners/ptn-1/classify', { body: { tier: 'gold' } }), 403, 'forbidden')
  })

  it('refuses one partner of a cut that puts partners together, and a cut that there is not', async () => {
    const answer = await cut(manager, 'by=tier&partnerId=ptn-1')
    expectProblem(answer, 400, 'invalid_request')
    expect(targetsOf(answer)).toEqual(['partnerId'])
    expect(targetsOf(await cut(manager, 'by=colour'))).toEqual(['by'])
  })
})
