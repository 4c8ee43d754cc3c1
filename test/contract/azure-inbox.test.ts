import { createLocalJWKSet } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import type { DomainEvent } from '../../events/index.ts'
import { AZURE } from '../../infra/local/marketplaces/azure/tenant.ts'
import { hostileTokens, webhookToken, webhookTokenV2 } from '../../infra/local/marketplaces/azure/webhook-token.ts'
import { parseWebhook, verifyToken } from '../../lib/agreements/azure-webhook.ts'
import { webhookContract } from '../../lib/agreements/contract.ts'
import { type Inbox, receiveOperation } from '../../lib/agreements/inbox.ts'
import { api } from '../../lib/runtime/http.ts'
import { type TestAzure, testAzure } from '../support/azure.ts'

let azure: TestAzure
beforeAll(async () => {
  azure = await testAzure()
})

/** The webhook as it is deployed, with stand-ins for the login and the table. */
const openInbox = async () => {
  const events: DomainEvent[] = []
  const letters: Parameters<Inbox['deadLetters']['keep']>[0][] = []
  const inbox: Inbox = {
    parse: parseWebhook,
    feed: { add: async (added) => events.push(...added) },
    deadLetters: { keep: async (letter) => void letters.push(letter) },
  }
  const keys = createLocalJWKSet((await azure.call('GET', `/azure/login/${AZURE.tenantId}/discovery/v2.0/keys`)).body)
  const expected = { keys, tenantId: AZURE.tenantId, appId: AZURE.webhookAppId, now: azure.world.now() }
  const handler = api(webhookContract, {
    receiveOperation: async ({ headers, text, context }) => {
      await verifyToken(headers['authorization'], expected)
      await receiveOperation(inbox)(text, context)
    },
  })
  const send = async (body: string, token?: string) => {
    const path = '/v1/azure/webhook'
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const event = { version: '2.0', rawPath: path, headers, requestContext: { http: { method: 'POST', path } }, body }
    return (await handler(event as never, {} as never)).statusCode
  }
  return { send, events, letters }
}

const MESSAGE = { id: 'op-1', subscriptionId: 'sub-1', action: 'Renew', more: { than: 'we know' } }

describe('the webhook', () => {
  it.each([
    ['1', webhookToken],
    ['2', webhookTokenV2],
  ])('keeps what it is told under a token of version %s as an event', async (_, tokenOf) => {
    const { send, events, letters } = await openInbox()
    expect(await send(JSON.stringify(MESSAGE), await tokenOf(azure.world))).toBe(200)
    const data = { operationId: 'op-1', subscriptionId: 'sub-1', action: 'Renew' }
    expect(events).toMatchObject([{ id: 'evt_azure_op-1', type: 'azure.operation-received.v1', data }])
    expect(letters).toEqual([])
  })

  it.each([
    ['no JSON', '<xml/>', /body/],
    ['an empty body', '', /body/],
    ['no operation', JSON.stringify({ ...MESSAGE, id: undefined }), /^id: /],
    ['no subscription and no action', JSON.stringify({ id: 'op-1' }), /subscriptionId: .*action: /],
    ['a list', JSON.stringify([MESSAGE]), /body/],
  ])('keeps a message with %s as a dead letter with its reason, and takes it', async (_, body, reason) => {
    const { send, events, letters } = await openInbox()
    expect(await send(body, await webhookToken(azure.world))).toBe(200)
    expect(letters).toEqual([
      { queue: 'azure-webhook', messageId: expect.any(String), body, reason: expect.stringMatching(reason) },
    ])
    expect(events).toEqual([])
  })

  it.each(Object.entries(hostileTokens))('refuses a token with %s and keeps nothing', async (_, tokenOf) => {
    const { send, events, letters } = await openInbox()
    expect(await send(JSON.stringify(MESSAGE), await tokenOf(azure.world))).toBe(401)
    expect([events, letters]).toEqual([[], []])
  })

  it('refuses a message without a token, malformed or not', async () => {
    const { send, letters } = await openInbox()
    expect([await send(JSON.stringify(MESSAGE)), await send('<xml/>')]).toEqual([401, 401])
    expect(letters).toEqual([])
  })
})
