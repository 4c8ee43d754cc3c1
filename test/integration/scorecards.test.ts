import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ask, expectProblem, requestsTo, targetsOf } from '../support/requests.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'
import { attached, billed, booked } from '../unit/metrics/story.ts'

let twin: TestTwin
let manager: Ask
let own: Ask

const RESELLERS = ['r1', 'r2', 'r3', 'r4', 'r5']
const STORY = [
  ...RESELLERS.flatMap((partnerId, at) => billed(`acc-${at}`, (at + 1) * 1000, '2026-03-10', { partnerId })),
  attached('acc-0', 'r1', 'sourced', '2025-01-01'),
  attached('acc-0', 'ref', 'influenced', '2025-01-01'),
  booked('acc-0', 240_000, '2025-01-01', '2027-01-01'),
]

beforeAll(async () => {
  twin = await startTwin()
  const user = requestsTo(twin)
  manager = await user({ role: 'manager' })
  own = await user({ role: 'partner', partnerId: 'r1' })
  const register = (id: string, type: string) =>
    manager('POST', '/v1/partners', { body: { id, name: id, type, joinedOn: '2025-01-01' } })
  for (const id of RESELLERS) await register(id, 'reseller')
  await register('ref', 'referral')
  await (await user({ role: 'platform' }))('POST', '/v1/events', { body: { events: STORY } })
  await twin.twin('settle')
})
afterAll(() => twin.stop())

const scorecard = (ask: Ask, more = '') => ask('GET', `/v1/metrics/scorecard?period=2026-03${more}`)
type Card = { partnerId: string; measures: { measure: string }[] }
const cards = async (ask: Ask, more = '') => (await scorecard(ask, more)).body['cards'] as Card[]

describe('a scorecard', () => {
  it('has the measures of the type of the partner, beside the median of its peers', async () => {
    const { body } = await scorecard(manager, '&partnerId=r1')
    expect(body).toMatchObject({ policy: { id: 'what-they-do', version: 1 }, currency: 'USD', why: expect.any(String) })
    const [card] = body['cards'] as Card[]
    expect(card).toMatchObject({ partnerId: 'r1', partnerType: 'reseller' })
    expect(card?.measures).toMatchObject([
      { measure: 'sourced-revenue', unit: 'minor units', value: '1000', median: '3000', peers: 5 },
      { measure: 'nrr', value: null, cases: 1, reason: 'too-few-cases', median: null, peers: 0 },
      { measure: 'grr', value: null },
      { measure: 'renewal', value: null },
      { measure: 'ropi', value: null, reason: 'zero-denominator' },
    ])
  })

  it('of a referral partner is not a reseller’s', async () => {
    const [card] = await cards(manager, '&partnerId=ref')
    expect(card?.measures).toMatchObject([
      { measure: 'sourced-customers', value: '0' },
      { measure: 'sourced-revenue', value: '0' },
      { measure: 'influenced-revenue', value: '0' },
      { measure: 'win-rate', value: null, cases: 0 },
      { measure: 'ttv', value: null, reason: 'not-onboarded' },
    ])
    for (const row of card?.measures ?? []) expect(row).toMatchObject({ median: null })
  })

  it('is there for all partners of a type', async () => {
    expect((await cards(manager, '&partnerType=reseller')).map(({ partnerId }) => partnerId)).toEqual(RESELLERS)
    expect(await cards(manager, '&partnerType=si')).toEqual([])
  })

  it('shows a partner itself alone', async () => {
    const mine = await cards(own)
    expect(mine.map(({ partnerId }) => partnerId)).toEqual(['r1'])
    expect(mine).toEqual(await cards(manager, '&partnerId=r1'))
    expect(await cards(own, '&partnerId=r2')).toEqual([])
    expectProblem(await scorecard(own, '&partnerType=reseller'), 403, 'forbidden')
  })

  it('wants a partner or a type, and not both', async () => {
    for (const more of ['', '&partnerId=r1&partnerType=reseller']) {
      const answer = await scorecard(manager, more)
      expectProblem(answer, 400, 'invalid_request')
      expect(targetsOf(answer)).toEqual(['partnerId'])
    }
    expect(await cards(manager, '&partnerId=nobody')).toEqual([])
  })
})
