import { parentPort, workerData } from 'node:worker_threads'
import type { Aggregates, Series } from '../../../lib/metrics/aggregate.ts'
import { openShare, type Plan, type Share } from './share.ts'
import { buffersIn } from './spill.ts'

/** A call of one of the share's functions, and what comes back. */
export type Call = { name: keyof Share; args: unknown[] }
export type Answer = { value: unknown } | { error: Failure }
/** An error as it crosses from one thread to another: what it is an instance of does not. */
export type Failure = { name: string; message: string; code?: unknown; target?: unknown; details?: unknown }

const { plan, thread } = workerData as { plan: Plan; thread: number }
const share = openShare(plan, thread)

const seriesIn = ({ monthly }: Aggregates): Series[] => Object.values(monthly).flatMap((scopes) => [...scopes.values()])

/** What moves to the other thread instead of being copied. */
const moved = (value: unknown): ArrayBuffer[] => {
  if (value === null || typeof value !== 'object') return []
  if ('bytes' in value && value.bytes instanceof Uint8Array) return [value.bytes.buffer as ArrayBuffer]
  if ('monthly' in value) return seriesIn(value as Aggregates).map(({ cells }) => cells.buffer)
  if (!('records' in value) || !Array.isArray(value.records)) return []
  return buffersIn(value.records.flat())
}

const answer = async ({ name, args }: Call): Promise<Answer> => {
  try {
    return { value: await (share[name] as (...args: unknown[]) => unknown)(...args) }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { error: { ...error, name: error.name, message: error.message } }
  }
}

const reply = async (call: Call) => {
  const found = await answer(call)
  parentPort?.postMessage(found, 'value' in found ? moved(found.value) : [])
}

// One after the other, so that answers come in the order of the calls.
let before = Promise.resolve()
parentPort?.on('message', (call: Call) => {
  before = before.then(() => reply(call))
})
