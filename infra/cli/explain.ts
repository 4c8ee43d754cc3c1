import { isDeepStrictEqual, parseArgs } from 'node:util'
import { dayNumber } from '../../lib/core/period.ts'
import { contract, type Lineage } from '../../lib/metrics/contract.ts'
import { valueNameOf } from '../../lib/metrics/explain.ts'
import { recomputed } from '../../lib/metrics/lineage.ts'
import { marginUnits } from '../../lib/metrics/margin.ts'
import type { ValueName } from '../../lib/metrics/value.ts'
import { periodOf, refuse } from './arguments.ts'
import { type Call, connect } from './client.ts'
import { command, type Output, writeAll } from './command.ts'
import { describeLine, describeRates } from './explain-table.ts'
import { instantOf } from './metrics.ts'
import { TARGET, TARGET_HELP, type Target, targetOf } from './target.ts'

type Request = { name: ValueName; window: string | undefined; asOf: string | undefined; json: boolean; target: Target }

const HELP = `cosell explain METRIC --period yyyy-mm [--partner ID] [--window 12] [--as-of INSTANT] [--json] [--url URL] [--token TOKEN]

Shows the rows behind a value of ttv, cac, nrr, ropi or revenue, with their transactions, costs, attachments and exchange rates,
computes the value from these alone, and exits with 1 if that is another one.
  --period yyyy-mm  the month
  --partner ID      the partner's value, instead of the whole programme's
  --window 12       of nrr: how many months ago the accounts were chosen, 1, 3 or 12
  --as-of INSTANT   as it was known at this instant, like 2026-01-31T23:59:59Z
  --json            all as one JSON document
${TARGET_HELP}`

const OPTIONS = {
  ...TARGET,
  period: { type: 'string' },
  partner: { type: 'string' },
  window: { type: 'string' },
  'as-of': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

const windowOf = (text: string | undefined) =>
  text === undefined || text === '1' || text === '3' || text === '12' ? text : refuse(`--window ${text}: one of 1, 3, 12`)

const requestOf = (args: string[]): Request => {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true })
  const [metric = refuse('the metric is missing: one of ttv, cac, nrr, ropi, revenue'), ...more] = positionals
  if (more.length > 0) refuse(`one value at a time: ${more.join(' ')} is too much`)
  const { period = refuse('--period is missing: the month, like 2026-01'), partner, json } = values
  const asOf = values['as-of'] === undefined ? undefined : instantOf(values['as-of'])
  const window = windowOf(values.window)
  const name = valueNameOf(metric, { period: periodOf(period), window, partnerId: partner, asOf })
  return { name, window, asOf, json, target: targetOf(values) }
}

/** All pages as one. */
const lineageOf = async (call: Call, { name, window, asOf }: Request): Promise<Lineage> => {
  const query = { period: name.period, partnerId: name.partnerId, window, asOf, limit: '100' }
  const page = (cursor?: string) => call(contract.getLineage, { path: { name: name.metric }, query: { ...query, cursor } })
  const { cursor: next, ...all } = await page()
  for (let cursor = next; cursor; ) {
    const more = await page(cursor)
    all.items.push(...more.items)
    const known = new Set(all.rates.map(({ eventId }) => eventId))
    all.rates.push(...more.rates.filter(({ eventId }) => !known.has(eventId)))
    cursor = more.cursor
  }
  return all
}

const again = ({ items, rates, currency = '', grossMargin = '', asOfDay }: Lineage, name: ValueName) => {
  const by = { currency, grossMargin: marginUnits(grossMargin), asOfDay: asOfDay ? dayNumber(asOfDay) : 0 }
  return recomputed({ lines: items, rates }, name, by)
}

const describe = (lineage: Lineage, { name: { metric, period, partnerId = 'all' } }: Request): string => {
  const { value, items, rates, currency = '', definitions, grossMargin, asOfDay, knownEvents } = lineage
  return [
    `${metric} of ${partnerId} in ${period}: ${JSON.stringify(value)}`,
    `definitions ${definitions}, ${currency}, gross margin ${grossMargin}, as of ${asOfDay}, ${knownEvents} events known\n`,
    ...items.map((line) => describeLine(line, currency)),
    describeRates(rates),
  ].join('\n')
}

/** What the lines say of the value; the text where they do not give it. */
const verdictOf = (lineage: Lineage, { name }: Request): { equal: boolean; text: string } => {
  const withheld = lineage.items.some((line) => (line.withheld ?? 0) > 0)
  if (withheld) return { equal: true, text: 'not computed again: facts of others are not shown' }
  const value = again(lineage, name)
  const equal = isDeepStrictEqual(value, lineage.value) || lineage.value === null
  if (equal) return { equal, text: `computed again from ${lineage.items.length} rows: equal` }
  return { equal, text: `computed again: ${JSON.stringify(value)}; if events are still being taken in, try again` }
}

const run = async (request: Request, { stdout, stderr }: Output): Promise<number> => {
  const call = await connect(request.target, { role: 'finance' })
  const lineage = await lineageOf(call, request)
  const { equal, text } = verdictOf(lineage, request)
  await writeAll(stdout, request.json ? `${JSON.stringify(lineage, null, 2)}\n` : describe(lineage, request))
  await writeAll(request.json ? stderr : stdout, `${text}\n`)
  return equal ? 0 : 1
}

/** `cosell explain`: what a value is made of. */
export const explainCommand = command({ help: HELP, requestOf, run })
