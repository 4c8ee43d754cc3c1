import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ask, requestsTo, targetsOf } from '../support/requests.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'
import { usd } from '../support/usd.ts'
import { AWS_REQUEST } from '../unit/offers/aws-offer.ts'

let twin: TestTwin
let manager: Ask
let own: Ask
let foreign: Ask

const signIn = async () => {
  const user = requestsTo(twin)
  manager = await user({ role: 'manager' })
  own = await user({ role: 'partner', partnerId: 'ptn-1' })
  foreign = await user({ role: 'partner', partnerId: 'ptn-2' })
}

const OFFER = { ...AWS_REQUEST, partnerId: 'ptn-1', accountId: 'acc-1', listPrice: usd(5_100_000), price: usd(5_000_000) }
const request = async (change: object = {}) =>
  String((await manager('POST', '/v1/offers', { body: { ...OFFER, ...change } })).body['id'])
const verb = (id: string, name: string, body: object) => manager('POST', `/v1/offers/${id}/${name}`, { body })

beforeAll(async () => {
  twin = await startTwin({ startAt: '2026-11-02T09:00:00.000Z' })
  await signIn()
  for (const [id, type] of Object.entries({ 'ptn-1': 'reseller', 'ptn-2': 'si' }))
    await manager('POST', '/v1/partners', { body: { id, name: id, type } })
  await manager('POST', '/v1/accounts', { body: { id: 'acc-1', name: 'acc-1' } })
  for (const partnerId of ['ptn-1', 'ptn-2'])
    await manager('POST', '/v1/accounts/acc-1/attachments', { body: { partnerId, role: 'managed', from: '2026-01-01' } })
  const [won, dropped] = [await request(), await request()]
  await request({ partnerId: 'ptn-2' })
  await request({ price: usd(4_900_000) })
  await verb(won, 'submit', { reason: 'ready' })
  await verb(dropped, 'withdraw', { reason: 'twice' })
  await twin.twin('settle')
  await twin.twin('clock', { minutes: 20 })
  await twin.twin('clock', { days: 4 })
  await signIn()
  const { externalId } = (await manager('GET', `/v1/offers/${won}`)).body
  await twin.twin(`aws/offers/${String(externalId)}/accept`, { buyerAccountId: '310000000009' })
  await twin.twin('clock', { minutes: 30 })
})
afterAll(() => twin.stop())

type Row = { value: string; window: number }
const rows = async (ask: Ask, more = '', period = '2026-11') =>
  ((await ask('GET', `/v1/metrics/pipeline?period=${period}${more}`)).body['rows'] as Row[]).filter(({ window }) => window === 1)

const FIRST = {
  value: 'ptn-1',
  open: 1,
  won: 1,
  lost: 0,
  dropped: 1,
  winRate: { numerator: '1', denominator: '1', value: '1.0000' },
  averageValue: { value: '5000000.0000' },
  medianDays: 4,
  velocity: { numerator: '5000000', denominator: '4', value: '1250000.0000' },
}

describe('the pipeline', () => {
  it('tells what became of the offers of each partner', async () => {
    expect(await rows(manager)).toMatchObject([
      FIRST,
      { value: 'ptn-2', open: 1, won: 0, lost: 0, dropped: 0, winRate: { value: null }, velocity: { value: null } },
    ])
    expect(await rows(manager, '&partnerId=ptn-1')).toMatchObject([FIRST])
  })

  it('may be put together for the programme, or by what partners are', async () => {
    expect(await rows(manager, '&by=programme')).toMatchObject([
      { value: 'all', open: 2, won: 1, velocity: { numerator: '10000000' } },
    ])
    expect((await rows(manager, '&by=partner-type')).map(({ value }) => value)).toEqual(['reseller', 'si'])
    expect((await rows(manager, '&by=tier')).map(({ value }) => value)).toEqual(['not stated'])
  })

  it('of a month before the first request is empty', async () => {
    expect(await rows(manager, '', '2026-10')).toEqual([])
  })

  it('shows a partner its own offers alone', async () => {
    expect(await rows(own)).toMatchObject([FIRST])
    expect(await rows(own, '&by=programme')).toMatchObject([{ ...FIRST, value: 'all' }])
    expect((await rows(foreign)).map(({ value }) => value)).toEqual(['ptn-2'])
    expect(await rows(foreign, '&partnerId=ptn-1')).toEqual([])
  })

  it('refuses a cut that there is not', async () => {
    expect(targetsOf(await manager('GET', '/v1/metrics/pipeline?period=2026-11&by=colour'))).toEqual(['by'])
  })
})
