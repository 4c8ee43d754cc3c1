import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { Context as LambdaContext } from 'aws-lambda'
import { MetricEvent } from '../../events/metrics.ts'
import { createTables, startDynamoDb } from '../../infra/local/dynamodb.ts'
import type { Shelf } from '../../infra/local/marketplaces/stand-in.ts'
import { openMapping } from '../../infra/local/streams.ts'
import { functions, service } from '../../infra/service.ts'
import { inParallel } from '../../lib/core/parallel.ts'
import { ingestEvents } from '../../lib/feed/commands.ts'
import { feedStore } from '../../lib/feed/store.ts'
import { canonical } from '../../lib/metrics/document.ts'
import { marginUnits } from '../../lib/metrics/margin.ts'
import { readMetrics } from '../../lib/metrics/read.ts'
import { emptyRow } from '../../lib/metrics/row.ts'
import { metricsStore } from '../../lib/metrics/store.ts'
import { sumContributions } from '../../lib/metrics/sum.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { metricsOf } from '../support/rows-engine.ts'
import { type Capacity, openCapacityProxy } from './capacity-proxy.ts'

/** What one run tells; without units if it was timed. */
export type StreamRun = {
  events: number
  sameAsBatch: boolean
  seconds: Record<'ingest' | 'project' | 'sum', number>
  used: Record<string, Capacity>
  putsPerSecond: number
}

const [INGEST, AT_ONCE, PUTS] = [100, 4, 2_000]
const platform = { subject: 'bench', role: 'platform', scopes: [] } as never
const nowhere = {} as LambdaContext

const noShelf: Shelf = { get: async () => undefined, put: async () => {}, remove: async () => {}, list: async () => [] }

/** The function of the service on its stream, as the twin runs it; works until nothing is left. */
const openConsumer = async (name: keyof typeof functions & string) => {
  const { handler } = (await import(`../../functions/${name}.ts`)) as {
    handler: (event: unknown, context: LambdaContext) => Promise<unknown>
  }
  const trigger = functions[name]?.triggers.find(({ kind }) => kind === 'stream')
  if (trigger?.kind !== 'stream') throw new Error(`${name} has no stream`)
  const failing = async (_: string, event: unknown) => {
    const answer = (await handler(event, nowhere)) as { batchItemFailures: unknown[] }
    if (answer.batchItemFailures.length > 0) throw new Error(`${name} failed`)
    return answer
  }
  const { poll } = await openMapping(name, trigger, failing, noShelf, () => new Date())
  return async () => {
    while ((await poll()) > 0);
  }
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

const piecesOf = <T>(all: T[], size: number) =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))

/** How many single writes of such events the engine takes in a second, into a table with a stream like ours. */
const putsPerSecond = async (events: MetricEvent[], round: number) => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
  const items = events.slice(0, PUTS).map((event) => ({ pk: `BARE#${round}`, sk: event.id, type: event.type, event }))
  const put = async (Item: (typeof items)[number]) => void (await client.send(new PutCommand({ TableName: 'records', Item })))
  return items.length / (await timed(() => inParallel(items, 16, put)))
}

/** What waits in the log goes into the aggregates, as when its shard is closed and a successor begins. */
const closeShard = async () => {
  const dependencies = { store: metricsStore(openTable('metrics'), 'USD'), currency: 'USD' }
  const nothing = { key: 'ACCOUNT#none', row: emptyRow(), version: 0, rates: 0 }
  const later = Date.now() / 1000 + 86_400
  await sumContributions(dependencies)('successor', [{ sequence: '1', at: later, before: nothing, after: nothing }])
}

const isSame = async (events: MetricEvent[]) => {
  const grossMargin = marginUnits(String(process.env['GROSS_MARGIN']))
  const store = metricsStore(openTable('metrics'), 'USD')
  const live = await readMetrics({ store, currency: 'USD', grossMargin })()
  return canonical(live) === canonical(metricsOf(events, { currency: 'USD', grossMargin }))
}

const run = async (events: MetricEvent[], used: Record<string, Capacity>, isTimed: boolean): Promise<StreamRun> => {
  await createTables()
  const rates = isTimed ? [await putsPerSecond(events, 1)] : []
  const [project, sweep, sum] = await Promise.all(
    (['consumers/project-facts', 'consumers/sweep-rows', 'consumers/sum-contributions'] as const).map(openConsumer),
  )
  const send = ingestEvents({ store: feedStore(openTable('records')) })
  const seconds = {
    ingest: await timed(() => inParallel(piecesOf(events, INGEST), AT_ONCE, async (piece) => void (await send(platform, piece)))),
    project: await timed(async () => {
      await project?.()
      await sweep?.()
    }),
    sum: await timed(async () => {
      await sum?.()
      await closeShard()
    }),
  }
  const counted = structuredClone(used)
  if (isTimed) rates.push(await putsPerSecond(events, 2))
  return {
    events: events.length,
    sameAsBatch: await isSame(events),
    seconds,
    used: counted,
    putsPerSecond: rates.reduce((total, each) => total + each, 0) / (rates.length || 1),
  }
}

if (import.meta.main) {
  const [file = '', mode] = process.argv.slice(2)
  const events = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => MetricEvent.parse(JSON.parse(line)))
  const folder = mkdtempSync(join(tmpdir(), 'cosell-bench-'))
  const engine = await startDynamoDb(join(folder, 'bench.db'))
  const proxy = await openCapacityProxy(engine.endpoint)
  Object.assign(process.env, service.settings, {
    RECORDS_TABLE: 'records',
    METRICS_TABLE: 'metrics',
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL_DYNAMODB: mode === 'count' ? proxy.url : engine.endpoint,
  })
  console.log(JSON.stringify(await run(events, proxy.used, mode !== 'count')))
  await proxy.stop()
  await engine.stop()
  rmSync(folder, { recursive: true })
}
