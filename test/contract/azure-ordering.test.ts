import { MarketplaceOrderingAgreements } from '@azure/arm-marketplaceordering'
import { afterEach, describe, expect, it } from 'vitest'
import { PUT_DENIES_ACCEPTANCE } from '../../infra/local/marketplaces/azure/ordering.ts'
import { AZURE } from '../../infra/local/marketplaces/azure/tenant.ts'
import { testAzure } from '../support/azure.ts'
import { serve } from '../support/loopback.ts'

const PLAN = ['contoso', 'contoso-appliance', 'pro'] as const
const PRIVATE_PLAN = ['contoso', 'contoso-appliance', 'pro_fabrikam'] as const
const NO_PLAN = ['contoso', 'contoso-appliance', 'none'] as const

let close: (() => Promise<void>) | undefined
afterEach(() => close?.())

/** The real client; it sends tokens over https only, so its policy makes room for a header. */
const start = async (subscription: string = AZURE.buyerSubscriptionId) => {
  const azure = await testAzure()
  const server = await serve(azure.standIns)
  close = server.close
  const token = await azure.tokenFor('ordering')
  const credential = { getToken: async () => ({ token, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) }
  const options = { endpoint: `${server.url}/azure/management`, allowInsecureConnection: true, retryOptions: { maxRetries: 0 } }
  const client = new MarketplaceOrderingAgreements(credential, subscription, options)
  client.pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' })
  client.pipeline.addPolicy({
    name: 'token',
    sendRequest: (request, next) => {
      request.headers.set('authorization', `Bearer ${token}`)
      return next(request)
    },
  })
  return { azure, terms: client.marketplaceAgreements }
}

describe('the terms of a plan', () => {
  it('are not accepted before somebody does', async () => {
    const { terms } = await start()
    expect(await terms.get('virtualmachine', ...PLAN)).toMatchObject({
      name: 'pro',
      publisher: 'contoso',
      product: 'contoso-appliance',
      plan: 'pro',
      accepted: false,
      signature: expect.any(String),
      licenseTextLink: expect.stringContaining('https://'),
      retrieveDatetime: '2026-11-02T09:00:00.0000000Z',
    })
  })

  it('are accepted by sending them back', async () => {
    const { terms } = await start()
    const current = await terms.get('virtualmachine', ...PLAN)
    expect(await terms.create('virtualmachine', ...PLAN, { ...current, accepted: true })).toMatchObject({ accepted: true })
    expect(await terms.get('virtualmachine', ...PLAN)).toMatchObject({ accepted: true, signature: current.signature })
  })

  it('are not accepted with another signature, nor without the word', async () => {
    const { terms } = await start()
    const current = await terms.get('virtualmachine', ...PLAN)
    await expect(terms.create('virtualmachine', ...PLAN, { ...current, accepted: true, signature: 'X' })).rejects.toMatchObject({
      statusCode: 400,
    })
    await expect(terms.create('virtualmachine', ...PLAN, current)).rejects.toMatchObject({ statusCode: 400 })
    expect(await terms.get('virtualmachine', ...PLAN)).toMatchObject({ accepted: false })
  })

  it('may answer that they are not accepted although they are', async () => {
    const { azure, terms } = await start()
    await azure.world.shelf.put('azure.switches', PUT_DENIES_ACCEPTANCE, {})
    const current = await terms.get('virtualmachine', ...PLAN)
    expect(await terms.create('virtualmachine', ...PLAN, { ...current, accepted: true })).toMatchObject({ accepted: false })
    expect(await terms.get('virtualmachine', ...PLAN)).toMatchObject({ accepted: true })
  })

  it('are signed and cancelled', async () => {
    const { terms } = await start()
    expect(await terms.sign(...PLAN)).toMatchObject({ accepted: true })
    expect(await terms.getAgreement(...PLAN)).toMatchObject({ accepted: true })
    expect(await terms.cancel(...PLAN)).toMatchObject({ accepted: false })
    expect(await terms.getAgreement(...PLAN)).toMatchObject({ accepted: false })
  })

  it('of a private offer are accepted in the portal only', async () => {
    const { terms } = await start()
    await expect(terms.sign(...PRIVATE_PLAN)).rejects.toMatchObject({
      statusCode: 400,
      message: expect.stringContaining('portal'),
    })
  })

  it('are no agreement before they are touched', async () => {
    const { terms } = await start()
    await expect(terms.getAgreement(...PLAN)).rejects.toMatchObject({ statusCode: 404 })
  })

  it('are listed as a bare array', async () => {
    const { azure, terms } = await start()
    expect(await terms.list()).toEqual([])
    await terms.sign(...PLAN)
    expect(await terms.list()).toMatchObject([{ plan: 'pro', accepted: true }])
    const path = `/azure/management/subscriptions/${AZURE.buyerSubscriptionId}/providers/Microsoft.MarketplaceOrdering/agreements`
    expect((await azure.call('GET', `${path}?api-version=2021-01-01`)).body).toBeInstanceOf(Array)
    expect((await azure.call('GET', `${path}?api-version=2015-06-01`)).status).toBe(400)
  })

  it('do not exist for an unknown plan, subscription or type', async () => {
    const { terms } = await start()
    await expect(terms.get('virtualmachine', ...NO_PLAN)).rejects.toMatchObject({ statusCode: 404 })
    await expect(terms.get('saas', ...PLAN)).rejects.toMatchObject({ statusCode: 400 })
    await close?.()
    const elsewhere = await start('e0000000-0000-4000-8000-00000000dead')
    await expect(elsewhere.terms.list()).rejects.toMatchObject({ statusCode: 404 })
  })

  it('are not read while a fault is set', async () => {
    const { azure, terms } = await start()
    azure.world.faults.add({ target: 'azure.ordering.get', kind: 'error', times: 1, status: 500, seconds: 1 })
    await expect(terms.get('virtualmachine', ...PLAN)).rejects.toMatchObject({ statusCode: 500 })
    await expect(terms.get('virtualmachine', ...PLAN)).resolves.toMatchObject({ accepted: false })
  })
})
