import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTables } from '../../infra/local/dynamodb.ts'
import { commonOf } from '../../lib/agreements/owned.ts'
import { agreementStore } from '../../lib/agreements/store.ts'
import { queued } from '../../lib/outbox/message.ts'
import { begin, fail, settle } from '../../lib/outbox/sending.ts'
import { hashOf, messageStore } from '../../lib/outbox/store.ts'
import { eventIn, eventsOf } from '../../lib/runtime/journal.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openEngine, type TestEngine } from '../support/engine.ts'
import { contextAt } from '../support/offers.ts'
import { agreementOf } from '../unit/agreements/agreement.ts'
import { DRAFT } from '../unit/outbox/outbox.ts'
import { running } from '../unit/reminders/setting.ts'

let engine: TestEngine
let table: ReturnType<typeof openTable>

beforeAll(async () => {
  engine = await openEngine()
  await createTables()
  table = openTable('records')
})
afterAll(() => engine.stop())

describe('the outbox', () => {
  const stored = async (key: string, changes: Partial<typeof DRAFT> = {}, now?: string) => {
    const decided = queued({ ...DRAFT, ...changes, key }, hashOf, contextAt(now))
    expect(await messageStore(table).add(decided)).toBe(true)
    return messageStore(table).get(decided.message.id)
  }
  const typesOf = async (id: string) => {
    const types: string[] = []
    for await (const item of table.query(eventsOf(`MESSAGE#${id}`))) types.push(eventIn(item).type)
    return types.toSorted()
  }

  it('takes a message and its event once, many times at the same moment too', async () => {
    const decided = queued({ ...DRAFT, key: 'once' }, hashOf, contextAt())
    const added = await Promise.all(Array.from({ length: 6 }, () => messageStore(table).add(decided)))
    expect(added.filter(Boolean)).toHaveLength(1)
    expect(await messageStore(table).add(queued({ ...DRAFT, key: 'once' }, hashOf, contextAt('2027-01-01T00:00:00.000Z')))).toBe(
      false,
    )
    expect(await messageStore(table).get(decided.message.id)).toEqual({ ...decided.message, version: 1 })
    expect(await typesOf(decided.message.id)).toEqual(['message.queued.v1'])
  })

  it('notes how a message went out with its event, only by who has seen the newest version', async () => {
    const store = messageStore(table)
    const message = await stored('sent')
    const open = await store.save(begin(message, contextAt()), contextAt())
    await expect(store.save(begin(message, contextAt()), contextAt())).rejects.toMatchObject({ code: 'stale_version' })
    const sent = await store.save(settle(open, { sent: 'ses-1' }, contextAt()), contextAt())
    expect(await store.get(message.id)).toEqual(sent)
    expect(sent).toMatchObject({ state: 'sent', version: 3 })
    expect(await typesOf(message.id)).toEqual(['message.queued.v1', 'message.sent.v1'])
  })

  it('lists by state, the newest first, in pages, and to a partner what is to it', async () => {
    const store = messageStore(table)
    for (const day of ['03', '05', '04']) await stored(`list-${day}`, { partnerId: 'par_list' }, `2026-11-${day}T09:00:00.000Z`)
    const failed = await stored('list-failed', { partnerId: 'par_list' }, '2026-11-06T09:00:00.000Z')
    await store.save(fail(failed, 'no', contextAt()), contextAt())
    await stored('list-managers', { to: 'managers' }, '2026-11-07T09:00:00.000Z').then(({ id }) => id)
    const days = (items: { queuedAt: string }[]) => items.map(({ queuedAt }) => queuedAt.slice(8, 10))
    const page = await store.list({ partnerId: 'par_list', state: 'queued', limit: 2 })
    expect(days(page.items)).toEqual(['05', '04'])
    const rest = await store.list({ partnerId: 'par_list', state: 'queued', limit: 2, cursor: page.cursor })
    expect(days(rest.items)).toEqual(['03'])
    expect((await store.list({ state: 'failed', limit: 50 })).items.map(({ id }) => id)).toEqual([failed.id])
    expect((await store.list({ partnerId: 'par_list', limit: 50 })).items).toHaveLength(4)
  })

  it('tells what has yet to go out, and nothing else', async () => {
    const waiting: string[] = []
    for await (const { id, state } of messageStore(table).queued()) waiting.push(`${id} ${state}`)
    expect(waiting).toHaveLength(5)
    expect(waiting.every((each) => each.endsWith('queued'))).toBe(true)
  })
})

describe('an agreement', () => {
  const ending = async (from: string, to: string) =>
    (await Array.fromAsync(agreementStore(table).ending(from, to))).map(({ id }) => id)
  const at = '2026-11-06T09:00:00.000Z'
  const noted = (id: string, lastDay?: string) =>
    agreementStore(table).synced(
      agreementOf({ id }),
      {
        owner: commonOf(agreementOf({ id }), { accountId: 'acc_1' }),
        ...(lastDay !== undefined && { running: running({ id, lastDay }) }),
      },
      at,
    )

  it('in force is found by its last day until it is over', async () => {
    const store = agreementStore(table)
    await noted('agmt-1', '2026-12-31')
    await noted('agmt-2', '2027-01-01')
    await noted('agmt-3')
    expect(await ending('2026-12-31', '2026-12-31')).toEqual(['agmt-1'])
    expect(await ending('2026-12-01', '2027-01-01')).toEqual(['agmt-1', 'agmt-2'])
    expect(await store.running('aws', 'agmt-1')).toEqual(running({ id: 'agmt-1' }))
    await noted('agmt-1', '2027-12-31')
    expect(await ending('2026-12-01', '2027-01-01')).toEqual(['agmt-2'])
    await noted('agmt-2')
    expect(await ending('2026-12-01', '2027-12-31')).toEqual(['agmt-1'])
    expect([await store.running('aws', 'agmt-2'), await store.running('aws', 'agmt-9')]).toEqual([undefined, undefined])
  })

  it('that could not be read again is still known by its last day, and read again all the same', async () => {
    const store = agreementStore(table)
    await store.unsettled('aws', 'agmt-1', 'no answer')
    expect(await ending('2027-12-31', '2027-12-31')).toEqual(['agmt-1'])
    expect(await Array.fromAsync(store.syncedBefore('aws', at))).toEqual(['agmt-1'])
    await noted('agmt-1', '2027-12-31')
    expect(await Array.fromAsync(store.syncedBefore('aws', at))).toEqual([])
    expect((await table.get({ pk: 'AGREEMENT#aws#agmt-1', sk: 'AGREEMENT' }))?.['reason']).toBeUndefined()
  })
})
