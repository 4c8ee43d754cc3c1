import { createLocalJWKSet, type JWTVerifyOptions, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { reinstate, renewSubscription, suspend, unsubscribe } from '../../infra/local/marketplaces/azure/customer.ts'
import { AZURE, MARKETPLACE_APP } from '../../infra/local/marketplaces/azure/tenant.ts'
import { hostileTokens, webhookToken, webhookTokenV2 } from '../../infra/local/marketplaces/azure/webhook-token.ts'
import { type TestAzure, testAzure } from '../support/azure.ts'
import { purchased, saas, subscribed } from '../support/azure-offers.ts'

const DAY = 86_400

const start = async () => {
  const azure = await testAzure()
  const { subscriptionId } = await subscribed(azure)
  const status = async () => (await saas(azure, 'GET', `/${subscriptionId}`)).body.saasSubscriptionStatus
  return { azure, subscriptionId, status }
}

const keysOf = async ({ call }: TestAzure) =>
  createLocalJWKSet((await call('GET', `/azure/login/${AZURE.tenantId}/discovery/v2.0/keys`)).body)

const verify = async (azure: TestAzure, token: string) => {
  const options: JWTVerifyOptions = {
    currentDate: azure.world.now(),
    audience: AZURE.webhookAppId,
    issuer: [`https://sts.windows.net/${AZURE.tenantId}/`, `https://login.microsoftonline.com/${AZURE.tenantId}/v2.0`],
    algorithms: ['RS256'],
  }
  const { payload } = await jwtVerify(token, await keysOf(azure), options)
  if (payload['tid'] !== AZURE.tenantId) throw new Error('another tenant')
  if ((payload['appid'] ?? payload['azp']) !== MARKETPLACE_APP) throw new Error('another sender')
}

describe('a message', () => {
  it('carries a token that the published keys verify', async () => {
    const { azure, subscriptionId } = await start()
    await suspend(azure.world, subscriptionId)
    const [message] = azure.sent
    if (message?.channel !== 'azure.webhook') throw new Error('nothing was sent')
    const [scheme, token] = message.headers['authorization']?.split(' ') ?? []
    expect(scheme).toBe('Bearer')
    expect(message.headers['content-type']).toBe('application/json')
    await expect(verify(azure, token ?? '')).resolves.toBeUndefined()
  })

  it('tells of a suspension what is now', async () => {
    const { azure, subscriptionId, status } = await start()
    await suspend(azure.world, subscriptionId)
    expect(azure.sent).toMatchObject([
      {
        channel: 'azure.webhook',
        body: {
          action: 'Suspend',
          status: 'Succeeded',
          subscriptionId,
          timeStamp: '2026-11-02T09:03:00.0000000Z',
          operationRequestSource: 'Azure',
          subscription: { id: subscriptionId, saasSubscriptionStatus: 'Suspended' },
          purchaseToken: null,
        },
      },
    ])
    expect(await status()).toBe('Suspended')
  })

  it('announces a reinstatement before it happens, once', async () => {
    const { azure, subscriptionId, status } = await start()
    await suspend(azure.world, subscriptionId)
    await reinstate(azure.world, subscriptionId)
    expect(azure.sent[1]).toMatchObject({
      body: { action: 'Reinstate', status: 'InProgress', subscription: { saasSubscriptionStatus: 'Suspended' } },
    })
    expect(await status()).toBe('Suspended')
    azure.advance(10)
    await azure.tick()
    expect(await status()).toBe('Subscribed')
    expect(azure.sent).toHaveLength(2)
  })

  it('tells of a renewal the new term, which follows the old one', async () => {
    const { azure, subscriptionId } = await start()
    await renewSubscription(azure.world, subscriptionId)
    await renewSubscription(azure.world, subscriptionId)
    const terms = azure.sent.map(({ body }) => Object(body['subscription']).term)
    expect(terms).toMatchObject([
      { startDate: '2027-11-02T00:00:00Z', endDate: '2028-11-01T00:00:00Z' },
      { startDate: '2028-11-02T00:00:00Z', endDate: '2029-11-01T00:00:00Z' },
    ])
  })

  it('tells of the end', async () => {
    const { azure, subscriptionId, status } = await start()
    await unsubscribe(azure.world, subscriptionId)
    expect(azure.sent).toMatchObject([{ body: { action: 'Unsubscribe', status: 'Succeeded' } }])
    expect(await status()).toBe('Unsubscribed')
  })

  it('ends a suspension of thirty days', async () => {
    const { azure, subscriptionId, status } = await start()
    azure.advance(100 * DAY)
    await suspend(azure.world, subscriptionId)
    azure.advance(30 * DAY - 1)
    await azure.tick()
    expect(await status()).toBe('Suspended')
    azure.advance(1)
    await azure.tick()
    expect(await status()).toBe('Unsubscribed')
    expect(azure.sent.map(({ body }) => body['action'])).toEqual(['Suspend', 'Unsubscribe'])
  })
})

describe('what may happen to a subscription', () => {
  const happenings = { renewSubscription, suspend, reinstate, unsubscribe }
  const into = {
    pending: async () => {},
    suspended: suspend,
    ended: unsubscribe,
    reinstating: async (world: TestAzure['world'], id: string) => {
      await suspend(world, id)
      await reinstate(world, id)
    },
  }

  it.each([
    ['pending', 'renewSubscription'],
    ['pending', 'suspend'],
    ['pending', 'reinstate'],
    ['suspended', 'renewSubscription'],
    ['suspended', 'suspend'],
    ['ended', 'renewSubscription'],
    ['ended', 'suspend'],
    ['ended', 'reinstate'],
    ['ended', 'unsubscribe'],
    ['reinstating', 'unsubscribe'],
  ] as const)('while it is %s is not %s', async (state, happening) => {
    const azure = await testAzure()
    const { subscriptionId } = await (state === 'pending' ? purchased(azure) : subscribed(azure))
    await into[state](azure.world, subscriptionId)
    const before = azure.sent.length
    await expect(happenings[happening](azure.world, subscriptionId)).rejects.toMatchObject({ code: 'conflict' })
    expect(azure.sent).toHaveLength(before)
  })

  it('is nothing when it does not exist', async () => {
    const { world } = await testAzure()
    await expect(suspend(world, 'none')).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('the tokens for tests of a webhook', () => {
  it.each([
    ['1', webhookToken],
    ['2', webhookTokenV2],
  ])('are good in version %s', async (_, make) => {
    const azure = await testAzure()
    await expect(verify(azure, await make(azure.world))).resolves.toBeUndefined()
  })

  it.each(Object.entries(hostileTokens))('are refused with %s', async (_, make) => {
    const azure = await testAzure()
    await expect(verify(azure, await make(azure.world))).rejects.toThrow()
  })
})
