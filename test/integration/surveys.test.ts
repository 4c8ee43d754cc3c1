import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ask, expectProblem, requestsTo, targetsOf } from '../support/requests.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'

let twin: TestTwin
let manager: Ask
let platform: Ask
let own: Ask

const answer = (partnerId: string, respondent: string, score: number, respondedOn = '2026-10-14') => ({
  body: { surveyId: 'psat-2026-q4', partnerId, respondent, score, respondedOn },
})
const respond = (ask: Ask, ...args: Parameters<typeof answer>) => ask('POST', '/v1/surveys/responses', answer(...args))
const psat = async (ask: Ask, more = '') => (await ask('GET', `/v1/metrics/psat?period=2026-10${more}`)).body

const signIn = async () => {
  const user = requestsTo(twin)
  manager = await user({ role: 'manager' })
  platform = await user({ role: 'platform' })
  own = await user({ role: 'partner', partnerId: 'ptn-2' })
}

beforeAll(async () => {
  twin = await startTwin({ startAt: '2026-10-20T08:00:00Z' })
  await signIn()
  for (const [id, type] of [
    ['ptn-1', 'reseller'],
    ['ptn-2', 'reseller'],
    ['ptn-3', 'si'],
  ])
    await manager('POST', '/v1/partners', { body: { id, name: id, type } })
  for (const [id, scores] of Object.entries({ 'ptn-1': [5, 5, 4, 4, 2], 'ptn-2': [5, 1, 1], 'ptn-3': [3, 4] }))
    for (const [at, score] of scores.entries()) expect((await respond(manager, id, `r${at}`, score)).status).toBe(201)
})
afterAll(() => twin.stop())

describe('the answers of a survey', () => {
  it('are replaced by later ones of the respondent, and a repeat changes nothing', async () => {
    expect((await respond(manager, 'ptn-1', 'r4', 5, '2026-10-16')).body).toMatchObject({ counts: true })
    expect((await respond(manager, 'ptn-1', 'r4', 5, '2026-10-16')).body).toMatchObject({ counts: true })
    expect((await respond(manager, 'ptn-1', 'r4', 1, '2026-10-15')).body).toMatchObject({ counts: false })
  })

  it('are refused of unknown partners, of days to come, and from partners', async () => {
    const unknown = await respond(manager, 'ptn-9', 'r1', 5)
    expectProblem(unknown, 404, 'not_found')
    expect(targetsOf(unknown)).toEqual(['partnerId'])
    expectProblem(await respond(manager, 'ptn-1', 'r1', 5, '2026-10-21'), 422, 'unprocessable')
    expectProblem(await respond(own, 'ptn-2', 'r1', 5), 403, 'forbidden')
  })
})

describe('PSAT', () => {
  it('is not told before its month is final', async () => {
    expect(await psat(manager)).toEqual({
      period: '2026-10',
      minRespondents: 5,
      finalOn: '2026-11-08',
      isFinal: false,
      types: [],
      partners: [],
    })
  })

  it('is then told where enough stand behind it, and stays', async () => {
    await twin.twin('clock', { to: '2026-11-08T00:30:00Z' })
    await signIn()
    const told = await psat(manager)
    expect(told).toMatchObject({
      isFinal: true,
      programme: {
        respondents: 10,
        share: { numerator: '7', denominator: '10', value: '0.7000' },
        lower: '0.3968',
        upper: '0.8922',
      },
      types: [
        { partnerType: 'reseller', share: null, reason: 'would-tell-others' },
        { partnerType: 'si', share: null, reason: 'too-few-respondents' },
      ],
      partners: [
        { partnerId: 'ptn-1', respondents: 5, share: { numerator: '5', denominator: '5' } },
        { partnerId: 'ptn-2', share: null, reason: 'too-few-respondents' },
        { partnerId: 'ptn-3', share: null, reason: 'too-few-respondents' },
      ],
    })
    expectProblem(await respond(manager, 'ptn-2', 'r9', 5), 422, 'unprocessable')
    expect((await respond(manager, 'ptn-2', 'r0', 1, '2026-11-07')).body).toMatchObject({ counts: false })
    expect(await psat(manager)).toEqual(told)
  })

  it('shows a partner its own figure alone', async () => {
    const mine = { types: [], partners: [{ partnerId: 'ptn-2', reason: 'too-few-respondents' }] }
    for (const more of ['', '&partnerId=ptn-2']) expect(await psat(own, more)).toMatchObject(mine)
    expect(await psat(own)).not.toHaveProperty('programme')
    expect(await psat(own, '&partnerId=ptn-1')).toMatchObject({ types: [], partners: [] })
  })

  it('holds what the platform takes over later', async () => {
    for (const respondent of ['r3', 'r4'])
      expect((await respond(platform, 'ptn-2', respondent, 5)).body).toMatchObject({ counts: true })
    expect(await psat(manager, '&partnerId=ptn-2')).toMatchObject({
      programme: { respondents: 12 },
      partners: [{ partnerId: 'ptn-2', share: null, reason: 'would-tell-others' }],
    })
  })
})
