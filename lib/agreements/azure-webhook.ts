import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { invalid, ServiceError, unavailable } from '../core/errors.ts'
import * as z from '../core/schema.ts'

/** Microsoft's marketplace, as the sender of webhook messages. */
const MARKETPLACE_APP = '20e940b3-4c77-4b0b-9a53-9e16a1b010a7'
const CLOCK_TOLERANCE_S = 60

/** The keys that sign the tokens of a tenant; read when first needed and kept. Made only then too: that loads all of `fetch`. */
export const signingKeys = (loginUrl: string, tenantId: string): JWTVerifyGetKey => {
  let keys: JWTVerifyGetKey | undefined
  return (header, token) => {
    keys ??= createRemoteJWKSet(new URL(`${loginUrl}/${tenantId}/discovery/v2.0/keys`))
    return keys(header, token)
  }
}

export type Expected = {
  keys: JWTVerifyGetKey
  tenantId: string
  /** The app id in the technical configuration of the SaaS offer. */
  appId: string
  now: Date
}

const unauthorized = (cause?: unknown) =>
  new ServiceError('unauthorized', 'the webhook takes messages of the marketplace only', { cause })

// Not being able to read the keys says nothing about the token: the sender shall come again.
const KEYS_UNREADABLE = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID']
const refusalOf = (error: unknown) =>
  error instanceof errors.JOSEError && !KEYS_UNREADABLE.includes(error.code)
    ? unauthorized(error)
    : unavailable("the signing keys of Microsoft's login cannot be read now", error)

const issuersOf = (tenantId: string) => [
  `https://sts.windows.net/${tenantId}/`,
  `https://login.microsoftonline.com/${tenantId}/v2.0`,
]

const claimsOf = async (token: string, { keys, tenantId, appId, now }: Expected): Promise<JWTPayload> => {
  const checks = {
    algorithms: ['RS256'],
    audience: appId,
    issuer: issuersOf(tenantId),
    currentDate: now,
    clockTolerance: CLOCK_TOLERANCE_S,
    requiredClaims: ['exp', 'tid'],
  }
  try {
    return (await jwtVerify(token, keys, checks)).payload
  } catch (error) {
    throw refusalOf(error)
  }
}

/** Refuses a message whose bearer token was not made by Microsoft's login for the marketplace to call us. */
export const verifyToken = async (authorization: string | undefined, expected: Expected): Promise<void> => {
  const [, token] = /^Bearer ([\w.-]+)$/i.exec(authorization?.trim() ?? '') ?? []
  if (!token) throw unauthorized()
  const claims = await claimsOf(token, expected)
  // Version 1 tokens name the sender as appid, version 2 tokens as azp.
  const sender = claims['appid'] ?? claims['azp']
  if (claims['tid'] !== expected.tenantId || sender !== MARKETPLACE_APP) throw unauthorized()
}

// Only what is needed to ask: messages leave out fields, even the subscription, and bring actions that no document names.
const Message = z.mapped(
  z.object({ id: z.text(), subscriptionId: z.text(), action: z.text(), planId: z.nullish(z.string()) }),
  ({ id, planId, ...message }) => ({ ...message, operationId: id, ...(planId && { planId }) }),
)
export type WebhookMessage = z.infer<typeof Message>

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What a webhook message says happened. It is a hint: ask for the operation before acting on it. */
export const parseWebhook = (body: string): WebhookMessage => {
  const { success, data, error } = Message.safeParse(jsonOf(body))
  if (success) return data
  const details = error.issues.map(({ path, message }) => ({ target: path.join('.') || 'body', message }))
  throw invalid('this is no message of the marketplace', details)
}
