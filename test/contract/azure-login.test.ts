import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, generateKeyPair, jwtVerify, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { type ApiName, AZURE } from '../../infra/local/marketplaces/azure/tenant.ts'
import { testAzure } from '../support/azure.ts'
import { serve } from '../support/loopback.ts'

const ONE_CALL: [ApiName, string][] = [
  ['ingestion', '/azure/ingestion/product?$version=2022-07-01'],
  ['fulfilment', '/azure/marketplace/api/saas/subscriptions?api-version=2018-08-31'],
  [
    'ordering',
    `/azure/management/subscriptions/${AZURE.buyerSubscriptionId}/providers/Microsoft.MarketplaceOrdering/agreements?api-version=2021-01-01`,
  ],
]

describe('the token endpoint', () => {
  it('answers a bearer token of one hour with numbers as numbers', async () => {
    const { login } = await testAzure()
    expect(await login('ingestion')).toEqual({
      status: 200,
      body: { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: expect.any(String) },
    })
  })

  it.each([
    ['ingestion', 'https://graph.microsoft.com'],
    ['fulfilment', '20e940b3-4c77-4b0b-9a53-9e16a1b010a7'],
    ['ordering', 'https://management.azure.com'],
  ] as const)('gives a token for %s the audience %s', async (api, audience) => {
    const { tokenFor } = await testAzure()
    expect(decodeJwt(await tokenFor(api))).toMatchObject({ aud: audience, appid: AZURE.clientId, tid: AZURE.tenantId })
  })

  it.each([
    ['a wrong secret', { client_secret: 'guess' }, 401, 'invalid_client'],
    ['an unknown client', { client_id: 'nobody' }, 400, 'unauthorized_client'],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['an unknown scope', { scope: 'https://example.com/.default' }, 400, 'invalid_scope'],
  ])('refuses %s', async (_, form, status, error) => {
    const { login } = await testAzure()
    expect(await login('ingestion', form)).toMatchObject({ status, body: { error } })
  })

  it('refuses a tenant that the client does not belong to', async () => {
    const { login } = await testAzure()
    expect(await login('ingestion', {}, AZURE.customerTenantId)).toMatchObject({ status: 400 })
  })

  it('breaks when a fault is set, and works again after it', async () => {
    const { login, world } = await testAzure()
    world.faults.add({ target: 'azure.login.token', kind: 'error', times: 1, status: 503, seconds: 1 })
    expect(await login('ingestion')).toMatchObject({ status: 503 })
    expect(await login('ingestion')).toMatchObject({ status: 200 })
  })

  it('publishes the key that verifies its tokens', async () => {
    const { standIns, tokenFor, world } = await testAzure()
    const { url, close } = await serve(standIns)
    const keys = createRemoteJWKSet(new URL(`${url}/azure/login/${AZURE.tenantId}/discovery/v2.0/keys`))
    const verified = await jwtVerify(await tokenFor('ingestion'), keys, { currentDate: world.now() })
    const published = await (await fetch(`${url}/azure/login/${AZURE.tenantId}/discovery/keys`)).json()
    await close()
    expect(verified.payload['tid']).toBe(AZURE.tenantId)
    expect(Object.keys(Object(published).keys[0]).toSorted()).toEqual(['e', 'kid', 'kty', 'n', 'use', 'x5t'])
  })
})

describe.each(ONE_CALL)('the API %s', (api, url) => {
  it('answers a good token', async () => {
    const { call } = await testAzure()
    expect((await call('GET', url)).status).toBe(200)
  })

  it('refuses a token after its hour', async () => {
    const { call, tokenFor, advance } = await testAzure()
    const token = await tokenFor(api)
    advance(3600)
    expect((await call('GET', url, { token })).status).toBe(401)
  })

  it('refuses a token that is meant for another API', async () => {
    const { call, tokenFor } = await testAzure()
    const token = await tokenFor(api === 'ingestion' ? 'fulfilment' : 'ingestion')
    expect((await call('GET', url, { token })).status).toBe(401)
  })

  it('refuses a token without a signature', async () => {
    const { call, tokenFor } = await testAzure()
    const token = new UnsecuredJWT(decodeJwt(await tokenFor(api))).encode()
    expect((await call('GET', url, { token })).status).toBe(401)
  })

  it('refuses a token whose claims were changed', async () => {
    const { call, tokenFor } = await testAzure()
    const good = await tokenFor(api)
    const [header, , signature] = good.split('.')
    const claims = { ...decodeJwt(good), exp: 4_000_000_000 }
    const token = [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.')
    expect((await call('GET', url, { token })).status).toBe(401)
  })

  it('refuses a token that another key signed', async () => {
    const { call, tokenFor } = await testAzure()
    const { privateKey } = await generateKeyPair('RS256')
    const good = await tokenFor(api)
    const { kid = '' } = decodeProtectedHeader(good)
    const token = await new SignJWT(decodeJwt(good)).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey)
    expect((await call('GET', url, { token })).status).toBe(401)
  })

  it('refuses a request without a token', async () => {
    const { standIns } = await testAzure()
    const { url: origin, close } = await serve(standIns)
    const { status } = await fetch(`${origin}${url}`)
    await close()
    expect(status).toBe(401)
  })

  it('forbids an app that is not associated with the publisher', async () => {
    const { call, tokenFor } = await testAzure()
    const token = await tokenFor(api, { client_id: AZURE.strangerId, client_secret: AZURE.strangerSecret })
    expect((await call('GET', url, { token })).status).toBe(403)
  })
})
