import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ask, expectProblem, requestsTo, targetsOf } from '../support/requests.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'
import { usd } from '../support/usd.ts'
import { AWS_REQUEST } from '../unit/offers/aws-offer.ts'

const EDP = {
  id: 'cmt-edp',
  accountId: 'acc-1',
  marketplace: 'aws',
  programme: 'edp',
  amount: usd(100_000_000),
  from: '2026-01-01',
  to: '2027-01-01',
  source: 'letter of January',
  note: 'ask Fabrikam first',
  maxSharePercent: 25,
}
const { id: _, accountId: __, marketplace: ___, ...TERMS } = EDP
const MACC = { ...TERMS, id: 'cmt-macc', accountId: 'acc-2', marketplace: 'azure', programme: 'macc', to: '2026-12-01' }
const OFFER = { ...AWS_REQUEST, partnerId: 'ptn-1', accountId: 'acc-1', name: 'Ledger for Fabrikam' }

let twin: TestTwin
let manager: Ask
let finance: Ask
let partner: Ask
let stranger: Ask
let offerId: string

beforeAll(async () => {
  twin = await startTwin({ startAt: '2026-11-02T09:00:00.000Z' })
  const user = requestsTo(twin)
  manager = await user({ role: 'manager' })
  finance = await user({ role: 'finance' })
  partner = await user({ role: 'partner', partnerId: 'ptn-1' })
  stranger = await user({ role: 'partner', partnerId: 'ptn-2' })
  for (const id of ['ptn-1', 'ptn-2']) await manager('POST', '/v1/partners', { body: { id, name: id, type: 'reseller' } })
  for (const id of ['acc-1', 'acc-2']) await manager('POST', '/v1/accounts', { body: { id, name: id } })
  const attachment = { partnerId: 'ptn-1', role: 'managed', from: '2026-01-01' }
  await manager('POST', '/v1/accounts/acc-1/attachments', { body: attachment })
  offerId = String((await partner('POST', '/v1/offers', { body: OFFER })).body['id'])
})
afterAll(() => twin.stop())

const flag = async (ask: Ask, path = '') => (await ask('GET', `/v1/offers/${offerId}${path}`)).body['drawsDown']

describe('a commitment', () => {
  it('is recorded once, whatever is repeated, and read, listed and changed at the version that was seen', async () => {
    expect(await flag(partner)).toBe(false)
    const key = 'the-same'
    const [first, again] = [
      await manager('POST', '/v1/commitments', { body: EDP, key }),
      await manager('POST', '/v1/commitments', { body: EDP, key }),
    ]
    expect(first).toMatchObject({ status: 201, body: { ...EDP, version: 1, drawdownPercent: 100 } })
    expect(again.body).toEqual(first.body)
    expect((await finance('POST', '/v1/commitments', { body: MACC })).status).toBe(201)

    const read = await finance('GET', '/v1/commitments/cmt-edp')
    expect(read.body).toEqual(first.body)
    const change = { body: { ...TERMS, amount: usd(200_000_000) }, headers: { 'if-match': read.headers.get('etag') ?? '' } }
    expect((await manager('POST', '/v1/commitments/cmt-edp/change', change)).body).toMatchObject({ version: 2 })
    expectProblem(await manager('POST', '/v1/commitments/cmt-edp/change', change), 412, 'stale_version')

    const ids = async (query: string) =>
      ((await manager('GET', `/v1/commitments${query}`)).body['items'] as { id: string }[]).map(({ id }) => id)
    expect(await ids('?accountId=acc-1')).toEqual(['cmt-edp'])
    expect(await ids('')).toEqual(['cmt-edp', 'cmt-macc'])
  })

  it('is refused with what is wrong', async () => {
    const wrong = await manager('POST', '/v1/commitments', { body: { ...EDP, amount: usd(0), maxSharePercent: 200, spent: 1 } })
    expectProblem(wrong, 400, 'invalid_request')
    expect(targetsOf(wrong).sort()).toEqual(['amount.amount', 'maxSharePercent', 'spent'])
    const nobodys = await manager('POST', '/v1/commitments', { body: { ...EDP, id: 'x', accountId: 'acc-9' } })
    expectProblem(nobodys, 404, 'not_found')
    const taken = await manager('POST', '/v1/commitments', {
      body: { ...MACC, id: 'cmt-edp', from: '2020-01-01', to: '2021-01-01' },
    })
    expectProblem(taken, 409, 'conflict')
    expectProblem(await manager('GET', '/v1/commitments/cmt-9'), 404, 'not_found')
  })

  it('of several that overlap only one gets in, also at the same time', async () => {
    const body = (at: number) => ({ ...EDP, id: `cmt-${at}`, accountId: 'acc-2' })
    const answers = await Promise.all([1, 2, 3, 4].map((at) => manager('POST', '/v1/commitments', { body: body(at) })))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    for (const { status } of answers.filter((each) => each.status !== 201)) expect([409, 412, 503]).toContain(status)
  })

  it.each(['', '/cmt-edp', '/report'])('is not shown to a partner at /commitments%s', async (path) => {
    expectProblem(await partner('GET', `/v1/commitments${path}`), 403, 'forbidden')
  })
})

describe('an offer', () => {
  it('tells its partner whether it draws a commitment down, and nothing else of it', async () => {
    const read = await partner('GET', `/v1/offers/${offerId}`)
    expect([read.body['drawsDown'], await flag(partner, '/plan'), await flag(manager)]).toEqual([true, true, true])
    expect(JSON.stringify(read.body)).not.toMatch(/cmt-|200000000/)
    expect((await stranger('GET', `/v1/offers/${offerId}`)).status).toBe(404)
  })
})

describe('the report', () => {
  it('holds what was billed against what was promised, and tells open offers', async () => {
    await partner('POST', `/v1/offers/${offerId}/submit`, { body: {} })
    await finance('POST', '/v1/rates', { body: { base: 'EUR', quote: 'USD', on: '2026-01-01', rate: '1.1' } })
    const row = { ledger: 'billed', kind: 'contract', accountId: 'acc-1', productId: 'prod-1', marketplace: 'aws' }
    const rows = [
      { ...row, providerKey: 'r1', on: '2026-10-05', amount: usd(30_000_000) },
      { ...row, providerKey: 'r2', on: '2026-11-01', amount: { amount: 20_000_000, currency: 'EUR' } },
      { ...row, providerKey: 'r3', on: '2026-11-01', amount: { amount: 700, currency: 'GBP' } },
      { ...row, providerKey: 'r4', on: '2026-11-02', kind: 'credit', amount: usd(-1_000_000) },
      { ...row, providerKey: 'r5', on: '2026-11-02', kind: 'tax', amount: usd(9_999) },
    ]
    for (const body of rows) expect((await finance('POST', '/v1/transactions', { body })).status).toBe(201)

    const { body } = await finance('GET', '/v1/commitments/report?accountId=acc-1&period=2026-11')
    expect(body).toMatchObject({ period: '2026-11', asOf: '2026-11-02' })
    expect(body['commitments']).toEqual([
      {
        ...{ commitmentId: 'cmt-edp', accountId: 'acc-1', marketplace: 'aws', programme: 'edp' },
        ...{ from: '2026-01-01', to: '2027-01-01', currency: 'USD', committed: 200_000_000, cap: 50_000_000 },
        ...{ counted: 51_000_000, drawn: 50_000_000, beyondCap: 1_000_000, drawnInPeriod: 20_000_000, remaining: 0 },
        ...{ openOffers: 1, open: 10_000_000, remainingAfterOpen: 0 },
        ...{ daysLeft: 60, endsSoon: true, rateExtrapolated: false },
      },
    ])
    expect(body['offers']).toMatchObject([{ commitmentId: 'cmt-edp', offerId, partnerId: 'ptn-1', draws: 10_000_000 }])
    expect(body['apart']).toEqual([{ commitmentId: 'cmt-edp', currency: 'GBP', billed: 700 }])
  })

  it('of all accounts comes in pages', async () => {
    const first = await manager('GET', '/v1/commitments/report?limit=1')
    const second = await manager('GET', `/v1/commitments/report?limit=2&cursor=${first.body['cursor']}`)
    const linesOf = ({ body }: typeof first) => body['commitments'] as { accountId: string }[]
    expect(linesOf(first).map(({ accountId }) => accountId)).toEqual(['acc-1'])
    expect(linesOf(second).map(({ accountId }) => accountId)).toEqual(['acc-2', 'acc-2'])
  })

  it.each(['period=2026-13', 'accountId=a%20b', 'currency=USD'])('with %s is refused', async (query) => {
    expectProblem(await manager('GET', `/v1/commitments/report?${query}`), 400, 'invalid_request')
  })
})

describe('a commitment that is ended', () => {
  it('is drawn down no more from that day on, and makes place for another', async () => {
    const ending = { on: '2026-11-02', reason: 'negotiated again' }
    expect((await manager('POST', '/v1/commitments/cmt-edp/end', { body: ending })).body).toMatchObject({ endedOn: ending.on })
    expect(await flag(partner)).toBe(false)
    const next = { ...EDP, id: 'cmt-next', from: '2026-11-02', to: '2029-11-02' }
    expect((await manager('POST', '/v1/commitments', { body: next })).status).toBe(201)
    expect(await flag(partner)).toBe(true)
  })
})
