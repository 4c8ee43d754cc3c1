import { parseArgs } from 'node:util'
import { contract } from '../../lib/quality/contract.ts'
import { type Finding, Kind } from '../../lib/quality/finding.ts'
import { periodOf, refuse } from './arguments.ts'
import { type Call, connect } from './client.ts'
import { command, type Output, writeAll } from './command.ts'
import { describeFindings, findingsOfFile } from './findings-file.ts'
import { TARGET, TARGET_HELP, type Target, targetOf } from './target.ts'

type Filter = { period: string | undefined; kind: Kind | undefined }
type Request = Filter & { from: string | undefined; currency: string; json: boolean; target: Target }

const HELP = `cosell findings [--from FILE [--currency USD]] [--period yyyy-mm] [--kind KIND] [--json] [--url URL] [--token TOKEN]

Prints what is wrong with the data behind metrics, with the events and what NRR would be if it were put right: of the service, or
of a file of events without a service. Exits with 1 where numbers cannot be told because of it.
  --from FILE       a file of events (NDJSON, plain or .gz, or Parquet) or the folder of a lake; it has to fit into memory
  --currency USD    the currency that the file is reported in
  --period yyyy-mm  what touches this month
  --kind KIND       of one kind: ${Kind.options
    .join(', ')
    .replace(/(.{1,90})(?:\s|$)/g, '$1\n                    ')
    .trim()}
  --json            one finding a line as JSON
${TARGET_HELP}`

const ofService = async (call: Call, { period, kind }: Filter): Promise<Finding[]> => {
  const findings: Finding[] = []
  let cursor: string | undefined
  do {
    const page = await call(contract.listFindings, { query: { period, kind, cursor } })
    findings.push(...page.items)
    cursor = page.cursor
  } while (cursor)
  return findings
}

const ofFile = async (from: string, currency: string, { period, kind }: Filter): Promise<Finding[]> => {
  const all = await findingsOfFile(from, currency)
  return all.filter((each) => (!kind || each.kind === kind) && (!period || each.months.includes(period)))
}

const run = async (request: Request, { stdout }: Output): Promise<number> => {
  const { from, currency, json, target } = request
  const findings =
    from === undefined
      ? await ofService(await connect(target, { role: 'finance' }), request)
      : await ofFile(from, currency, request)
  const text = json ? findings.map((each) => `${JSON.stringify(each)}\n`).join('') : describeFindings(findings)
  await writeAll(stdout, text || (json ? '' : 'no findings\n'))
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0
}

const kindOf = (text: string): Kind =>
  Kind.options.find((each) => each === text) ?? refuse(`--kind ${text}: one of ${Kind.options.join(', ')}`)

/** `cosell findings`: what is wrong with the data behind metrics. */
export const findingsCommand = command({
  help: HELP,
  requestOf: (args): Request => {
    const options = {
      ...TARGET,
      from: { type: 'string' },
      currency: { type: 'string', default: 'USD' },
      period: { type: 'string' },
      kind: { type: 'string' },
      json: { type: 'boolean', default: false },
    } as const
    const { from, currency, period, kind, json, ...values } = parseArgs({ args, options }).values
    if (!/^[A-Z]{3}$/.test(currency)) refuse(`--currency ${currency}: three capital letters, like USD`)
    return {
      from,
      currency,
      json,
      period: period === undefined ? undefined : periodOf(period),
      kind: kind === undefined ? undefined : kindOf(kind),
      target: targetOf(values),
    }
  },
  run,
})
