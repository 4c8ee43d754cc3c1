import { ServiceError, unavailable, unprocessable } from '../core/errors.ts'
import * as z from '../core/schema.ts'
import { clock } from './clock.ts'
import { env } from './env.ts'
import { secretOf } from './secret.ts'

const TIMEOUT_MS = 20_000
const TOKEN_MARGIN_MS = 5 * 60_000

export type AzureRequest<T> = {
  method: 'GET' | 'POST' | 'PATCH'
  path: string
  headers?: Record<string, string>
  body?: unknown
  answer: z.ZodMiniType<T>
}
export type AzureError = { code: string; message: string }
/** What Microsoft refuses for good (400, 409 and the like) is an answer too. */
export type AzureAnswer<T> = { ok: true; body: T } | { ok: false; status: number; errors: AzureError[] }

const words = { code: z.catch(z.string(), ''), message: z.catch(z.string(), '') }
const Failure = z.object({ ...words, details: z.catch(z.nullish(z.array(z.object(words))), null) })
// The APIs wrap what they refuse in `error`, some operations do not.
const Refusal = z.union([z.mapped(z.object({ error: Failure }), ({ error }) => error), Failure])

const errorsOf = (status: number, body: unknown): AzureError[] => {
  const { data } = Refusal.safeParse(body)
  if (data?.details?.length) return data.details
  return [{ code: data?.code || String(status), message: data?.message || `refused with status ${status}` }]
}

const jsonOf = (text: string): unknown => {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return text
  }
}

const answerTo = async (what: string, url: string, init: RequestInit) => {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) })
    return { status: response.status, retryAfter: response.headers.get('retry-after'), body: jsonOf(await response.text()) }
  } catch (cause) {
    throw unavailable(`Microsoft gave no answer to ${what}: ask later what became of it`, cause)
  }
}

/** What the caller cannot answer for: breakdowns, a locked door, an unknown id. */
const troubleOf = (what: string, status: number, retryAfter: string | null, said: string): Error | undefined => {
  if (status === 404) return new ServiceError('not_found', `Microsoft finds nothing for ${what}: ${said}`)
  if (status === 401 || status === 403)
    return unavailable(
      `Microsoft does not let us ${what} (${status}): most likely AZURE_CLIENT_ID is not the app that Partner Center and the offer's technical configuration name`,
    )
  if (status === 408 || status === 429 || status >= 500)
    return unavailable(`Microsoft cannot ${what} now (${status})${retryAfter ? `: try again after ${retryAfter}` : ''}`)
  return undefined
}

const parsed = <T>(schema: z.ZodMiniType<T>, body: unknown, what: string): T => {
  const { success, data, error } = schema.safeParse(body)
  if (!success) throw unavailable(`Microsoft's answer to ${what} is not as documented: ${z.prettifyError(error)}`, error)
  return data
}

// Version 1 of the token endpoint spells numbers as text.
const TokenAnswer = z.object({ access_token: z.string(), expires_in: z.coerce.number() })
export type Token = { token: string; expiresOnTimestamp: number }
export type Credentials = { loginUrl: string; tenantId: string; clientId: string; secret: () => Promise<string> }

const requestToken = async ({ loginUrl, tenantId, clientId, secret }: Credentials, scope: string): Promise<Token> => {
  const what = `POST ${tenantId}/oauth2/v2.0/token`
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: await secret(), scope }
  const url = `${loginUrl}/${tenantId}/oauth2/v2.0/token`
  const { status, body } = await answerTo(what, url, { method: 'POST', body: new URLSearchParams(form) })
  if (status !== 200)
    throw unavailable(
      `Microsoft Entra gives no token (${status}): check AZURE_TENANT_ID, AZURE_CLIENT_ID and whether the secret expired`,
    )
  const token = parsed(TokenAnswer, body, what)
  return { token: token.access_token, expiresOnTimestamp: clock.now().getTime() + token.expires_in * 1000 }
}

/** Calls Microsoft's APIs as one app. Nothing is repeated here: a POST of theirs has no idempotency key. */
export const azureClient = (credentials: Credentials) => {
  const tokens = new Map<string, Token>()

  const token = async (scope: string): Promise<Token> => {
    const kept = tokens.get(scope)
    if (kept && kept.expiresOnTimestamp - TOKEN_MARGIN_MS > clock.now().getTime()) return kept
    const fresh = await requestToken(credentials, scope)
    tokens.set(scope, fresh)
    return fresh
  }

  const call = async <T>(baseUrl: string, scope: string, request: AzureRequest<T>): Promise<AzureAnswer<T>> => {
    const { method, path, headers, body, answer } = request
    const what = `${method} ${path.split('?')[0]}`
    const authorization = `Bearer ${(await token(scope)).token}`
    const sent = { ...headers, authorization, ...(body !== undefined && { 'content-type': 'application/json' }) }
    const init = { method, headers: sent, ...(body !== undefined && { body: JSON.stringify(body) }) }
    const got = await answerTo(what, `${baseUrl}${path}`, init)
    if (got.status === 401) tokens.delete(scope)
    if (got.status < 300) return { ok: true, body: parsed(answer, got.body, what) }
    const errors = errorsOf(got.status, got.body)
    const trouble = troubleOf(what, got.status, got.retryAfter, errors.map(({ message }) => message).join('; '))
    if (trouble) throw trouble
    return { ok: false, status: got.status, errors }
  }

  return { token, call }
}
export type AzureClient = ReturnType<typeof azureClient>

/** The body of an answer where a refusal is no expected outcome. */
export const bodyOf = <T>(answer: AzureAnswer<T>): T => {
  if (answer.ok) return answer.body
  const details = answer.errors.map(({ code, message }) => ({ target: 'azure', code, message }))
  throw unprocessable(`Microsoft refuses the request (${answer.status})`, details)
}

/** Only the token of a next link is taken: its host and path are not always those of the API that gave it. */
export const continuationOf = (link: string | null | undefined): string | undefined =>
  (link && URL.parse(link, 'https://next.invalid')?.searchParams.get('continuationToken')) || undefined

/** The client of the app that this function's settings name. */
export const openAzure = () =>
  azureClient({
    loginUrl: env('AZURE_LOGIN_URL'),
    tenantId: env('AZURE_TENANT_ID'),
    clientId: env('AZURE_CLIENT_ID'),
    secret: secretOf(env('AZURE_SECRET_ARN')),
  })
