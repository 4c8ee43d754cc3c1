import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { functions } from '../../infra/service.ts'
import type { Contract } from '../../lib/core/contract.ts'
import { type Ask, expectProblem, requestsTo, targetsOf } from '../support/requests.ts'
import { SALE } from '../support/sale.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'

const contracts = Object.values(functions).flatMap(({ triggers }) =>
  triggers.flatMap((trigger): Contract[] => (trigger.kind === 'api' ? [trigger.contract] : [])),
)
const guarded = contracts
  .flatMap((contract) => Object.values(contract))
  .flatMap(({ method, path, scope }) => (scope ? [{ method, path: `/v1${path.replaceAll(/\{\w+\}/g, 'x')}`, scope }] : []))
const PARTNERS_SCOPES = ['partners.read', 'accounts.read', 'offers.read', 'offers.write', 'metrics.read', 'messages.read']

let twin: TestTwin
let nobody: Ask
let partner: Ask
let manager: Ask
let finance: Ask

beforeAll(async () => {
  twin = await startTwin()
  const user = requestsTo(twin)
  nobody = await user()
  partner = await user({ role: 'partner', partnerId: 'ptn-1' })
  manager = await user({ role: 'manager' })
  finance = await user({ role: 'finance' })
  await manager('POST', '/v1/accounts', { body: { id: 'acc-1', name: 'Alpine' } })
})
afterAll(() => twin.stop())

describe('a route', () => {
  it('is in a contract, as many others', () => {
    expect(guarded.length).toBeGreaterThan(30)
  })

  it.each(guarded)('$method $path asks for a token', async ({ method, path }) => {
    const answer = await nobody(method, path)
    expectProblem(answer, 401, 'unauthorized')
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })

  it.each(guarded.filter(({ scope }) => !PARTNERS_SCOPES.includes(scope)))(
    '$method $path asks for the scope $scope',
    async ({ method, path, scope }) => {
      const answer = await partner(method, path)
      expectProblem(answer, 403, 'forbidden')
      expect(answer.body['detail']).toContain(scope)
    },
  )

  it.each(['GET /', 'GET //', 'GET /v1', 'GET /v1/nothing', 'DELETE /v1/partners', 'PATCH /v1/partners/x', 'GET /v1/costs/a/b'])(
    'is not made of %s',
    async (line) => {
      const [method = '', path = ''] = line.split(' ')
      expectProblem(await manager(method, path), 404, 'not_found')
    },
  )

  it.each([
    ['forged', 'Bearer x.y.z'],
    ['of another scheme', 'Basic bWFuYWdlcg=='],
    ['empty', 'Bearer '],
  ])('refuses a token that is %s', async (_, authorization) => {
    expectProblem(await nobody('GET', '/v1/partners', { headers: { authorization } }), 401, 'unauthorized')
  })
})

const PARTNER = { name: 'Northwind', type: 'reseller' }
const COST = { purpose: 'support', channel: 'direct', category: 'events', amount: SALE.amount, period: '2026-11' }
const RATE = { base: 'EUR', quote: 'USD', on: '2026-11-01', rate: '1.0850' }
const EVENT = { specversion: '1.0', id: 'e', source: '/x', subject: 'x', time: '2026-11-01T00:00:00Z', recordedat: 'now' }

describe('a body', () => {
  it.each<[string, string, object, string[]]>([
    ['several wrong fields', '/partners', { id: 'a b', name: ' ', type: 'x', country: 'de' }, ['id', 'name', 'type', 'country']],
    ['missing fields', '/accounts', {}, ['name']],
    ['fields too many', '/partners', { ...PARTNER, version: 7, nmae: 'x' }, ['version', 'nmae']],
    ['a field too many inside', '/transactions', { ...SALE, amount: { ...SALE.amount, scale: 2 } }, ['amount.scale']],
    [
      'wrong fields in a list',
      '/accounts',
      { name: 'x', buyerIds: [{ marketplace: 'gcp', id: 7 }] },
      ['buyerIds.0.marketplace', 'buyerIds.0.id'],
    ],
    ['a number as text', '/transactions', { ...SALE, amount: { amount: '100', currency: 'USD' } }, ['amount.amount']],
    ['a fraction of a cent', '/costs', { ...COST, amount: { amount: 0.5, currency: 'USD' } }, ['amount.amount']],
    [
      'an amount past 2^53',
      '/transactions',
      { ...SALE, amount: { amount: 2 ** 53, currency: 'usd' } },
      ['amount.amount', 'amount.currency'],
    ],
    ['a day that does not exist', '/rates', { ...RATE, on: '2026-02-30' }, ['on']],
    ['no day at all', '/partners', { ...PARTNER, joinedOn: 'today' }, ['joinedOn']],
    ['a month that does not exist', '/costs', { ...COST, period: '2026-13' }, ['period']],
    ['an empty service period', '/transactions', { ...SALE, service: { from: '2026-11-01', to: '2026-11-01' } }, ['service.to']],
    ['a booking without service', '/transactions', { ...SALE, ledger: 'booked' }, ['service']],
    ['a refund that adds', '/transactions', { ...SALE, kind: 'refund' }, ['amount.amount']],
    ['a payout to nobody', '/costs', { ...COST, purpose: 'payout' }, ['partnerId']],
    ['a rate of zero of one currency', '/rates', { ...RATE, quote: 'EUR', rate: '0' }, ['rate', 'quote']],
    ['an unknown event', '/events', { events: [{ ...EVENT, type: 'x.y.v1' }] }, ['events.0.type']],
    ['no events', '/events', { events: [] }, ['events']],
    ['an unknown marketplace', '/offers', { marketplace: 'gcp' }, ['marketplace']],
  ])('with %s is refused with their names', async (_, path, body, targets) => {
    const ask = path === '/partners' || path === '/accounts' || path === '/offers' ? manager : finance
    const answer = await ask('POST', `/v1${path}`, { body })
    expectProblem(answer, 400, 'invalid_request')
    expect(targetsOf(answer)).toEqual(targets)
  })

  it.each([
    ['is no JSON', '{"name":'],
    ['is missing', ''],
    ['is a list', '[]'],
    ['is null', 'null'],
    ['is a form', 'name=Northwind&type=reseller'],
    ['is larger than 6 MB', `{"name":"${'x'.repeat(6 * 1024 * 1024)}"}`],
  ])('that %s is refused', async (_, text) => {
    const answer = await manager('POST', '/v1/partners', { text })
    expectProblem(answer, 400, 'invalid_request')
    expect(targetsOf(answer)).toEqual(['body'])
  })

  it('reaches no prototype', async () => {
    const text = '{"name":"x","type":"isv","__proto__":{"id":"y"},"constructor":{}}'
    expect(targetsOf(await manager('POST', '/v1/partners', { text })).sort()).toEqual(['__proto__', 'constructor'])
  })

  it('that names what is not there is refused with both names', async () => {
    const answer = await finance('POST', '/v1/transactions', { body: { ...SALE, accountId: 'acc-9', partnerId: 'ptn-9' } })
    expectProblem(answer, 404, 'not_found')
    expect(targetsOf(answer)).toEqual(['accountId', 'partnerId'])
  })

  it.each([
    ['/accounts/acc-1/attachments', { partnerId: 'ptn-9', role: 'sourced', from: '2026-11-01' }],
    ['/costs', { ...COST, partnerId: 'ptn-9' }],
  ])('to %s that names an unknown partner is refused with the field', async (path, body) => {
    const answer = await manager('POST', `/v1${path}`, { body })
    expectProblem(answer, 404, 'not_found')
    expect(targetsOf(answer)).toEqual(['partnerId'])
  })
})

describe('a query', () => {
  it.each<[string, string[]]>([
    ['/partners?limit=0&page=2', ['limit', 'page']],
    ['/partners?limit=ten', ['limit']],
    ['/partners?limit=10&limit=20', ['limit']],
    ['/costs', ['period']],
    ['/rates?base=eur', ['base', 'quote']],
    ['/metrics/nrr?period=2026-13&window=2', ['period', 'window']],
  ])('%s is refused with the names of what is wrong', async (path, targets) => {
    const answer = await manager('GET', `/v1${path}`)
    expectProblem(answer, 400, 'invalid_request')
    expect(targetsOf(answer)).toEqual(targets)
  })
})

describe('a path', () => {
  it.each<[string, string, string[]]>([
    ['is too long for an id', `/v1/partners/${'x'.repeat(3000)}`, ['partnerId']],
    ['holds what no id holds', '/v1/partners/a%20b', ['partnerId']],
    ['is badly encoded', '/v1/partners/%zz', ['path']],
  ])('that %s is refused', async (_, path, targets) => {
    const answer = await manager('GET', path)
    expectProblem(answer, 400, 'invalid_request')
    expect(targetsOf(answer)).toEqual(targets)
  })

  it('is decoded once', async () => {
    expect((await manager('GET', '/v1/partners/100%2541')).body['detail']).toContain('there is no partner 100%41 ')
  })
})

describe('the webhook of Azure', () => {
  it.each([
    ['no token', {}],
    ['a token of ours', { authorization: '' }],
    ['a forged token', { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJ0aWQiOiJ4In0.' }],
  ])('refuses a message with %s', async (name, headers) => {
    const ask = name === 'a token of ours' ? manager : nobody
    const sent = name === 'a token of ours' ? {} : { headers }
    const answer = await ask('POST', '/v1/azure/webhook', { body: { id: 'x' }, key: null, ...sent })
    expectProblem(answer, 401, 'unauthorized')
  })
})

// The last one: it leaves all tokens behind.
describe('a token', () => {
  it('is good for a day at most', async () => {
    expect((await manager('GET', '/v1/partners')).status).toBe(200)
    await twin.twin('clock', { days: 1 })
    expectProblem(await manager('GET', '/v1/partners'), 401, 'unauthorized')
  })
})
