import { parseArgs } from 'node:util'
import { decimalText } from '../../lib/core/money.ts'
import type { Report } from '../../lib/reconciliation/closing.ts'
import { contract } from '../../lib/reconciliation/contract.ts'
import { periodOf, refuse } from './arguments.ts'
import { connect } from './client.ts'
import { command, type Output, writeAll } from './command.ts'
import { render, type Table } from './table.ts'
import { TARGET, TARGET_HELP, type Target, targetOf } from './target.ts'

type Request = { period: string | undefined; json: boolean; target: Target }

const HELP = `cosell reconcile [--period yyyy-mm] [--json] [--url URL] [--token TOKEN]

Prints where offers, agreements, invoices and payouts disagree, and how the four ledgers add up, as of the last nightly run.
  --period yyyy-mm  the rows of a month, and what is wrong since its end or before; otherwise all
  --json            print the report as JSON
${TARGET_HELP}`

const money = (amount: number, currency: string) => decimalText({ amount, currency })

const kinds = (title: string, totals: Report['open']): Table => ({
  title,
  head: ['kind', 'currency', 'count', 'amount', 'without signs', 'oldest', 'days'],
  rows: totals.map(({ kind, currency, count, amount, size, oldestSince, oldestDays }) => [
    ...[kind, currency, String(count), money(amount, currency), money(size, currency), oldestSince, String(oldestDays)],
  ]),
})

const ledgers = ({ ledgers, period }: Report): Table => ({
  title: `Ledgers${period ? ` of ${period}` : ''}`,
  head: ['currency', 'booked', 'scheduled', 'billed', 'fees', 'taxes', 'cash', 'settled', 'waiting', 'different', 'excess'],
  rows: ledgers.map(({ currency, booked, scheduled, billed, fees, taxes, cash, settled, waiting, different, excess }) => [
    currency,
    ...[booked, scheduled, billed, fees, taxes, cash, settled, waiting, different, excess].map((each) => money(each, currency)),
  ]),
})

const describe = (report: Report): string => {
  const { asOf, accounts, agreements, failedAccounts, open, accepted } = report
  if (asOf === null) return 'nothing is reconciled yet: the first run is within the hour\n'
  const failed = failedAccounts > 0 ? `, ${failedAccounts} accounts could not be read` : ''
  return [
    `as of ${asOf}: ${agreements} agreements of ${accounts} accounts${failed}\n`,
    open.length > 0 ? render(kinds('Open exceptions', open)) : 'No open exceptions\n',
    ...(accepted.length > 0 ? [render(kinds('Accepted', accepted))] : []),
    render(ledgers(report)),
  ].join('\n')
}

const run = async ({ period, json, target }: Request, { stdout }: Output): Promise<number> => {
  const call = await connect(target, { role: 'finance' })
  const report = await call(contract.getReconciliationReport, { query: { period } })
  await writeAll(stdout, json ? `${JSON.stringify(report, null, 2)}\n` : describe(report))
  return 0
}

/** `cosell reconcile`: the report of reconciliation. */
export const reconcileCommand = command({
  help: HELP,
  requestOf: (args): Request => {
    const options = { ...TARGET, period: { type: 'string' }, json: { type: 'boolean', default: false } } as const
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    if (positionals.length > 0) refuse(`${positionals.join(' ')} is too much: cosell reconcile takes only options`)
    const { period, json } = values
    return { period: period === undefined ? undefined : periodOf(period), json, target: targetOf(values) }
  },
  run,
})
