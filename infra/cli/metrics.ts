import { parseArgs } from 'node:util'
import { ServiceError } from '../../lib/core/errors.ts'
import { addEvent, knownAt, metricsOfRows, type Rows } from '../../lib/metrics/batch.ts'
import { canonical, type Settings } from '../../lib/metrics/document.ts'
import { readEvents } from './events-file.ts'
import { describeMetrics } from './metrics-table.ts'

type Output = { stdout: NodeJS.WritableStream; stderr: NodeJS.WritableStream }
type Request = { from: string; skipBad: boolean; json: boolean; settings: Settings }

const USAGE = `cosell metrics --from FILE.ndjson[.gz] [--period yyyy-mm] [--as-of INSTANT] [--currency USD] [--margin 0.8000] [--skip-bad] [--json]`

const OPTIONS = {
  from: { type: 'string' },
  period: { type: 'string' },
  'as-of': { type: 'string' },
  currency: { type: 'string', default: 'USD' },
  margin: { type: 'string', default: '0.8000' },
  'skip-bad': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

const refuse = (message: string): never => {
  throw new ServiceError('invalid_request', message)
}

const marginOf = (text: string): number => {
  if (!/^\d(\.\d{1,4})?$/.test(text)) refuse(`--margin ${text}: a decimal with at most four places, like 0.8000`)
  return Math.round(Number(text) * 10_000)
}

const instantOf = (text: string): string => {
  const instant = new Date(text)
  if (Number.isNaN(instant.getTime())) refuse(`--as-of ${text}: an instant in UTC, like 2026-01-31T23:59:59Z`)
  return instant.toISOString()
}

const requestOf = (args: string[]): Request => {
  const { values } = parseArgs({ args, options: OPTIONS })
  const { from, period, currency, margin, json } = values
  if (from === undefined) return refuse('--from is missing: the file to compute from')
  if (!/^[A-Z]{3}$/.test(currency)) refuse(`--currency ${currency}: three capital letters, like USD`)
  if (period !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(period)) refuse(`--period ${period}: a month, like 2026-01`)
  const asOf = values['as-of'] === undefined ? undefined : instantOf(values['as-of'])
  return { from, json, skipBad: values['skip-bad'], settings: { currency, period, asOf, grossMargin: marginOf(margin) } }
}

const writeAll = (stream: NodeJS.WritableStream, text: string) =>
  new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()))
  })

const compute = async ({ from, skipBad, json, settings }: Request, { stdout, stderr }: Output): Promise<number> => {
  const rows: Rows = new Map()
  const known = knownAt(settings.asOf)
  let problems = 0
  await readEvents(from, {
    event: (event) => known(event) && addEvent(rows, event),
    problem: (text) => {
      problems++
      stderr.write(`${text}\n`)
    },
  })
  if (problems > 0 && !skipBad) {
    await writeAll(stderr, 'Nothing is computed: mend these lines, or leave them out with --skip-bad.\n')
    return 1
  }
  const document = metricsOfRows(rows, settings)
  await writeAll(stdout, json ? canonical(document) : describeMetrics(document))
  return problems > 0 || 'error' in document ? 1 : 0
}

/** `cosell metrics`: computes all metrics from a file of events. Returns the exit code: 1 for bad data, 2 for bad arguments. */
export const metricsCommand = async (args: string[], output: Output = process): Promise<number> => {
  let request: Request
  try {
    request = requestOf(args)
  } catch (error) {
    output.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}\n`)
    return 2
  }
  try {
    return await compute(request, output)
  } catch (error) {
    const told = error instanceof ServiceError || (error instanceof Error && 'code' in error)
    if (!told) throw error
    output.stderr.write(`${request.from}: ${error.message}\n`)
    return 1
  }
}
