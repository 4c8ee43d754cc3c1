import { randomUUID } from 'node:crypto'

type Json = Record<string, unknown>
export type Grant = { role: 'partner' | 'manager' | 'finance' | 'platform'; partnerId?: string; subject?: string }

const told = async (response: Response, what: string): Promise<Json> => {
  const text = await response.text()
  const body = (text ? JSON.parse(text) : {}) as Json
  if (response.ok) return body
  throw new Error(`${what} answered ${response.status}: ${JSON.stringify(body)}`)
}

const MAX_TRIES = 5

/** Repeats what the service could not do now; the idempotency key makes that safe. */
const patiently = async (send: () => Promise<Response>, tries = 1): Promise<Response> => {
  const response = await send()
  if (response.status !== 503 || tries >= MAX_TRIES) return response
  await new Promise((resolve) => setTimeout(resolve, 100 * tries))
  return patiently(send, tries + 1)
}

/** A user of a running twin: speaks the public API with a token of some role, and the twin's own hooks. */
export const openClient = (url: string) => {
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }
    return told(await patiently(() => fetch(`${url}${path}`, init)), `POST ${path}`)
  }
  const twin = (path: string, body: unknown = {}) => post(`/_twin/${path}`, body)

  /** A user with some role; every call takes a fresh token, since the twin's clock may have outrun the last one. */
  const as = (grant: Grant) => {
    const token = async () => String((await twin('token', grant))['token'])
    const authorization = async () => ({ authorization: `Bearer ${await token()}` })
    return {
      token,
      get: async (path: string) => told(await fetch(`${url}/v1${path}`, { headers: await authorization() }), `GET ${path}`),
      post: async (path: string, body: unknown = {}, key: string = randomUUID()) =>
        post(`/v1${path}`, body, { ...(await authorization()), 'idempotency-key': key }),
    }
  }
  return { url, twin, as, post: (path: string, body: unknown) => post(`/v1${path}`, body) }
}
export type Client = ReturnType<typeof openClient>
export type Api = ReturnType<Client['as']>
