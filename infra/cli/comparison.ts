import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod'
import { invalid, isCode } from '../../lib/core/errors.ts'
import { contract } from '../../lib/metrics/contract.ts'
import type { MetricsDocument, MissingRates } from '../../lib/metrics/document.ts'
import { marginUnits } from '../../lib/metrics/margin.ts'
import type { Call } from './client.ts'
import { differences } from './differences.ts'

/** What the batch engine computes in a currency, with a gross margin in ten-thousandths. */
export type Batch = (currency: string, grossMargin: number) => Promise<MetricsDocument | MissingRates>

/** `behind` tells how many events of the file the service does not know yet. */
export type Comparison = { lines: string[]; events: number; behind: number }

const AGAIN_MS = 1000
/** With all events known, sums and rates may still be on their way for as long as this. */
const QUIET_MS = 10_000

const Live = z.looseObject({ currency: z.string(), grossMargin: z.string(), knownEvents: z.int() })

const compare = async (call: Call, batchOf: Batch, period: string | undefined): Promise<Comparison> => {
  const live = Live.parse(await call(contract.getMetrics, { query: { period } }))
  const { currency, grossMargin, knownEvents } = live
  const batch = await batchOf(currency, marginUnits(grossMargin))
  if ('error' in batch) {
    const details = batch.pairs.map((pair) => ({ target: pair, message: 'the file has no rate.published.v1 event' }))
    throw invalid('the file lacks exchange rates that the service has', details)
  }
  return { lines: [...differences(live, batch)], events: knownEvents, behind: batch.knownEvents - knownEvents }
}

/** Rates that are still on their way make the service refuse to answer. */
const unlessRatesAreMissing = (error: unknown): Comparison => {
  if (!isCode(error, 'unprocessable')) throw error
  const lines = [error.message, ...error.details.map(({ target, message }) => `${target}: ${message}`)]
  return { lines, events: 0, behind: Infinity }
}

/** Compares again until all is equal, until waiting is of no use, or until the time is over. */
export const compareInTime = async (
  call: Call,
  batchOf: Batch,
  period: string | undefined,
  seconds: number,
): Promise<Comparison> => {
  const attempt = () => compare(call, batchOf, period).catch(unlessRatesAreMissing)
  const end = performance.now() + seconds * 1000
  let last = await attempt()
  let changedAt = performance.now()
  for (;;) {
    const until = last.behind > 0 ? end : Math.min(end, changedAt + QUIET_MS)
    if (last.lines.length === 0 || last.behind < 0 || performance.now() >= until) return last
    await pause(AGAIN_MS)
    const next = await attempt()
    if (next.lines.join() !== last.lines.join()) changedAt = performance.now()
    last = next
  }
}
