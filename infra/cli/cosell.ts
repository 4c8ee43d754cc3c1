import { type Command, type Output, writeAll } from './command.ts'
import { exportCommand } from './export.ts'
import { ingestCommand } from './ingest.ts'
import { lakeCommand } from './lake.ts'
import { metricsCommand } from './metrics.ts'
import { planCommand } from './plan.ts'
import { reconcileCommand } from './reconcile.ts'
import { settlementsCommand } from './settlements.ts'
import { tokenCommand } from './token.ts'
import { verifyCommand } from './verify.ts'

const COMMANDS: Record<string, { run: Command; summary: string }> = {
  token: { run: tokenCommand, summary: 'print a token of the twin' },
  ingest: { run: ingestCommand, summary: 'record the events of a file' },
  metrics: { run: metricsCommand, summary: 'compute all metrics from a file of events, without a service' },
  verify: { run: verifyCommand, summary: 'compare the metrics of the service with those of a file' },
  export: { run: exportCommand, summary: 'get the files of a month' },
  lake: { run: lakeCommand, summary: 'make Parquet files by day of a file of events, without a service' },
  settlements: { run: settlementsCommand, summary: "import a marketplace's file about money, or check it" },
  reconcile: { run: reconcileCommand, summary: 'show where offers, agreements, invoices and payouts disagree' },
  plan: { run: planCommand, summary: 'try an offer out: the exact request, and what is wrong with it' },
}

const HELP = `cosell COMMAND [OPTIONS]

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(11)} ${summary}`)
  .join('\n')}

cosell COMMAND --help tells more.
`

/** The command line; returns the exit code: 2 where the arguments make no sense. */
export const cosell: Command = async ([name, ...args], output: Output = process) => {
  const found = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (found) return found.run(args, output)
  if (name === '--help') {
    await writeAll(output.stdout, HELP)
    return 0
  }
  await writeAll(output.stderr, `${name === undefined ? 'Which command?' : `There is no command ${name}.`}\n\n${HELP}`)
  return 2
}
