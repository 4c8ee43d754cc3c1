import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import type { Contract } from '../../../lib/core/contract.ts'
import { conflict, unavailable } from '../../../lib/core/errors.ts'
import { api, type Call } from '../../../lib/runtime/http.ts'
import type { Item, Table } from '../../../lib/runtime/table.ts'

const contract = {
  say: {
    method: 'POST',
    path: '/words',
    scope: 'words.write',
    status: 201,
    summary: '',
    body: z.strictObject({ word: z.string() }),
  },
  read: { method: 'GET', path: '/words', scope: 'words.read', status: 200, summary: '' },
} as const satisfies Contract
type Say = (call: Call<typeof contract.say>) => Promise<unknown>

const CLAIMS = { sub: 'mia', role: 'manager', scope: 'words.read words.write' }

/** Receipts in memory; a taken key is a conflict, as the table has it. */
const receiptsIn = (kept: Map<string, Item>) =>
  ({
    get: async ({ pk }) => kept.get(pk),
    commit: async (_, { context, answer } = {}) => {
      const { key = '', requestHash, status } = context?.receipt ?? {}
      if (kept.has(`RECEIPT#${key}`)) throw conflict('taken')
      kept.set(`RECEIPT#${key}`, { pk: `RECEIPT#${key}`, sk: 'RECEIPT', requestHash, status, answer })
    },
  }) as Table

const setting = (say: Say, kept = new Map<string, Item>()) => {
  const handler = api(contract, { say, read: async () => ({}) }, receiptsIn(kept))
  const send = async (
    method: string,
    body = '',
    { claims = CLAIMS, ...more }: { claims?: object; isBase64Encoded?: boolean } = {},
  ) => {
    const event = {
      version: '2.0',
      rawPath: '/v1/words',
      headers: { 'idempotency-key': 'k' },
      requestContext: { requestId: 'req-1', http: { method, path: '/v1/words' }, authorizer: { jwt: { claims } } },
      body,
      ...more,
    }
    const { statusCode, body: text = '{}', headers } = await handler(event as never, {} as never)
    return { status: statusCode, body: JSON.parse(text), headers }
  }
  return { send, kept }
}
const HELLO = JSON.stringify({ word: 'hello' })

let logged: string[] = []
beforeEach(() => {
  logged = []
  vi.spyOn(console, 'error').mockImplementation((line: string) => void logged.push(line))
})
afterEach(() => vi.restoreAllMocks())

describe('a request', () => {
  it.each([
    ['no role', { ...CLAIMS, role: undefined }],
    ['an unknown role', { ...CLAIMS, role: 'root' }],
    ['a partner without an id', { ...CLAIMS, role: 'partner' }],
    ['only a longer scope', { ...CLAIMS, scope: 'words.read.all words.write' }],
    ['no scope', { ...CLAIMS, scope: undefined }],
  ])('whose token has %s is forbidden', async (_, claims) => {
    expect(await setting(async () => ({})).send('GET', '', { claims })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    })
  })

  it('may come in base64', async () => {
    const { send } = setting(async ({ body }) => body)
    const body = Buffer.from(JSON.stringify({ word: 'grüß' })).toString('base64')
    expect(await send('POST', body, { isBase64Encoded: true })).toMatchObject({ status: 201, body: { word: 'grüß' } })
  })
})

describe('an error', () => {
  it('that is a bug says nothing to the caller and all to the log', async () => {
    const { send } = setting(async () => {
      throw new Error('the table secret-table is gone')
    })
    const { status, body } = await send('POST', HELLO)
    expect([status, body.code, body.requestId]).toEqual([500, 'internal_error', 'req-1'])
    expect(JSON.stringify(body)).not.toContain('secret-table')
    expect(logged).toEqual([expect.stringMatching(/req-1.*secret-table/)])
  })

  it('of the caller is not logged', async () => {
    await setting(async () => ({})).send('POST', '{}')
    expect(logged).toEqual([])
  })

  it('that names its field only is told with the field in the details', async () => {
    const { send } = setting(async () => {
      throw conflict('it is taken', 'word')
    })
    expect((await send('POST', HELLO)).body.details).toEqual([{ target: 'word', message: 'it is taken' }])
  })
})

describe('a receipt', () => {
  it('is kept for a request that changed nothing', async () => {
    const { send, kept } = setting(async () => ({ said: 1 }))
    await send('POST', HELLO)
    expect([...kept.values()]).toMatchObject([{ pk: 'RECEIPT#mia#k', status: 201, answer: { said: 1 } }])
  })

  it('of a repeat spares the handler', async () => {
    let said = 0
    const { send } = setting(async () => ({ said: ++said }))
    expect([await send('POST', HELLO), await send('POST', HELLO)]).toMatchObject([
      { status: 201, body: { said: 1 } },
      { status: 201, body: { said: 1 }, headers: { 'idempotent-replayed': 'true' } },
    ])
    expect(said).toBe(1)
  })

  it('that another request wrote meanwhile is the answer, whatever this one ran into', async () => {
    const first = setting(async () => ({ said: 'first' }))
    const second = setting(async () => {
      await first.send('POST', HELLO)
      throw unavailable('too many changes at once')
    }, first.kept)
    expect(await second.send('POST', HELLO)).toMatchObject({ status: 201, body: { said: 'first' } })
  })

  it('is not kept for a refusal', async () => {
    const { send, kept } = setting(async () => {
      throw unavailable('later')
    })
    expect((await send('POST', HELLO)).status).toBe(503)
    expect(kept.size).toBe(0)
  })
})
