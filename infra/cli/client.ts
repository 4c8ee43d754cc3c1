import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod'
import type { Route } from '../../lib/core/contract.ts'
import { type ErrorCode, isCode, ServiceError } from '../../lib/core/errors.ts'
import { contract as system } from '../../lib/system/contract.ts'
import { type Grant, jsonIn, send, type Target, twinToken } from './target.ts'

type Input = { path?: Record<string, string>; query?: Record<string, string | undefined>; body?: unknown }
type Json<R extends Route> = R['result'] extends z.core.$ZodType ? z.output<R['result']> : undefined

type Result<R extends Route> = R['mediaType'] extends string ? string : Json<R>

/** Calls a route of the service, again while it is busy or away. What it refuses is thrown with the fields it names. */
export type Call = <R extends Route>(route: R, input?: Input) => Promise<Result<R>>

const TRIES = 8
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 8000

const Problem = z.object({
  detail: z.string(),
  details: z.array(z.object({ target: z.string(), message: z.string() })).default([]),
})

const CODES: Record<number, ErrorCode> = { 401: 'unauthorized', 403: 'forbidden', 404: 'not_found', 422: 'unprocessable' }
const BUSY = [429, 502, 503, 504]

const refusal = (status: number, text: string, place: string) => {
  const code = BUSY.includes(status) ? 'unavailable' : (CODES[status] ?? 'invalid_request')
  const { data } = Problem.safeParse(jsonIn(text))
  return new ServiceError(code, `${place} answers ${status}: ${data?.detail ?? text.slice(0, 200)}`, {
    details: data?.details ?? [],
  })
}

/** Repeats what fails because the service is busy or away, later and later and not all at the same time. */
const patiently = async <T>(attempt: () => Promise<T>, tries = 1): Promise<T> => {
  try {
    return await attempt()
  } catch (error) {
    if (!isCode(error, 'unavailable') || tries === TRIES) throw error
    await pause(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1)) * (0.5 + Math.random() / 2))
    return patiently(attempt, tries + 1)
  }
}

const pathOf = ({ path }: Route, { path: parameters = {}, query = {} }: Input) => {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ''))
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] satisfies [string, string]],
  )
  return `/v1${filled}${given.length ? `?${new URLSearchParams(given)}` : ''}`
}

const caller =
  (url: string, token: string): Call =>
  async (route, input = {}) => {
    const path = pathOf(route, input)
    const place = `${route.method} ${url}${path}`
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() }
    const body = input.body === undefined ? {} : { body: JSON.stringify(input.body) }
    const text = await patiently(async () => {
      const answer = await send(url, path, { method: route.method, headers, ...body })
      if (answer.status < 300) return answer.text
      throw refusal(answer.status, answer.text, place)
    })
    if (route.mediaType) return text as Result<typeof route>
    const parsed = (route.result ?? z.undefined()).safeParse(jsonIn(text))
    if (!parsed.success) throw new ServiceError('invalid_request', `${place} does not answer like Cosell`)
    return parsed.data as Result<typeof route>
  }

/** A caller with a token: the given one, or one of the twin for `grant`. Fails at once when nothing answers. */
export const connect = async ({ url, token }: Target, grant: Grant): Promise<Call> => {
  if (token === undefined) return caller(url, await twinToken(url, grant))
  await send(url, `/v1${system.getHealth.path}`)
  return caller(url, token)
}
