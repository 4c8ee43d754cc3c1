import { describe, expect, it } from 'vitest'
import { acceptPrivateOffer, purchase, renewSubscription, unsubscribe } from '../../infra/local/marketplaces/azure/customer.ts'
import { AZURE } from '../../infra/local/marketplaces/azure/tenant.ts'
import { hostileTokens, webhookTokenV2 } from '../../infra/local/marketplaces/azure/webhook-token.ts'
import type { Message } from '../../infra/local/marketplaces/stand-in.ts'
import { parseWebhook, signingKeys, verifyToken } from '../../lib/agreements/azure-webhook.ts'
import { azureAdapter } from '../support/azure-adapter.ts'

const { agreements, azure, released, url } = azureAdapter()

const bought = async () => {
  const offer = await released()
  await acceptPrivateOffer(azure().world, `private-offer/${offer.externalId}`)
  azure().advance(86_400)
  return { offer, ...(await purchase(azure().world, `private-offer/${offer.externalId}`)) }
}

const activated = async () => {
  const { offer, token } = await bought()
  const { subscriptionId, planId } = await agreements().resolve(encodeURIComponent(token))
  await agreements().activate(subscriptionId, planId)
  return { offer, subscriptionId }
}

const listed = async () => {
  const ids: string[] = []
  for await (const id of agreements().changedSince('2026-11-01T00:00:00Z')) ids.push(id)
  return ids
}

describe('a purchase', () => {
  it('becomes an agreement that knows its offer', async () => {
    const { offer, token, subscriptionId } = await bought()
    const resolved = await agreements().resolve(encodeURIComponent(token))
    expect(resolved).toEqual({ subscriptionId, planId: expect.stringMatching(/^enterprise_/) })
    expect(await agreements().read(subscriptionId)).toMatchObject({ status: 'pending', offerExternalId: offer.externalId })

    await agreements().activate(subscriptionId, resolved.planId)
    expect(await agreements().read(subscriptionId)).toEqual({
      marketplace: 'azure',
      id: subscriptionId,
      status: 'active',
      offerExternalId: offer.externalId,
      buyerId: AZURE.customerTenantId,
      productId: 'contoso-insights',
      plan: { id: resolved.planId, name: offer.planName },
      acceptedAt: '2026-11-03T09:03:00.000Z',
      activatedAt: '2026-11-03T09:03:00.000Z',
      service: { from: '2026-11-03', to: '2027-11-03' },
      renewsItself: true,
      schedule: [],
      invoices: [],
    })
  })

  it.each(['', 'bm90IG9uZQ==', 'two\nlines'])('is not resolved from the token %j', async (token) => {
    await expect(agreements().resolve(token)).rejects.toMatchObject({
      code: 'invalid_request',
      details: [{ target: 'token', message: expect.stringContaining('24 hours') }],
    })
  })

  it('that ended is listed and read as ended, and cannot be activated', async () => {
    const { subscriptionId } = await activated()
    await unsubscribe(azure().world, subscriptionId)
    expect(await listed()).toEqual([subscriptionId])
    expect(await agreements().read(subscriptionId)).toMatchObject({ status: 'ended', service: { from: '2026-11-03' } })
    await expect(agreements().activate(subscriptionId, 'p')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('that nobody made is not found', async () => {
    await expect(agreements().read('50000000-0000-4000-8000-0000000000ff')).rejects.toMatchObject({ code: 'not_found' })
    expect(await listed()).toEqual([])
  })
})

const expected = () => ({
  keys: signingKeys(url('login'), AZURE.tenantId),
  tenantId: AZURE.tenantId,
  appId: AZURE.webhookAppId,
  now: azure().world.now(),
})
const lastMessage = () => {
  const message = azure().sent.at(-1) as Extract<Message, { channel: 'azure.webhook' }>
  return { authorization: message.headers['authorization'], body: JSON.stringify(message.body) }
}

describe('a webhook message', () => {
  it('of a renewal is verified, confirmed, and leads to the new term', async () => {
    const { subscriptionId } = await activated()
    azure().advance(360 * 86_400)
    await renewSubscription(azure().world, subscriptionId)
    const { authorization, body } = lastMessage()
    await verifyToken(authorization, expected())
    const message = parseWebhook(body)
    expect(message).toMatchObject({ subscriptionId, action: 'Renew' })
    const confirmed = await agreements().operation(message.subscriptionId, message.operationId)
    expect(confirmed).toMatchObject({ subscriptionId, operationId: message.operationId, action: 'Renew', status: 'Succeeded' })
    expect((await agreements().read(subscriptionId)).service).toEqual({ from: '2027-11-03', to: '2028-11-03' })
  })

  it('of an operation that Azure does not know is not confirmed', async () => {
    const { subscriptionId } = await activated()
    await expect(agreements().operation(subscriptionId, 'made-up')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is good with a token of version 2', async () => {
    await expect(verifyToken(`Bearer ${await webhookTokenV2(azure().world)}`, expected())).resolves.toBeUndefined()
  })

  it.each(Object.entries(hostileTokens))('is refused with %s', async (_, token) => {
    const verified = verifyToken(`Bearer ${await token(azure().world)}`, expected())
    await expect(verified).rejects.toMatchObject({ code: 'unauthorized' })
  })
})
