import * as z from 'zod'
import type { Role } from '../../lib/core/context.ts'
import { ServiceError, unavailable } from '../../lib/core/errors.ts'
import { refuse } from './arguments.ts'

/** Where the service is, and who asks if that is said; a twin is asked for a token otherwise. */
export type Target = { url: string; token: string | undefined }

/** Whom a token of the twin stands for. */
export type Grant = { role: Role; partnerId?: string | undefined; subject?: string | undefined }

export const TARGET = { url: { type: 'string' }, token: { type: 'string' } } as const
export const TARGET_HELP = `  --url URL       the service; else COSELL_URL, else http://127.0.0.1:8787
  --token TOKEN   the bearer token; else COSELL_TOKEN, else a twin is asked for one
`

const ROLES = ['partner', 'manager', 'finance', 'platform'] as const satisfies Role[]
const TIMEOUT_MS = 60_000

type TargetValues = { url?: string | undefined; token?: string | undefined }

export const targetOf = (values: TargetValues, env: NodeJS.ProcessEnv = process.env): Target => {
  const url = values.url ?? (env['COSELL_URL'] || 'http://127.0.0.1:8787')
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) refuse(`--url ${url}: an address like http://127.0.0.1:8787`)
  return { url: url.replace(/\/+$/, ''), token: values.token ?? (env['COSELL_TOKEN'] || undefined) }
}

/** A grant of the role and partner that the arguments name. */
export const grantOf = (roleName: string, partnerId: string | undefined, subject?: string): Grant => {
  const role = ROLES.find((each) => each === roleName) ?? refuse(`--role ${roleName}: one of ${ROLES.join(', ')}`)
  if ((role === 'partner') !== (partnerId !== undefined)) refuse('--partner ID belongs to --role partner, and to no other')
  return { role, partnerId, subject }
}

/** One HTTP request; no answer is `unavailable`. */
export const send = async (url: string, path: string, init: RequestInit = {}): Promise<{ status: number; text: string }> => {
  try {
    const response = await fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) })
    return { status: response.status, text: await response.text() }
  } catch (cause) {
    throw unavailable(`nothing answers at ${url}: start the twin with npm start, or name your service with --url`, cause)
  }
}

/** The JSON of an answer; undefined where it has none. */
export const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A token from the twin, which hands one to everybody. */
export const twinToken = async (url: string, grant: Grant): Promise<string> => {
  const { text } = await send(url, '/_twin/token', { method: 'POST', body: JSON.stringify(grant) })
  const { data } = z.object({ token: z.string() }).safeParse(jsonIn(text))
  if (data) return data.token
  throw new ServiceError('unauthorized', `${url} is no twin and gives out no tokens: name one with --token or COSELL_TOKEN`)
}
