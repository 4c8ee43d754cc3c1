import type { Fault } from '../faults.ts'
import type { Answer, Exchange, StandIn, World } from '../stand-in.ts'
import { transact } from './journal.ts'

/** An error that an API names; `more` are its further members. */
export type ApiError = Error & { more: Record<string, unknown> }
export const apiError = (name: string, message: string, more: Record<string, unknown> = {}): ApiError =>
  Object.assign(new Error(message), { name, more })
const isApiError = (error: unknown): error is ApiError => error instanceof Error && 'more' in error

/** `body` is the raw text, for what depends on the request being the same. */
export type Operation = (world: World, input: unknown, body: string) => Promise<unknown>

/** One API: how its requests are read, what its operations do, how it answers. `rates` are calls per second. */
export type Endpoint = {
  target: string
  rates: Record<string, number>
  operations: Record<string, Operation>
  nameOf: (exchange: Exchange) => string | undefined
  inputOf: (exchange: Exchange) => unknown
  faults: { error: string; lock: string }
  done: (body: unknown) => Answer
  failed: (error: ApiError, status?: number) => Answer
  settle: (world: World) => Promise<void>
}

// The quotas give rates only; the burst is ours.
const BURST_SECONDS = 10

const openBuckets = () => {
  const buckets = new Map<string, { tokens: number; at: number }>()
  return (name: string, rate: number, now: number) => {
    const size = rate * BURST_SECONDS
    const { tokens, at } = buckets.get(name) ?? { tokens: size, at: now }
    const left = Math.min(size, tokens + (Math.max(0, now - at) / 1000) * rate)
    buckets.set(name, { tokens: left < 1 ? left : left - 1, at: now })
    return left >= 1
  }
}

const SCOPE = /Credential=[^/,\s]+\/\d{8}\/us-east-1\/aws-marketplace\/aws4_request\b/

const checkSignature = ({ headers }: Exchange) => {
  if (!SCOPE.test(headers['authorization'] ?? ''))
    throw apiError('AccessDeniedException', 'sign the request for the service aws-marketplace in us-east-1')
}

const faulty = ({ faults, failed }: Endpoint, fault: Fault): Answer | undefined => {
  if (fault.kind === 'error') return failed(apiError(faults.error, 'an internal failure: retry the request'), fault.status)
  if (fault.kind === 'throttle') return failed(apiError('ThrottlingException', 'too many requests: retry later'))
  if (fault.kind === 'lock') return failed(apiError(faults.lock, 'another request works on the resource: retry later'))
  return undefined
}

type Admits = ReturnType<typeof openBuckets>
type Call = { name: string; operation: Operation; exchange: Exchange }

const perform = async (
  world: World,
  endpoint: Endpoint,
  admits: Admits,
  { name, operation, exchange }: Call,
): Promise<Answer> => {
  try {
    checkSignature(exchange)
    const rate = endpoint.rates[name] ?? 5
    if (!admits(name, rate, world.now().getTime())) throw apiError('ThrottlingException', `more than ${rate} ${name} a second`)
    await endpoint.settle(world)
    return endpoint.done(await operation(world, endpoint.inputOf(exchange), exchange.body))
  } catch (error) {
    if (isApiError(error)) return endpoint.failed(error)
    throw error
  }
}

/** Serves one API over a world: faults, signature, throttling, then the operation, one at a time. */
export const openEndpoint = (world: World, endpoint: Endpoint): StandIn => {
  const admits = openBuckets()
  return {
    answer: async (exchange) => {
      const name = endpoint.nameOf(exchange)
      const operation = name === undefined ? undefined : endpoint.operations[name]
      if (name === undefined || !operation) return undefined
      const fault = world.faults.take(`${endpoint.target}.${name}`)
      const instead = fault && faulty(endpoint, fault)
      if (instead) return instead
      const answer = await transact(world, () => perform(world, endpoint, admits, { name, operation, exchange }))
      return fault?.kind === 'reset' ? 'reset' : answer
    },
    tick: () => transact(world, () => endpoint.settle(world)),
  }
}
