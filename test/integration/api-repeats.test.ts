import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answered, type Ask, expectProblem, requestsTo, targetsOf } from '../support/requests.ts'
import { SALE } from '../support/sale.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'

let twin: TestTwin
let manager: Ask
let finance: Ask

beforeAll(async () => {
  twin = await startTwin()
  manager = await requestsTo(twin)({ role: 'manager' })
  finance = await requestsTo(twin)({ role: 'finance' })
  for (const id of ['acc-1', 'acc-2']) await manager('POST', '/v1/accounts', { body: { id, name: id } })
  for (const id of ['ptn-1', 'ptn-2']) await manager('POST', '/v1/partners', { body: { id, name: id, type: 'isv' } })
})
afterAll(() => twin.stop())

const PARTNER = { name: 'Northwind', type: 'reseller' }
const sale = (providerKey: string, more: object = {}) => ({ ...SALE, providerKey, ...more })
const milestone = (on: string) => ({ milestone: 'agreement-signed', on })
const attachment = (from: string) => ({ partnerId: 'ptn-1', role: 'managed', from })
const fact = (id: string) => ({
  specversion: '1.0',
  id,
  source: '/test',
  type: 'cost.recorded.v1',
  subject: id,
  time: '2026-10-01T00:00:00Z',
  recordedat: '2026-10-01T00:00:00Z',
  data: {
    costId: id,
    purpose: 'support',
    channel: 'direct',
    category: 'x',
    amount: { amount: 1, currency: 'USD' },
    period: '2026-10',
  },
})

const itemsOf = ({ body }: Answered) => body['items'] as Record<string, unknown>[]
const isReplayed = ({ headers }: Answered) => headers.get('idempotent-replayed') === 'true'
const named = async (name: string) =>
  itemsOf(await manager('GET', '/v1/partners?limit=100')).filter((each) => each['name'] === name)
const salesOf = async (accountId: string, productId: string) =>
  itemsOf(await finance('GET', `/v1/transactions?accountId=${accountId}&limit=100`)).filter(
    (each) => each['productId'] === productId,
  )

describe('a POST', () => {
  it.each([
    ['none', null],
    ['an empty one', ''],
    ['one with spaces', 'a b'],
    ['one of 256 characters', 'k'.repeat(256)],
  ])('needs an Idempotency-Key: %s is refused', async (_, key) => {
    const answer = await manager('POST', '/v1/partners', { body: PARTNER, key })
    expectProblem(answer, 400, 'invalid_request')
    expect(targetsOf(answer)).toEqual(['Idempotency-Key'])
  })

  it.each<[string, string, (nth: number) => object]>([
    ['/partners', 'manager', (nth) => ({ ...PARTNER, name: `repeated ${nth}` })],
    ['/accounts', 'manager', (nth) => ({ name: `repeated ${nth}` })],
    ['/partners/ptn-1/milestones', 'manager', (nth) => milestone(`2026-10-0${9 - nth}`)],
    ['/accounts/acc-1/attachments', 'manager', (nth) => attachment(`2026-10-0${nth}`)],
    ['/transactions', 'finance', (nth) => sale(`repeated-${nth}`)],
    ['/costs', 'finance', (nth) => fact(`repeated-${nth}`).data],
    ['/rates', 'finance', (nth) => ({ base: 'EUR', quote: 'USD', on: `2026-10-0${nth}`, rate: '1.1' })],
    ['/events', 'finance', (nth) => ({ events: [fact(`ingested-${nth}`)] })],
  ])('to %s is answered like the first, and not at all with another body', async (path, role, bodyOf) => {
    const ask = role === 'manager' ? manager : finance
    const key = `repeat:${path}`
    const first = await ask('POST', `/v1${path}`, { body: bodyOf(1), key })
    const again = await ask('POST', `/v1${path}`, { body: bodyOf(1), key })
    const other = await ask('POST', `/v1${path}`, { body: bodyOf(2), key })
    expect([first.status < 300, isReplayed(first)]).toEqual([true, false])
    expect({ ...again, headers: 0 }).toEqual({ ...first, headers: 0 })
    expect([again.headers.get('etag'), isReplayed(again)]).toEqual([first.headers.get('etag'), true])
    expectProblem(other, 422, 'idempotency_mismatch')
    expect(targetsOf(other)).toEqual(['Idempotency-Key'])
  })

  it('that changed nothing takes its key as well', async () => {
    await manager('POST', '/v1/accounts/acc-1/attachments', { body: attachment('2026-09-01') })
    const key = 'nothing-new'
    expect((await manager('POST', '/v1/accounts/acc-1/attachments', { body: attachment('2026-09-01'), key })).status).toBe(201)
    const other = await manager('POST', '/v1/accounts/acc-1/attachments', { body: attachment('2026-09-02'), key })
    expectProblem(other, 422, 'idempotency_mismatch')
  })

  it('that was refused may be corrected under the same key', async () => {
    const key = 'corrected'
    expect((await manager('POST', '/v1/partners', { body: { ...PARTNER, type: 'x' }, key })).status).toBe(400)
    expect((await manager('POST', '/v1/partners', { body: PARTNER, key })).status).toBe(201)
  })

  it('of another user may carry the same key', async () => {
    const body = { ...PARTNER, name: 'two users' }
    const other = await requestsTo(twin)({ role: 'manager', subject: 'other@example.test' })
    const answers = [
      await manager('POST', '/v1/partners', { body, key: 'same' }),
      await other('POST', '/v1/partners', { body, key: 'same' }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([201, 201])
    expect(await named('two users')).toHaveLength(2)
  })

  it('sent ten times at the same moment has one effect and one answer', async () => {
    const body = { ...PARTNER, name: 'at once' }
    const sent = Array.from({ length: 10 }, () => manager('POST', '/v1/partners', { body, key: 'at-once' }))
    const ids = (await Promise.all(sent)).map((answer) => answer.body['id'])
    expect(await named('at once')).toMatchObject([{ id: ids[0] }])
    expect(new Set(ids).size).toBe(1)
  })
})

describe('a row of the books', () => {
  it('is one transaction, whoever sends its provider key', async () => {
    const first = await finance('POST', '/v1/transactions', { body: sale('inv-1', { productId: 'once' }) })
    const again = await finance('POST', '/v1/transactions', { body: sale('inv-1', { productId: 'once' }) })
    expect([first.status, again.status]).toEqual([201, 201])
    expect(again.body).toEqual(first.body)
    expect(await salesOf('acc-1', 'once')).toHaveLength(1)
  })

  it('with another content is refused under the same provider key', async () => {
    await finance('POST', '/v1/transactions', { body: sale('inv-2', { productId: 'kept' }) })
    const other = await finance('POST', '/v1/transactions', { body: sale('inv-2', { productId: 'kept', accountId: 'acc-2' }) })
    expectProblem(other, 409, 'conflict')
    expect(targetsOf(other)).toEqual(['providerKey'])
    expect(await salesOf('acc-2', 'kept')).toEqual([])
  })

  it.each(['acc-1', 'acc-2'])('with the chosen id of another row is refused for %s', async (accountId) => {
    await finance('POST', '/v1/transactions', { body: sale('inv-3', { transactionId: 'chosen' }) })
    const other = await finance('POST', '/v1/transactions', {
      body: sale(`inv-4-${accountId}`, { transactionId: 'chosen', accountId }),
    })
    expectProblem(other, 409, 'conflict')
    expect(targetsOf(other)).toEqual(['transactionId'])
  })

  it('sent ten times at the same moment under new keys is one transaction', async () => {
    const sent = Array.from({ length: 10 }, () =>
      finance('POST', '/v1/transactions', { body: sale('inv-5', { productId: 'raced' }) }),
    )
    expect(new Set((await Promise.all(sent)).map(({ status }) => status))).toEqual(new Set([201]))
    expect(await salesOf('acc-1', 'raced')).toHaveLength(1)
  })

  it('attaches the partner whose sale it is: the first sources the account, the second influences it', async () => {
    await manager('POST', '/v1/accounts', { body: { id: 'acc-3', name: 'Cedar' } })
    const of = (partnerId: string, on: string) => sale(`inv-${partnerId}-${on}`, { accountId: 'acc-3', partnerId, on })
    for (const [partnerId, on] of [
      ['ptn-1', '2026-10-01'],
      ['ptn-2', '2026-10-05'],
      ['ptn-1', '2026-10-09'],
    ] as const)
      await finance('POST', '/v1/transactions', { body: of(partnerId, on) })
    expect(itemsOf(await manager('GET', '/v1/accounts/acc-3/attachments'))).toEqual([
      { partnerId: 'ptn-1', role: 'sourced', from: '2026-10-01', action: 'attach' },
      { partnerId: 'ptn-2', role: 'influenced', from: '2026-10-05', action: 'attach' },
    ])
  })
})

describe('a cost', () => {
  it('with a taken id is refused, in another month too', async () => {
    const cost = fact('cost-1').data
    expect((await finance('POST', '/v1/costs', { body: cost })).status).toBe(201)
    const other = await finance('POST', '/v1/costs', { body: { ...cost, period: '2026-11' } })
    expectProblem(other, 409, 'conflict')
    expect(targetsOf(other)).toEqual(['costId'])
  })
})

describe('events', () => {
  it('are recorded once, also within one request', async () => {
    const ingest = async (...ids: string[]) => (await finance('POST', '/v1/events', { body: { events: ids.map(fact) } })).body
    expect(await ingest('a', 'b', 'a')).toEqual({ recorded: 2, known: 1 })
    expect(await ingest('a', 'b')).toEqual({ recorded: 0, known: 2 })
    expect(await ingest('b', 'c')).toEqual({ recorded: 1, known: 1 })
  })

  it('that say something else than the one of their id are named, and change nothing', async () => {
    const ingest = async (...events: object[]) => (await finance('POST', '/v1/events', { body: { events } })).body
    const [first, other] = [fact('twice'), fact('twice')]
    const changed = { ...other, data: { ...other.data, category: 'something else' } }
    expect(await ingest(first, changed, fact('d'))).toEqual({ recorded: 2, known: 1, differing: ['twice'] })
    expect(await ingest(changed)).toEqual({ recorded: 0, known: 1, differing: ['twice'] })
    expect(await ingest({ ...first, recordedat: '2026-12-31T00:00:00Z' })).toEqual({ recorded: 0, known: 1 })
  })
})

describe('a version', () => {
  it('is the ETag, and what was changed meanwhile is not overwritten', async () => {
    const path = '/v1/partners/ptn-2/milestones'
    const read = await manager('GET', '/v1/partners/ptn-2')
    const etag = read.headers.get('etag') ?? ''
    expect(etag).toBe(`"${read.body['version']}"`)
    const changed = await manager('POST', path, { body: milestone('2026-10-09'), headers: { 'if-match': etag } })
    expect([changed.status, changed.headers.get('etag') === etag]).toEqual([200, false])
    const stale = await manager('POST', path, { body: milestone('2026-10-08'), headers: { 'if-match': etag } })
    expectProblem(stale, 412, 'stale_version')
    expect(targetsOf(stale)).toEqual(['If-Match'])
    expect((await manager('GET', '/v1/partners/ptn-2')).body).toEqual(changed.body)
  })

  it.each(['3', 'W/"3"', '"x"'])('is not asked for by If-Match: %s', async (header) => {
    const body = milestone('2026-10-07')
    const answer = await manager('POST', '/v1/partners/ptn-2/milestones', { body, headers: { 'if-match': header } })
    expectProblem(answer, 400, 'invalid_request')
    expect(targetsOf(answer)).toEqual(['If-Match'])
  })
})

// The last one: it ends the process that the others speak to.
describe('a crash between effect and answer', () => {
  it('doubles nothing: the repeat under the same key finds what was done', async () => {
    const requests = Array.from({ length: 12 }, (_, nth) => ({
      partner: { body: { ...PARTNER, name: 'crashed' }, key: `crashed-${nth}` },
      sale: { body: sale(`crashed-${nth}`, { productId: 'crashed', partnerId: 'ptn-1' }), key: `crashed-${nth}` },
    }))
    const sendAll = () =>
      requests.flatMap(({ partner, sale: row }) => [
        manager('POST', '/v1/partners', partner),
        finance('POST', '/v1/transactions', row),
      ])
    const lost = sendAll().map((sent) =>
      sent.then(
        () => true,
        () => false,
      ),
    )
    await Promise.race([Promise.any(lost), sleep(200)])
    await twin.kill()
    expect((await Promise.all(lost)).filter((arrived) => !arrived).length).toBeGreaterThan(0)

    await twin.restart()
    const answers = await Promise.all(sendAll())
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    expect(await named('crashed')).toHaveLength(12)
    expect(await salesOf('acc-1', 'crashed')).toHaveLength(12)
  })
})
