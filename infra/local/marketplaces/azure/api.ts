import { createHash } from 'node:crypto'
import type { Fault } from '../faults.ts'
import type { Answer, Exchange, StandIn, World } from '../stand-in.ts'
import { inTurn } from './journal.ts'

/** A request to one operation; `body` is undefined when the text is no JSON. */
export type Call = {
  world: World
  path: Record<string, string>
  query: URLSearchParams
  headers: Record<string, string | undefined>
  text: string
  body: unknown
  /** Where the caller finds this API: scheme, host and prefix. */
  base: string
}

export type Operation = { method: string; path: string; fault: string; run: (call: Call) => Promise<Answer> }

export type Api = {
  prefix: string
  operations: Operation[]
  /** The refusal of a caller that may not call at all. */
  admit?: (call: Call) => Promise<Answer | undefined>
  /** Does what is due by the clock. */
  catchUp?: (world: World) => Promise<void>
}

export const ok = (body?: unknown): Answer => ({ status: 200, ...(body !== undefined && { body }) })

export const refusal = (status: number, code: string, message: string, details?: unknown[]): Answer => ({
  status,
  body: { error: { code, message, ...(details && { details }) } },
})

/** A version 4 GUID that follows from a text. */
export const guidOf = (text: string) => {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
export const newGuid = (world: World) => guidOf(world.newId(26))

/** An instant with the seven decimals that Microsoft writes. */
export const stamp = (instant: Date) => instant.toISOString().replace('Z', '0000Z')

const matcher = (template: string) => new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}/?$`, 'i')

const routed = (api: Api, { method, path }: Exchange) => {
  for (const operation of api.operations) {
    const found = operation.method === method && matcher(operation.path).exec(path.slice(api.prefix.length))
    if (found) return { operation, params: { ...found.groups } }
  }
  return undefined
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const faulted = ({ kind, status, seconds }: Fault): Answer | undefined => {
  if (kind === 'error') return refusal(status, 'serviceError', 'The service failed before it did anything.')
  if (kind === 'lock') return refusal(409, 'conflict', 'Another operation holds the resource.')
  if (kind !== 'throttle') return undefined
  return {
    status: 429,
    headers: { 'retry-after': String(Math.ceil(seconds)) },
    body: { error: { code: 'tooManyRequests', message: 'Slow down.' } },
  }
}

const perform = async (world: World, api: Api, exchange: Exchange): Promise<Answer> => {
  const route = routed(api, exchange)
  if (!route) return refusal(404, 'notFound', `There is no ${exchange.method} ${exchange.path}.`)
  const { query, headers, body: text } = exchange
  const base = `http://${headers['host'] ?? 'localhost'}${api.prefix}`
  const call: Call = { world, path: route.params, query, headers, text, body: jsonOf(text), base }
  const refused = await api.admit?.(call)
  if (refused) return refused
  const fault = world.faults.take(route.operation.fault)
  const failed = fault && faulted(fault)
  if (failed) return failed
  await api.catchUp?.(world)
  const answer = await route.operation.run(call)
  return fault?.kind === 'reset' ? 'reset' : answer
}

/** Serves an API below its prefix; requests wait for each other. */
export const standIn = (world: World, api: Api): StandIn => ({
  answer: async (exchange) =>
    exchange.path.startsWith(`${api.prefix}/`) ? inTurn(world, () => perform(world, api, exchange)) : undefined,
  tick: () => inTurn(world, async () => api.catchUp?.(world)),
})
