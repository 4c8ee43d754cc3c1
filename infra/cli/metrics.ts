import { parseArgs } from 'node:util'
import { canonical, type Settings } from '../../lib/metrics/document.ts'
import { periodOf, refuse } from './arguments.ts'
import { command, type Output, writeAll } from './command.ts'
import { metricsOfFile } from './metrics-file.ts'

type Request = { from: string; skipBad: boolean; json: boolean; settings: Settings }

const HELP = `cosell metrics --from FILE.ndjson[.gz]|FILE.parquet|LAKE [--period yyyy-mm] [--as-of INSTANT] [--currency USD] [--margin 0.8000] [--skip-bad] [--json]

Computes all metrics from a file of events or from the folder of a lake, without a service, on all processors.
  --period yyyy-mm  this month alone
  --as-of INSTANT   from what was recorded up to this instant, like 2026-01-31T23:59:59Z
  --currency USD    the currency to report in
  --margin 0.8000   the gross margin that returns are computed with
  --skip-bad        leave bad lines out; they are listed, and the exit code stays 1
  --json            the whole document as JSON; without it the last month as tables, and what is wrong with the events
`

const OPTIONS = {
  from: { type: 'string' },
  period: { type: 'string' },
  'as-of': { type: 'string' },
  currency: { type: 'string', default: 'USD' },
  margin: { type: 'string', default: '0.8000' },
  'skip-bad': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

export const marginOf = (text: string): number => {
  if (!/^\d(\.\d{1,4})?$/.test(text)) refuse(`--margin ${text}: a decimal with at most four places, like 0.8000`)
  return Math.round(Number(text) * 10_000)
}

export const instantOf = (text: string): string => {
  const instant = new Date(text)
  if (Number.isNaN(instant.getTime())) refuse(`--as-of ${text}: an instant in UTC, like 2026-01-31T23:59:59Z`)
  return instant.toISOString()
}

const requestOf = (args: string[]): Request => {
  const { values } = parseArgs({ args, options: OPTIONS })
  const { from = refuse('--from is missing: the file to compute from'), currency, margin, json } = values
  if (!/^[A-Z]{3}$/.test(currency)) refuse(`--currency ${currency}: three capital letters, like USD`)
  const asOf = values['as-of'] === undefined ? undefined : instantOf(values['as-of'])
  const period = values.period === undefined ? undefined : periodOf(values.period)
  const settings = { currency, period, asOf, grossMargin: marginOf(margin) }
  return { from, json, skipBad: values['skip-bad'], settings }
}

const run = async ({ from, skipBad, json, settings }: Request, output: Output): Promise<number> => {
  const { document, bad } = await metricsOfFile({ from, skipBad, settings }, output)
  if (!document) return 1
  if (json) await writeAll(output.stdout, canonical(document))
  else {
    const { describeMetrics } = await import('./metrics-table.ts')
    await writeAll(output.stdout, describeMetrics(document))
    await (await import('./findings-file.ts')).tellFindings(from, settings, output)
  }
  return bad > 0 || 'error' in document ? 1 : 0
}

/** `cosell metrics`: computes all metrics from a file of events. */
export const metricsCommand = command({ help: HELP, requestOf, run })
