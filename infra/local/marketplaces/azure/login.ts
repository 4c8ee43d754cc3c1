import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { Answer, World } from '../stand-in.ts'
import { type Api, type Call, newGuid, ok, refusal } from './api.ts'
import { type ApiName, type Client, MARKETPLACE_APP } from './tenant.ts'

/** What tokens of an API are for: the scope to ask for and the audience that it then has. */
export const AUDIENCES: Record<ApiName, { scope: string; audience: string }> = {
  ingestion: { scope: 'https://graph.microsoft.com/.default', audience: 'https://graph.microsoft.com' },
  fulfilment: { scope: `${MARKETPLACE_APP}/.default`, audience: MARKETPLACE_APP },
  ordering: { scope: 'https://management.azure.com/.default', audience: 'https://management.azure.com' },
}
const LIFETIME = 3599

type Keys = { kid: string; publicKey: JWK; privateKey: JWK }

/** Makes the key that signs every token, once. */
export const seedKeys = async (world: World) => {
  if (await world.shelf.get('azure.keys', 'login')) return
  const pair = await generateKeyPair('RS256', { extractable: true })
  const keys = { kid: newGuid(world), publicKey: await exportJWK(pair.publicKey), privateKey: await exportJWK(pair.privateKey) }
  await world.shelf.put('azure.keys', 'login', keys)
}

const keysOf = async ({ shelf }: World): Promise<Keys> => {
  const found = await shelf.get<Keys>('azure.keys', 'login')
  if (!found) throw new Error('the Azure stand-ins have no signing key: call seedAzure first')
  return found
}

/** Signs claims that are valid from now on. */
export const sign = async (world: World, claims: JWTPayload) => {
  const { kid, privateKey } = await keysOf(world)
  const now = Math.floor(world.now().getTime() / 1000)
  return new SignJWT({ iat: now, nbf: now, exp: now + LIFETIME, ...claims })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
    .sign(await importJWK(privateKey, 'RS256'))
}

const denied = (world: World, status: number, error: string, code: number, description: string): Answer => ({
  status,
  body: {
    error,
    error_description: `AADSTS${code}: ${description}`,
    error_codes: [code],
    timestamp: world.now().toISOString(),
    trace_id: newGuid(world),
    correlation_id: newGuid(world),
  },
})

const token = async ({ world, path, text }: Call): Promise<Answer> => {
  const form = new URLSearchParams(text)
  const client = await world.shelf.get<Client>('azure.clients', form.get('client_id') ?? '')
  const asked = Object.values(AUDIENCES).find(({ scope }) => scope === form.get('scope'))
  if (form.get('grant_type') !== 'client_credentials')
    return denied(world, 400, 'unsupported_grant_type', 70003, 'Only client_credentials is granted.')
  if (client?.tenantId !== path['tenant'])
    return denied(world, 400, 'unauthorized_client', 700016, 'The tenant has no such application.')
  if (client?.secret !== form.get('client_secret'))
    return denied(world, 401, 'invalid_client', 7000215, 'The client secret is wrong.')
  if (!asked) return denied(world, 400, 'invalid_scope', 70011, 'The scope is none that exists; it ends in /.default.')
  const identity = { oid: client.id, sub: client.id, tid: client.tenantId, appid: client.id, appidacr: '1', ver: '1.0' }
  const access_token = await sign(world, { aud: asked.audience, iss: `https://sts.windows.net/${client.tenantId}/`, ...identity })
  return ok({ token_type: 'Bearer', expires_in: LIFETIME, ext_expires_in: LIFETIME, access_token })
}

const keys = async ({ world }: Call): Promise<Answer> => {
  const { kid, publicKey } = await keysOf(world)
  return ok({ keys: [{ ...publicKey, kid, x5t: kid, use: 'sig' }] })
}

export const login: Api = {
  prefix: '/azure/login',
  operations: [
    { method: 'POST', path: '/{tenant}/oauth2/v2.0/token', fault: 'azure.login.token', run: token },
    { method: 'GET', path: '/{tenant}/discovery/v2.0/keys', fault: 'azure.login.keys', run: keys },
    { method: 'GET', path: '/{tenant}/discovery/keys', fault: 'azure.login.keys', run: keys },
  ],
}

const claimsOf = async ({ world, headers }: Call, audience: string): Promise<JWTPayload | undefined> => {
  const [, bearer = ''] = /^Bearer (.+)$/i.exec(headers['authorization'] ?? '') ?? []
  const key = await importJWK((await keysOf(world)).publicKey, 'RS256')
  const checks = { audience, algorithms: ['RS256'], currentDate: world.now(), requiredClaims: ['exp', 'appid'] }
  return jwtVerify(bearer, key, checks).then(
    ({ payload }) => payload,
    () => undefined,
  )
}

/** Refuses a caller without a good token for the API (401), or whose app is not associated with it (403). */
export const admitTo = (api: ApiName) => async (call: Call) => {
  const claims = await claimsOf(call, AUDIENCES[api].audience)
  if (!claims) return refusal(401, 'unauthorized', 'The access token is missing, expired, badly signed or meant for another API.')
  const client = await call.world.shelf.get<Client>('azure.clients', String(claims['appid']))
  if (client?.apis.includes(api)) return undefined
  return refusal(403, 'Forbidden', 'The app of this token is not associated with this publisher account.')
}
