import { writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import duckdb from '@duckdb/node-api/package.json' with { type: 'json' }
import versions from '../../package.json' with { type: 'json' }
import { batchMetrics } from './batch-metrics.ts'
import { bundleSize } from './bundle-size.ts'
import { coldStart } from './cold-start.ts'
import { freshness } from './freshness.ts'
import { growth } from './growth.ts'
import { offersHandler } from './offers-handler.ts'
import { settlements } from './settlements.ts'
import { stream } from './stream.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    events: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    mb: { type: 'string', default: '200' },
    json: { type: 'string' },
  },
})

const { dependencies, devDependencies } = versions
const BENCHMARKS: Record<string, { run: () => Promise<object[]>; about: string }> = {
  'offers-handler': {
    run: () => offersHandler(),
    about: `requests per second of the offers API (middy ${dependencies['@middy/core']}) / the same on Hono ${devDependencies.hono}; target ≥ 1`,
  },
  'batch-metrics': {
    run: () => batchMetrics(Number(values.events ?? 1_000_000), Number(values.rounds)),
    about: `seconds of DuckDB ${duckdb.version}, 2 threads / seconds of cosell metrics, --events 1000000 (10000000: 5 GB in the temporary folder); target ≥ 3 and half the memory, ≥ 6 from the lake`,
  },
  growth: {
    run: () => growth(Number(values.events ?? 1_000_000), Number(values.rounds)),
    about:
      'seconds of cosell metrics where events, partners or accounts are many times as many / as they are; target ≤ 11 for ten times',
  },
  settlements: {
    run: () => settlements(Number(values.mb)),
    about: `rows per second of a billing event feed of ${values.mb} MB (--mb 1000: a gigabyte) / DuckDB ${duckdb.version} read_csv, one thread each; target ≥ 0.5 and below 300 MB`,
  },
  stream: {
    run: () => stream(Number(values.events ?? 20_000)),
    about:
      'write units an event, from ingest to the aggregates, target ≤ 2.4 in random arrival and ≤ 1.2 account by account; events / single writes a second, target ≥ 0.5; --events (20000)',
  },
  freshness: { run: () => freshness(), about: 'milliseconds from a recorded transaction to a metric that has it, in the twin' },
  'bundle-size': { run: bundleSize, about: 'KB that a function loads when it starts / 500 KB; target ≤ 1' },
  'cold-start': {
    run: () => coldStart(),
    about: `milliseconds to load a function / a bundle of the DynamoDB client ${dependencies['@aws-sdk/client-dynamodb']} alone`,
  },
}

const unknown = positionals.filter((name) => !Object.hasOwn(BENCHMARKS, name))
if (unknown.length > 0)
  throw new Error(`no benchmark is named ${unknown.join(', ')}; there are ${Object.keys(BENCHMARKS).join(', ')}`)

const machine = {
  date: new Date().toISOString(),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 1e9),
  load: Number(loadavg()[0]?.toFixed(1)),
}
const { date, node, platform, cpu, cores, memoryGb, load } = machine
console.log(`${date}, Node ${node} on ${platform}, ${cores} cores of ${cpu}, ${memoryGb} GB, load ${load}`)

const results: Record<string, object[]> = {}
for (const [name, { run, about }] of Object.entries(BENCHMARKS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  console.log(`\n${name}: ${about}`)
  results[name] = await run()
}
if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, results }, null, 2)}\n`)
