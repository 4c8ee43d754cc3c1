import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { invalid } from '../../lib/core/errors.ts'
import type { Settings } from '../../lib/metrics/document.ts'
import { contract } from '../../lib/report/contract.ts'
import { pageOf } from '../../lib/report/page.ts'
import { reportOf, sourceOf } from '../../lib/report/report.ts'
import { sha256 } from '../../lib/runtime/digest.ts'
import { periodOf, refuse } from './arguments.ts'
import { connect } from './client.ts'
import { command, type Output, writeAll } from './command.ts'
import { instantOf, marginOf } from './metrics.ts'
import { aggregatesOfFile } from './metrics-file.ts'
import { TARGET, TARGET_HELP, type Target, targetOf } from './target.ts'

type Batch = { from: string; skipBad: boolean; settings: Settings }
type Request = { period: string; out: string | undefined; target: Target; batch: Batch | undefined }

const HELP = `cosell report --period yyyy-mm [--out FILE.html] [--from FILE.ndjson[.gz] [--as-of INSTANT] [--currency USD] [--margin 0.8000] [--skip-bad]] [--url URL] [--token TOKEN]

Makes the metrics of a month a page to look at, with charts and all numbers; it needs nothing else to be shown, sent or printed.
  --period yyyy-mm  the month; the months before it are in the charts
  --out FILE.html   where to write the page; without it it is printed
  --from FILE       compute it from a file of events, without a service; only then:
  --as-of INSTANT   from what was recorded up to this instant, like 2026-01-31T23:59:59Z
  --currency USD    the currency to report in
  --margin 0.8000   the gross margin that returns are computed with
  --skip-bad        leave bad lines out; they are listed, and the exit code stays 1
${TARGET_HELP}`

const BATCH = {
  'as-of': { type: 'string' },
  currency: { type: 'string' },
  margin: { type: 'string' },
  'skip-bad': { type: 'boolean' },
} as const
const OPTIONS = {
  ...TARGET,
  ...BATCH,
  period: { type: 'string' },
  out: { type: 'string' },
  from: { type: 'string' },
} as const

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

const batchOf = ({ from, currency = 'USD', margin = '0.8000', ...values }: Values): Batch | undefined => {
  if (from === undefined) return undefined
  if (!/^[A-Z]{3}$/.test(currency)) refuse(`--currency ${currency}: three capital letters, like USD`)
  const asOf = values['as-of'] === undefined ? undefined : instantOf(values['as-of'])
  return { from, skipBad: values['skip-bad'] ?? false, settings: { currency, asOf, grossMargin: marginOf(margin) } }
}

const requestOf = (args: string[]): Request => {
  const { values } = parseArgs({ args, options: OPTIONS })
  const { period = refuse('--period is missing: the month, like 2026-01'), out, from } = values
  const [alone] = from === undefined ? Object.keys(BATCH).filter((name) => name in values) : []
  if (alone !== undefined) refuse(`--${alone} belongs to --from: a service has settings of its own`)
  return { period: periodOf(period), out, target: targetOf(values), batch: batchOf(values) }
}

const withoutRate = (pair: string) => ({ target: pair, message: 'the file has no rate.published.v1 event' })

/** The page, and how many lines of the file are bad; no page if those are not to be skipped. */
const pageFrom = async ({ from, skipBad, settings }: Batch, period: string, output: Output) => {
  const { aggregates, bad } = await aggregatesOfFile({ from, skipBad, settings }, output)
  if (!aggregates) return { bad }
  const source = sourceOf(aggregates, settings)
  if ('error' in source) throw invalid('the file lacks exchange rates', source.pairs.map(withoutRate))
  return { html: pageOf(reportOf(source, period), sha256).html, bad }
}

const pageOfService = async (target: Target, period: string) => {
  const call = await connect(target, { role: 'finance' })
  return { html: await call(contract.getReport, { query: { period } }), bad: 0 }
}

const run = async ({ period, out, target, batch }: Request, output: Output): Promise<number> => {
  const { html, bad } = batch ? await pageFrom(batch, period, output) : await pageOfService(target, period)
  if (html === undefined) return 1
  if (out === undefined) await writeAll(output.stdout, html)
  else {
    await mkdir(dirname(out), { recursive: true })
    await writeFile(out, html)
    await writeAll(output.stdout, `${out}\n`)
  }
  return bad > 0 ? 1 : 0
}

/** `cosell report`: the metrics of a month as a page to look at. */
export const reportCommand = command({ help: HELP, requestOf, run })
