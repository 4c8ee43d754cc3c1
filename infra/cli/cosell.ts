import { type Command, type Output, writeAll } from './command.ts'

const COMMANDS: Record<string, { load: () => Promise<Command>; summary: string }> = {
  token: { load: async () => (await import('./token.ts')).tokenCommand, summary: 'print a token of the twin' },
  ingest: { load: async () => (await import('./ingest.ts')).ingestCommand, summary: 'record the events of a file' },
  metrics: {
    load: async () => (await import('./metrics.ts')).metricsCommand,
    summary: 'compute all metrics from a file of events, without a service',
  },
  report: {
    load: async () => (await import('./report.ts')).reportCommand,
    summary: 'the metrics of a month as a page to look at, from the service or from a file',
  },
  explain: {
    load: async () => (await import('./explain.ts')).explainCommand,
    summary: 'show what a value is made of, and compute it again from that',
  },
  verify: {
    load: async () => (await import('./verify.ts')).verifyCommand,
    summary: 'compare the metrics of the service with its events, or with those of a file',
  },
  findings: {
    load: async () => (await import('./findings.ts')).findingsCommand,
    summary: 'show what is wrong with the data behind metrics',
  },
  replay: {
    load: async () => (await import('./replay.ts')).replayCommand,
    summary: 'make what is derived from events anew',
  },
  export: { load: async () => (await import('./export.ts')).exportCommand, summary: 'get the files of a month' },
  lake: {
    load: async () => (await import('./lake.ts')).lakeCommand,
    summary: 'make Parquet files by day of a file of events, without a service',
  },
  settlements: {
    load: async () => (await import('./settlements.ts')).settlementsCommand,
    summary: "import a marketplace's file about money, or check it",
  },
  reconcile: {
    load: async () => (await import('./reconcile.ts')).reconcileCommand,
    summary: 'show where offers, agreements, invoices and payouts disagree',
  },
  plan: {
    load: async () => (await import('./plan.ts')).planCommand,
    summary: 'try an offer out: the exact request, and what is wrong with it',
  },
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
  if (found) return (await found.load())(args, output)
  if (name === '--help') {
    await writeAll(output.stdout, HELP)
    return 0
  }
  await writeAll(output.stderr, `${name === undefined ? 'Which command?' : `There is no command ${name}.`}\n\n${HELP}`)
  return 2
}
