import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answered, type Ask, expectProblem, requestsTo, targetsOf } from '../support/requests.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'

let twin: TestTwin
let manager: Ask
let finance: Ask
let own: Ask
let foreign: Ask

const OFFER = {
  marketplace: 'aws',
  partnerId: 'ptn-1',
  accountId: 'acc-1',
  name: 'Twelve months',
  productId: 'prod-saascontract1',
  listPrice: { amount: 1_200_000, currency: 'USD' },
  price: { amount: 1_000_000, currency: 'USD' },
  termMonths: 12,
  expiresOn: '2026-12-31',
  buyerAccountIds: ['310000000009'],
  grants: [{ dimension: 'users', quantity: 1 }],
}
let offerId = ''

beforeAll(async () => {
  twin = await startTwin()
  const user = requestsTo(twin)
  manager = await user({ role: 'manager' })
  finance = await user({ role: 'finance' })
  own = await user({ role: 'partner', partnerId: 'ptn-1' })
  foreign = await user({ role: 'partner', partnerId: 'ptn-2' })
  for (const id of ['ptn-1', 'ptn-2', 'ptn-3']) await manager('POST', '/v1/partners', { body: { id, name: id, type: 'isv' } })
  for (const id of ['acc-1', 'acc-2', 'acc-3']) await manager('POST', '/v1/accounts', { body: { id, name: id } })
  const attach = (partnerId: string) => ({ body: { partnerId, role: 'sourced', from: '2026-01-01' } })
  await manager('POST', '/v1/accounts/acc-1/attachments', attach('ptn-1'))
  await manager('POST', '/v1/accounts/acc-1/attachments', {
    body: { partnerId: 'ptn-3', role: 'influenced', from: '2026-02-01' },
  })
  const sale = { ledger: 'billed', kind: 'contract', accountId: 'acc-1', productId: 'prod-1', marketplace: 'direct' }
  await finance('POST', '/v1/transactions', {
    body: { ...sale, providerKey: 'inv-1', amount: { amount: 10_000, currency: 'USD' }, on: '2026-03-01' },
  })
  offerId = String((await own('POST', '/v1/offers', { body: OFFER })).body['id'])
  await twin.twin('settle')
})
afterAll(() => twin.stop())

const itemsOf = ({ body }: Answered) => body['items'] as Record<string, unknown>[]

/** An answer without what tells apart two requests: the id that was asked for and that of the request. */
const anonymous = ({ status, body }: Answered, id: string) => {
  const { requestId: _, ...problem } = body
  return { status, problem: JSON.parse(JSON.stringify(problem).replaceAll(id, 'ID')) }
}

describe('a partner', () => {
  it('sees what is its own', async () => {
    const paths = ['/partners/ptn-1', '/accounts/acc-1', '/accounts/acc-1/attachments', `/offers/${offerId}`]
    const answers = await Promise.all(paths.map((path) => own('GET', `/v1${path}`)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  })

  it.each<[string, string, (id: string) => string, unknown?]>([
    ['partner', 'ptn-1', (id) => `GET /partners/${id}`],
    ['account', 'acc-1', (id) => `GET /accounts/${id}`],
    ["account's attachments", 'acc-1', (id) => `GET /accounts/${id}/attachments`],
    ['offer', '', (id) => `GET /offers/${id}`],
    ["offer's plan", '', (id) => `GET /offers/${id}/plan`],
    ["offer's timeline", '', (id) => `GET /offers/${id}/timeline`],
    ['offer to submit', '', (id) => `POST /offers/${id}/submit`],
    ['offer to withdraw', '', (id) => `POST /offers/${id}/withdraw`, { reason: 'x' }],
  ])('learns of a foreign %s no more than of one that does not exist', async (_, known, lineOf, body) => {
    const ask = async (id: string) => {
      const [method = '', path = ''] = lineOf(id).split(' ')
      return foreign(method, `/v1${path}`, { body })
    }
    const id = known || offerId
    const [there, nowhere] = [await ask(id), await ask('nowhere-1')]
    expectProblem(there, 404, 'not_found')
    expect(anonymous(there, id)).toEqual(anonymous(nowhere, 'nowhere-1'))
  })

  it.each(['approve', 'reject'])('cannot %s an offer, be it its own, a foreign one or none', async (verb) => {
    const decide = (ask: Ask, id: string) => ask('POST', `/v1/offers/${id}/${verb}`, { body: { reason: 'x' } })
    for (const [ask, id] of [
      [own, offerId],
      [foreign, offerId],
      [own, 'nowhere-1'],
    ] as const)
      expectProblem(await decide(ask, id), 403, 'forbidden')
  })

  it.each(['ptn-1', 'ptn-9'])('requests and plans no offer for %s', async (partnerId) => {
    for (const path of ['/offers', '/offers/plan']) {
      const answer = await foreign('POST', `/v1${path}`, { body: { ...OFFER, partnerId } })
      expectProblem(answer, 403, 'forbidden')
      expect(targetsOf(answer)).toEqual(['partnerId'])
    }
  })

  it('finds only itself in lists', async () => {
    expect(itemsOf(await own('GET', '/v1/partners'))).toMatchObject([{ id: 'ptn-1' }])
    expect(itemsOf(await own('GET', '/v1/offers'))).toMatchObject([{ id: offerId }])
    expect(itemsOf(await foreign('GET', '/v1/offers'))).toEqual([])
    expect(itemsOf(await foreign('GET', '/v1/offers?partnerId=ptn-1'))).toEqual([])
    expectProblem(await own('GET', '/v1/accounts'), 403, 'forbidden')
  })

  it('does not see which other partners an account has', async () => {
    expect(itemsOf(await own('GET', '/v1/accounts/acc-1/attachments'))).toMatchObject([{ partnerId: 'ptn-1' }])
    expect(itemsOf(await manager('GET', '/v1/accounts/acc-1/attachments'))).toHaveLength(2)
  })

  it('sees its own metrics and none of the programme', async () => {
    const revenue = async (ask: Ask, more = '') => (await ask('GET', `/v1/metrics/revenue?period=2026-03${more}`)).body
    expect(await revenue(own)).toMatchObject({ rows: [{ partnerId: 'ptn-1' }], totals: [] })
    expect(await revenue(foreign)).toMatchObject({ rows: [], totals: [] })
    expect(await revenue(foreign, '&partnerId=ptn-1')).toMatchObject({ rows: [], totals: [] })
    expect((await revenue(manager))['rows']).toHaveLength(2)
    for (const path of [
      '/metrics',
      '/metrics/report?period=2026-03',
      '/metrics/cac?period=2026-03',
      '/metrics/ttv?period=2026-03',
      '/metrics/findings',
      '/verifications',
    ])
      expectProblem(await own('GET', `/v1${path}`), 403, 'forbidden')
  })
})

describe('the metrics report', () => {
  it('is a page for those who see the programme, which nobody may keep and which may load nothing', async () => {
    for (const role of ['manager', 'finance', 'platform'] as const) {
      const authorization = `Bearer ${await twin.as({ role }).token()}`
      const answer = await fetch(`${twin.url}/v1/metrics/report?period=2026-03`, { headers: { authorization } })
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
      expect(answer.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; style-src 'sha256-.*frame-ancestors 'none'$/,
      )
      expect([answer.headers.get('cache-control'), answer.headers.get('x-content-type-options')]).toEqual(['no-store', 'nosniff'])
      expect(await answer.text()).toContain('In March 2026 revenue was USD\u00a0100.00')
    }
    expect((await fetch(`${twin.url}/v1/metrics/report?period=2026-03`)).status).toBe(401)
    const answer = await finance('GET', '/v1/metrics/report')
    expectProblem(answer, 400, 'invalid_request')
    expect(targetsOf(answer)).toEqual(['period'])
  })
})

describe('a role', () => {
  it('that is no platform may not repair numbers, nor a manager have them verified', async () => {
    const { body } = await finance('POST', '/v1/verifications', { body: {} })
    expect(body).toMatchObject({ status: 'requested', level: 'rows' })
    const repair = { body: { reason: 'x' } }
    expectProblem(await finance('POST', `/v1/verifications/${body['id']}/repair`, repair), 403, 'forbidden')
    expectProblem(await manager('POST', '/v1/verifications', { body: {} }), 403, 'forbidden')
    expect((await manager('GET', '/v1/metrics/findings')).status).toBe(200)
    expect(itemsOf(await manager('GET', '/v1/verifications'))).not.toEqual([])
  })

  it.each<[string, string, object]>([
    ['finance', '/v1/partners', { name: 'x', type: 'isv' }],
    ['manager', '/v1/transactions', {}],
    ['manager', '/v1/rates', {}],
  ])('%s may not post to %s', async (role, path, body) => {
    expectProblem(await (role === 'manager' ? manager : finance)('POST', path, { body }), 403, 'forbidden')
  })
})

describe('a list', () => {
  const pages = async (path: string) => {
    const found: Record<string, unknown>[][] = []
    let cursor = ''
    do {
      const answer = await manager('GET', `${path}limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
      found.push(itemsOf(answer))
      cursor = String(answer.body['cursor'] ?? '')
    } while (cursor && found.length < 10)
    return found
  }

  it.each(['/v1/partners?', '/v1/accounts?'])('%s comes in pages that leave nothing out and repeat nothing', async (path) => {
    const found = await pages(path)
    expect(found.length).toBeGreaterThan(1)
    expect(found.every((items) => items.length <= 2)).toBe(true)
    expect(found.flat()).toEqual(itemsOf(await manager('GET', `${path}limit=100`)))
    expect(found.flat()).toHaveLength(3)
  })

  const cursorOf = async (path: string) => {
    const { cursor } = (await manager('GET', path)).body
    expect(cursor).toBeTypeOf('string')
    return String(cursor)
  }

  it.each([
    ['made up', async () => 'abc'],
    ['of another list', () => cursorOf('/v1/accounts?limit=1')],
    ['of another filter', () => cursorOf('/v1/offers?limit=1&status=draft')],
    ['changed', async () => `${await cursorOf('/v1/offers?limit=1')}A`],
  ])('refuses a cursor that is %s', async (_, made) => {
    const answer = await manager('GET', `/v1/offers?cursor=${await made()}`)
    expectProblem(answer, 400, 'invalid_request')
    expect(targetsOf(answer)).toEqual(['cursor'])
  })

  it('refuses the cursor of another user', async () => {
    const cursor = await cursorOf('/v1/offers?limit=1')
    expect((await manager('GET', `/v1/offers?cursor=${cursor}`)).status).toBe(200)
    expectProblem(await own('GET', `/v1/offers?cursor=${cursor}`), 400, 'invalid_request')
  })
})
