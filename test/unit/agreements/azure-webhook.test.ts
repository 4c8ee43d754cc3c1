import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Expected, parseWebhook, signingKeys, verifyToken } from '../../../lib/agreements/azure-webhook.ts'

const TENANT = '10000000-0000-4000-8000-000000000001'
const APP = '10000000-0000-4000-8000-0000000000a1'
const MARKETPLACE = '20e940b3-4c77-4b0b-9a53-9e16a1b010a7'
const OTHER = '99999999-0000-4000-8000-000000000001'
const NOW = new Date('2026-11-02T09:00:00Z')
const seconds = NOW.getTime() / 1000

const V1 = {
  aud: APP,
  iss: `https://sts.windows.net/${TENANT}/`,
  tid: TENANT,
  appid: MARKETPLACE,
  nbf: seconds - 10,
  exp: seconds + 3600,
}
const without = (claim: keyof typeof V1): JWTPayload => Object.fromEntries(Object.entries(V1).filter(([name]) => name !== claim))
const V2 = { ...without('appid'), iss: `https://login.microsoftonline.com/${TENANT}/v2.0`, azp: MARKETPLACE }

type Pair = Awaited<ReturnType<typeof generateKeyPair>>
let ours: Pair
let theirs: Pair
let expected: Expected

const keySet = async (...pairs: Pair[]) =>
  createLocalJWKSet({
    keys: await Promise.all(pairs.map(async ({ publicKey }) => ({ ...(await exportJWK(publicKey)), kid: 'k' }))),
  })

beforeAll(async () => {
  ours = await generateKeyPair('RS256', { extractable: true })
  theirs = await generateKeyPair('RS256', { extractable: true })
  expected = { keys: await keySet(ours), tenantId: TENANT, appId: APP, now: NOW }
})

const signed = (claims: JWTPayload, { privateKey } = ours) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(privateKey)
const verified = async (authorization: string | undefined) => verifyToken(authorization, expected)

describe('the token of a webhook message', () => {
  it.each([
    ['version 1', V1],
    ['version 2', V2],
    ['a clock that is half a minute off', { ...V1, nbf: seconds + 30 }],
  ])('is good in %s', async (_, claims) => {
    await expect(verified(`Bearer ${await signed(claims)}`)).resolves.toBeUndefined()
  })

  it.each<[string, JWTPayload]>([
    ['another audience', { ...V1, aud: OTHER }],
    ['another tenant', { ...V1, tid: OTHER }],
    ['no tenant', without('tid')],
    ['another issuer', { ...V1, iss: `https://sts.windows.net/${OTHER}/` }],
    ['an issuer that only begins well', { ...V1, iss: `https://sts.windows.net/${TENANT}/x` }],
    ['another sender', { ...V1, appid: OTHER }],
    ['a sender under the wrong name', { ...V1, appid: OTHER, azp: MARKETPLACE }],
    ['no sender', without('appid')],
    ['a lifetime that is over', { ...V1, exp: seconds - 61 }],
    ['a lifetime that has not begun', { ...V1, nbf: seconds + 61 }],
    ['no end of its lifetime', without('exp')],
  ])('is refused with %s', async (_, claims) => {
    await expect(verified(`Bearer ${await signed(claims)}`)).rejects.toMatchObject({ code: 'unauthorized' })
  })

  it.each<[string, () => Promise<string | undefined>]>([
    ['no header', async () => undefined],
    ['another scheme', async () => `Basic ${await signed(V1)}`],
    ['no token', async () => 'Bearer '],
    ['text', async () => 'Bearer abc'],
    ['no signature', async () => `Bearer ${new UnsecuredJWT(V1).encode()}`],
    ['a signature cut off', async () => `Bearer ${(await signed(V1)).replace(/[^.]+$/, '')}`],
    ['a foreign key', async () => `Bearer ${await signed(V1, theirs)}`],
    ['a shared secret', async () => `Bearer ${await shared()}`],
  ])('is refused with %s, without telling why', async (_, header) => {
    const refusal = await verified(await header()).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'unauthorized', message: 'the webhook takes messages of the marketplace only' })
  })

  it('is not judged while the keys cannot be read', async () => {
    const keys = signingKeys('http://127.0.0.1:1', TENANT)
    const judged = verifyToken(`Bearer ${await signed(V1)}`, { ...expected, keys })
    await expect(judged).rejects.toMatchObject({ code: 'unavailable' })
  })
})

// The public key taken for a shared secret: whoever knows it could sign.
const shared = async () =>
  new SignJWT(V1)
    .setProtectedHeader({ alg: 'HS256', kid: 'k' })
    .sign(new TextEncoder().encode(JSON.stringify(await exportJWK(ours.publicKey))))

const message = { id: 'o1', subscriptionId: 's1', action: 'Renew', planId: 'p1', status: 'Succeeded' }

describe('a webhook message', () => {
  it('is read', () => {
    const read = { operationId: 'o1', subscriptionId: 's1', action: 'Renew', planId: 'p1' }
    expect(parseWebhook(JSON.stringify(message))).toEqual(read)
  })

  it.each([
    ['of an action that no document names', { ...message, action: 'Subscribe', planId: undefined, status: undefined }],
    ['without a plan', { ...message, planId: null }],
    ['with a subscription of an unknown term unit', { ...message, subscription: { term: { termUnit: 'PAY' } } }],
    ['with fields of tomorrow', { ...message, purchaseToken: null, somethingNew: { a: 1 } }],
  ])('%s is read too', (_, body) => {
    expect(parseWebhook(JSON.stringify(body))).toMatchObject({ operationId: 'o1', subscriptionId: 's1', action: body.action })
  })

  it.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['no subscription', JSON.stringify({ ...message, subscriptionId: undefined })],
    ['a number for an id', JSON.stringify({ ...message, id: 7 })],
    ['no action', JSON.stringify({ ...message, action: '' })],
  ])('of %s is refused', (_, body) => {
    expect(() => parseWebhook(body)).toThrowError(expect.objectContaining({ code: 'invalid_request' }))
  })
})
