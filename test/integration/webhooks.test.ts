import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DomainEvent } from '../../events/index.ts'
import { createTables } from '../../infra/local/dynamodb.ts'
import { readBody } from '../../infra/local/outside.ts'
import type { Actor } from '../../lib/core/context.ts'
import { orderEvents } from '../../lib/feed/order.ts'
import { cursorText, endOf } from '../../lib/feed/sequence.ts'
import { sequenceStore } from '../../lib/feed/sequence-store.ts'
import { eventKey, record } from '../../lib/runtime/journal.ts'
import { publicPost } from '../../lib/runtime/public-post.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { newSecret, signatureOf } from '../../lib/runtime/webhook.ts'
import * as commands from '../../lib/webhooks/commands.ts'
import { type Dependencies, deliverAll } from '../../lib/webhooks/deliver.ts'
import { type Endpoint, signing } from '../../lib/webhooks/endpoint.ts'
import { outcomeOf } from '../../lib/webhooks/outcome.ts'
import { redriveDelivery, redriveWebhook } from '../../lib/webhooks/redrive.ts'
import { messageIdOf, webhookStore } from '../../lib/webhooks/store.ts'
import { dyingIn } from '../storm/crash.ts'
import { openEngine, type TestEngine } from '../support/engine.ts'
import { contextAt, pia } from '../support/offers.ts'
import { billed } from '../unit/metrics/story.ts'

type Got = { headers: IncomingHttpHeaders; body: string; event: DomainEvent }

let engine: TestEngine
let server: Server
let url = ''
const got: Got[] = []
/** What the receiver answers to an event, by default that it has it. */
let answer: (event: DomainEvent) => number | { status: number; headers: Record<string, string> } = () => 204

beforeAll(async () => {
  engine = await openEngine()
  await createTables()
  server = createServer(async (request, response) => {
    const body = String(await readBody(request))
    const event = JSON.parse(body) as DomainEvent
    got.push({ headers: request.headers, body, event })
    const said = answer(event)
    if (typeof said === 'number') response.writeHead(said).end()
    else response.writeHead(said.status, said.headers).end()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
})
afterAll(async () => {
  server.close()
  server.closeAllConnections()
  await engine.stop()
})

let now = Date.parse('2026-11-22T09:00:00.000Z')
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const pass = (milliseconds: number) => {
  now += milliseconds
}
// Each look at the clock takes a moment.
const context = () => contextAt(new Date(++now).toISOString())

const table = () => openTable('records')
const post = publicPost({ loopback: true, limitMs: 8000 })
const call = async (endpoint: Endpoint, { id, body }: { id: string; body: string }, at: string) => {
  const headers = signatureOf(signing(endpoint, at), id, Math.floor(Date.parse(at) / 1000), body)
  return outcomeOf(await post({ url: endpoint.url, headers, body }), at)
}
const stores = () => ({ store: webhookStore(table()), sequence: sequenceStore(table()) })
const desk = () => ({ ...stores(), setting: { newSecret, loopback: true }, call })
const parts = (): Dependencies => ({ ...stores(), call, idOf: messageIdOf, jitter: () => 0 })
const run = {
  context,
  isOver: () => false,
  onError: async (error: unknown) => {
    throw error
  },
}
const deliver = (changes: Partial<Dependencies> = {}) => deliverAll({ ...parts(), ...changes })(run)

let registered: string[] = []
const register = async (types: string[] = ['transaction'], more: { cursor?: string; url?: string } = {}) => {
  const made = await commands.registerWebhook(desk())(pia, { url, types, ...more }, context())
  registered.push(made.id)
  return made
}
beforeEach(() => {
  got.splice(0)
  answer = () => 204
})
// Nobody is told anything in the next test.
afterEach(async () => {
  for (const id of registered) await commands.pauseWebhook(desk())(pia, id, 'over', undefined, context())
  registered = []
})

let numbers = 0
let accounts = 0
/** Events as they come into the sequence. */
const happen = async (count: number, account = `acc_${++accounts}`): Promise<DomainEvent[]> => {
  const events = Array.from({ length: count }, (_, n) => billed(account, n + 1, '2026-01-01'))
  for (const event of events) await table().put(record(event))
  const arrivals = events.map((event) => ({
    sequence: String(++numbers),
    at: 1000,
    entry: { pk: eventKey(event).pk, id: event.id, type: event.type },
  }))
  await orderEvents({ sequence: sequenceStore(table()) })('shard', arrivals)
  return events
}
const idsOf = (events: { id: string }[]) => events.map(({ id }) => id)
const received = () => idsOf(got.map(({ event }) => event))
const webhookIds = () => got.map(({ headers }) => String(headers['webhook-id']))
const state = async (id: string) => (await commands.getWebhook(desk())(pia, id, context())).state
const deliveries = async (id: string, which: 'open' | 'dead' | 'delivered' = 'open') =>
  (await commands.listDeliveries(desk())(pia, id, { state: which, limit: 100 })).items

describe('a webhook', () => {
  it('is told of the events that it wants, once and in order, signed so that their receiver can check it', async () => {
    const { secret, id } = await register()
    const other = await register(['offer'])
    const events = await happen(23)
    await deliver()
    await deliver()
    expect(received()).toEqual(idsOf(events))
    expect(got.map(({ event }) => event)).toEqual(events)
    for (const { headers, body } of got) {
      const again = signatureOf([secret], String(headers['webhook-id']), Number(headers['webhook-timestamp']), body)
      expect(headers['webhook-signature']).toBe(again['webhook-signature'])
    }
    expect(new Set(webhookIds()).size).toBe(23)
    const [one, two] = [
      await commands.getWebhook(desk())(pia, id, context()),
      await commands.getWebhook(desk())(pia, other.id, context()),
    ]
    expect(one.cursor).toBe(two.cursor)
    expect(one.cursor).toBe(cursorText({ first: endOf(await sequenceStore(table()).last()), offset: 0 }))
  })

  it('is one of many, each told by itself', async () => {
    for (let i = 0; i < 3; i++) await register()
    const events = await happen(2)
    await deliver()
    expect(received().toSorted()).toEqual([...idsOf(events), ...idsOf(events), ...idsOf(events)].toSorted())
    expect(new Set(webhookIds()).size).toBe(2)
  })

  it('tells apart events with one id that happened to different accounts', async () => {
    await register()
    const [event] = [billed('acc_same', 1, '2026-01-01')]
    const twin = { ...billed('acc_other', 1, '2026-01-01'), id: event.id }
    for (const each of [event, twin]) await table().put(record(each))
    const arrivals = [event, twin].map((each) => ({
      sequence: String(++numbers),
      at: 1000,
      entry: { pk: eventKey(each).pk, id: each.id, type: each.type },
    }))
    await orderEvents({ sequence: sequenceStore(table()) })('shard', arrivals)
    await deliver()
    expect(got.map((each) => each.event)).toEqual([event, twin])
    expect(new Set(webhookIds()).size).toBe(2)
  })

  it('puts aside what is not taken, goes on, and tries that again later under its id', async () => {
    const { id } = await register()
    const events = await happen(3)
    answer = (event) => (event.id === events[1]?.id ? { status: 503, headers: { 'retry-after': '120' } } : 204)
    await deliver()
    expect(received()).toEqual(idsOf(events))
    const [waiting] = await deliveries(id)
    expect(waiting).toMatchObject({ eventId: events[1]?.id, attempts: 1, status: 503, reason: 'it answered 503' })
    expect(Date.parse(waiting?.nextAt ?? '') - Date.parse(waiting?.lastAt ?? '')).toBe(2 * MINUTE)
    answer = () => 200
    await deliver()
    expect(got).toHaveLength(3)
    pass(2 * MINUTE)
    await deliver()
    expect(received()).toEqual([...idsOf(events), events[1]?.id])
    expect(webhookIds()[3]).toBe(webhookIds()[1])
    expect([await deliveries(id), await deliveries(id, 'delivered')]).toMatchObject([[], [{ attempts: 2 }]])
  })

  it('keeps what was never taken as a dead letter with its reason, from where it can be redriven', async () => {
    const { id } = await register()
    const watcher = await register(['webhook'])
    const [event] = await happen(1)
    answer = ({ type }) => (type === 'transaction.recorded.v1' ? 500 : 204)
    for (let tries = 0; tries < 20; tries++) {
      await deliver()
      pass(12 * HOUR)
    }
    const tries = got.filter((each) => each.event.id === event?.id)
    expect(tries.length).toBeGreaterThanOrEqual(7)
    const [dead] = await deliveries(id, 'dead')
    expect(dead).toMatchObject({ eventId: event?.id, attempts: tries.length, reason: 'it answered 500', status: 500 })
    const items = await Array.fromAsync(
      table().query({
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
        ExpressionAttributeValues: { ':pk': `WEBHOOK#${id}`, ':sk': 'EVENT#' },
      }),
    )
    expect(items.map(({ type }) => type).toSorted()).toEqual(['webhook.dead.v1', 'webhook.registered.v1'])
    answer = () => 204
    got.splice(0)
    await redriveDelivery(desk())(pia, id, dead?.id ?? '', context())
    await deliver()
    expect(received()).toEqual([event?.id])
    expect([await deliveries(id, 'dead'), await deliveries(id)]).toEqual([[], []])
    expect(await deliveries(watcher.id)).toEqual([])
  })

  it('waits where too much waits for it, tries only the oldest, and goes on when that is taken', async () => {
    const { id } = await register()
    const events = await happen(115)
    answer = () => 500
    await deliver()
    expect(await state(id)).toBe('failing')
    expect(received()).toEqual(idsOf(events.slice(0, 100)))
    got.splice(0)
    pass(5 * MINUTE)
    await deliver()
    expect(received()).toEqual([events[0]?.id])
    await deliver()
    expect(got).toHaveLength(1)
    answer = () => 200
    pass(10 * MINUTE)
    await deliver()
    expect(await state(id)).toBe('active')
    pass(HOUR)
    await deliver()
    expect(new Set(received())).toEqual(new Set(idsOf(events)))
    expect(await deliveries(id)).toEqual([])
  })

  it('is paused when it answers 410, and told all of it when it is resumed', async () => {
    const { id } = await register()
    const events = await happen(5)
    answer = (event) => (event.id === events[2]?.id ? 410 : 204)
    await deliver()
    expect(received()).toEqual(idsOf(events.slice(0, 3)))
    expect(await commands.getWebhook(desk())(pia, id, context())).toMatchObject({
      state: 'paused',
      pausedBecause: expect.stringContaining('410'),
    })
    pass(HOUR)
    await deliver()
    expect(got).toHaveLength(3)
    answer = () => 204
    await commands.resumeWebhook(desk())(pia, id, undefined, context())
    await deliver()
    expect(received().slice(3)).toEqual([events[2], events[3], events[4]].map((event) => event?.id))
  })

  it('is told all again from any cursor on, under the same ids, as often as anyone likes', async () => {
    const { id, cursor } = await register()
    const events = await happen(12)
    await deliver()
    const first = webhookIds()
    for (let times = 0; times < 2; times++) {
      await redriveWebhook(desk())(pia, id, cursor, context())
      await deliver()
    }
    expect(received()).toEqual([...idsOf(events), ...idsOf(events), ...idsOf(events)])
    expect(webhookIds()).toEqual([...first, ...first, ...first])
  })

  it('is redriven also while something waits for it, which is then told once and waits no more', async () => {
    const { id, cursor } = await register()
    const events = await happen(2)
    answer = () => 500
    await deliver()
    answer = () => 204
    got.splice(0)
    await redriveWebhook(desk())(pia, id, cursor, context())
    pass(MINUTE)
    await deliver()
    expect(received()).toEqual(idsOf(events))
    expect(await deliveries(id)).toEqual([])
  })

  it.each(['', 'x', '999999999.0', '0.99999', 'eyJwayI6IngifQ'])(
    'is not redriven to %j, where nothing would ever come',
    async (cursor) => {
      const { id } = await register()
      await expect(redriveWebhook(desk())(pia, id, cursor, context())).rejects.toMatchObject({
        details: [{ target: 'cursor' }],
      })
    },
  )

  it('takes a cursor of the feed with the mark of its list', async () => {
    const { id, cursor } = await register()
    await happen(1)
    expect((await redriveWebhook(desk())(pia, id, `abcdefgh-_12${cursor}`, context())).cursor).toBe(cursor)
  })

  it('is called with both signatures while its secret changes', async () => {
    const { id, secret } = await register()
    const rotated = await commands.rotateSecret(desk())(pia, id, 24, undefined, context())
    expect(rotated.secret).not.toBe(secret)
    expect(rotated.secrets).toMatchObject([{ until: expect.any(String) }, { id: expect.any(String) }])
    const signatures = async () => {
      got.splice(0)
      await happen(1)
      await deliver()
      const [{ headers, body } = { headers: {} as IncomingHttpHeaders, body: '' }] = got
      const by = (one: string) =>
        signatureOf([one], String(headers['webhook-id']), Number(headers['webhook-timestamp']), body)['webhook-signature']
      return [String(headers['webhook-signature']).split(' '), by(secret), by(rotated.secret)] as const
    }
    const [both, old, fresh] = await signatures()
    expect(both).toEqual([old, fresh])
    pass(24 * HOUR)
    const [one, , alone] = await signatures()
    expect(one).toEqual([alone])
  })

  it('is told by one run at a time, and by the next one when a run died', async () => {
    await register()
    const events = await happen(8)
    await Promise.all([deliver(), deliver(), deliver()])
    expect(received()).toEqual(idsOf(events))
    got.splice(0)
    const more = await happen(1)
    const { store, ...rest } = parts()
    await expect(deliver({ ...rest, store: { ...store, keep: () => Promise.reject(new Error('dead')) } })).rejects.toThrow('dead')
    await deliver()
    expect(received()).toEqual(idsOf(more))
    pass(3 * MINUTE)
    await deliver()
    expect(received()).toEqual([...idsOf(more), ...idsOf(more)])
    expect(new Set(webhookIds()).size).toBe(1)
  })

  it('tells nothing of what a run sent whose place somebody else has changed meanwhile', async () => {
    const { id, cursor } = await register()
    const events = await happen(3)
    const racing = async (...[endpoint, message, at]: Parameters<typeof call>) => {
      if (got.length === 1) await redriveWebhook(desk())(pia, id, cursor, context())
      return call(endpoint, message, at)
    }
    await deliver({ call: racing })
    await deliver()
    expect(received().slice(-3)).toEqual(idsOf(events))
  })
})

describe('a crash', () => {
  // A run of thirteen events: lease (1), ten calls, what came of them (12), lease (13), three calls, what came of them (17).
  const places = [1, 2, 11, 12, 13, 14, 17].flatMap((nth) => [[nth, 'before'] as const, [nth, 'after'] as const])

  it.each(places)('at step %i, %s it is done, loses no event, and none has two ids', async (nth, when) => {
    const { id } = await register()
    const events = await happen(13)
    const refusedOnce = new Set([events[3]?.id, events[11]?.id])
    answer = (event) => (refusedOnce.delete(event.id) ? 500 : 204)
    const [life, crash] = [{ calls: 0 }, { nth, when }]
    const { note, keep, ...store } = webhookStore(table())
    const dying = { store: { ...store, ...dyingIn({ note, keep }, crash, life) }, ...dyingIn({ call }, crash, life) }
    await deliver(dying).catch(() => {})
    expect(life.calls).toBeGreaterThanOrEqual(nth)
    for (let runs = 0; runs < 3; runs++) {
      pass(3 * MINUTE)
      await deliver()
    }
    expect(new Set(received())).toEqual(new Set(idsOf(events)))
    const pairs = new Set(got.map(({ event, headers }) => `${event.id} ${headers['webhook-id']}`))
    expect(pairs.size).toBe(13)
    expect(await deliveries(id)).toEqual([])
  })
})

describe('who may', () => {
  it.each<Actor['role']>(['partner', 'manager', 'finance'])('not: a %s', async (role) => {
    const { id } = await register()
    const actor: Actor = { subject: 'x', role, scopes: [] }
    const all = [
      commands.registerWebhook(desk())(actor, { url, types: [] }, context()),
      commands.getWebhook(desk())(actor, id, context()),
      commands.listWebhooks(desk())(actor, { limit: 9 }, context()),
      commands.changeWebhook(desk())(actor, id, { url, types: [] }, undefined, context()),
      commands.pauseWebhook(desk())(actor, id, 'why', undefined, context()),
      commands.resumeWebhook(desk())(actor, id, undefined, context()),
      commands.rotateSecret(desk())(actor, id, 24, undefined, context()),
      redriveWebhook(desk())(actor, id, '0.0', context()),
      commands.testWebhook(desk())(actor, id, context()),
      commands.listDeliveries(desk())(actor, id, { state: 'open', limit: 9 }),
      redriveDelivery(desk())(actor, id, 'msg_1', context()),
    ]
    for (const each of await Promise.allSettled(all)) expect(each).toMatchObject({ reason: { code: 'forbidden' } })
  })

  it('the platform, which learns from a test how its endpoint answers', async () => {
    const { id } = await register()
    answer = () => 401
    expect(await commands.testWebhook(desk())(pia, id, context())).toEqual({
      delivered: false,
      status: 401,
      reason: 'it answered 401',
    })
    answer = () => 200
    expect(await commands.testWebhook(desk())(pia, id, context())).toEqual({ delivered: true })
    expect(got.map(({ event }) => event.type)).toEqual(['webhook.test', 'webhook.test'])
  })

  it('finds no secret in what it is told later, nor in any event', async () => {
    const { id, secret } = await register()
    await commands.rotateSecret(desk())(pia, id, 24, undefined, context())
    const { items } = await commands.listWebhooks(desk())(pia, { limit: 100 }, context())
    expect(JSON.stringify([items, await commands.getWebhook(desk())(pia, id, context())])).not.toContain('whsec_')
    const events = await Array.fromAsync(
      table().query({
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
        ExpressionAttributeValues: { ':pk': `WEBHOOK#${id}`, ':sk': 'EVENT#' },
      }),
    )
    expect(events).toHaveLength(2)
    expect(JSON.stringify(events)).not.toContain(secret)
    expect(JSON.stringify(events)).not.toContain('127.0.0.1')
  })
})
