import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Context as LambdaContext, SQSEvent } from 'aws-lambda'
import type { DomainEvent } from '../../events/index.ts'
import type { TransactionData } from '../../events/metrics.ts'
import { blobStandIn } from '../../infra/local/blobs.ts'
import { createTables } from '../../infra/local/dynamodb.ts'
import { serveOutside } from '../../infra/local/outside.ts'
import { agreementStore } from '../../lib/agreements/store.ts'
import type { Actor, Context } from '../../lib/core/context.ts'
import { feedStore } from '../../lib/feed/store.ts'
import { eventIn, eventsOf } from '../../lib/runtime/journal.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { repeatUnmatched } from '../../lib/settlements/repeat.ts'
import type { Settlement } from '../../lib/settlements/settlement.ts'
import { openEngine } from './engine.ts'

const BUCKET = 'settlements'
export const fin: Actor = { subject: 'fin', role: 'finance', scopes: [] }

let ids = 0
export const at = (now: string): Context => ({ now, newId: (prefix) => `${prefix}_${randomUUID().slice(0, 8)}${++ids}` })

const queueOf = (bodies: unknown[]) =>
  ({
    Records: bodies.map((body) => ({
      messageId: randomUUID(),
      body: JSON.stringify(body),
      attributes: { ApproximateReceiveCount: '1' },
      eventSourceARN: 'arn:aws:sqs:local:000000000000:settlements',
    })),
  }) as SQSEvent

/** What moved how much when, whatever rows it took: the ledgers as they are in the end. */
export const ledgersOf = (transactions: TransactionData[]): Record<string, number> => {
  const sums = new Map<string, number>()
  for (const { ledger, kind, amount, on, accountId, agreementId = '' } of transactions) {
    const returned = kind === 'credit' || kind === 'refund' ? 'contract' : kind
    const line = [accountId, agreementId, ledger, returned, amount.currency, on].join(' ')
    sums.set(line, (sums.get(line) ?? 0) + amount.amount)
  }
  return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** The functions of settlements over the real engine and a bucket on loopback. `lambdaMs` is how long a call of the reader may take. */
export const openSettlementStage = async () => {
  const engine = await openEngine()
  const notices: unknown[] = []
  const s3 = await serveOutside([
    blobStandIn(join(engine.folder, 'blobs'), BUCKET, async (object) => void notices.push({ Records: [{ s3: { object } }] })),
  ])
  const rule = { repeatEveryDays: 1, repeatForDays: 60 }
  process.env['SETTLEMENT_RULE'] = JSON.stringify(rule)
  Object.assign(process.env, { AWS_ENDPOINT_URL_S3: s3.url, RECORDS_TABLE: 'records', SETTLEMENTS_BUCKET: BUCKET })
  await createTables()
  const table = openTable('records')
  const { handler } = await import('../../functions/consumers/read-settlement.ts')
  const { openBlobs } = await import('../../lib/runtime/blobs.ts')
  const { openSettlements } = await import('../../functions/bind/settlements.ts')
  const commands = await import('../../lib/settlements/commands.ts')
  const dependencies = { store: openSettlements(table).store, ...openBlobs(BUCKET) }

  const deliver = (bodies: unknown[], lambdaMs: () => number = () => 900_000) =>
    handler(queueOf(bodies), { functionName: 'read-settlement', getRemainingTimeInMillis: lambdaMs } as LambdaContext)

  const get = (id: string): Promise<Settlement> => commands.getSettlement(dependencies)(fin, id)

  const told = async (id: string): Promise<DomainEvent[]> => {
    const events: DomainEvent[] = []
    for await (const item of table.query(eventsOf(`SETTLEMENT#${id}`))) events.push(eventIn(item))
    return events
  }

  /** Asks for an import and uploads the file; nothing is read yet. */
  const upload = async (csv: string | Uint8Array<ArrayBuffer>, statedAt = '2027-02-01T00:00:00Z', askedAt = statedAt) => {
    const asked = await commands.askForSettlement(dependencies)(fin, { fileName: 'feed.csv', statedAt }, at(askedAt))
    await fetch(asked.upload.url, { method: 'PUT', body: csv })
    return { id: asked.id, notice: notices.pop() }
  }

  /** Delivers what the reader told itself, as the bus would, until nothing is left to be read. */
  const goOn = async (id: string, lambdaMs?: () => number) => {
    let delivered = 0
    for (;;) {
      const next = (await told(id)).filter(({ type }) => type === 'settlement.continued.v1')
      if (next.length === delivered) return get(id)
      for (const event of next.slice(delivered)) await deliver([{ detail: event }], lambdaMs)
      delivered = next.length
    }
  }

  /** What the nightly run does at a time; what could not be repeated is returned. */
  const night = async (now: string): Promise<string[]> => {
    const failed: string[] = []
    const run = { context: () => at(now), isOver: () => false, onError: async (_: unknown, id: string) => void failed.push(id) }
    await repeatUnmatched(dependencies)(run)
    return failed
  }

  /** Imports a file from its upload to its end. */
  const imported = async (csv: string | Uint8Array<ArrayBuffer>, statedAt?: string, askedAt?: string) => {
    const { id, notice } = await upload(csv, statedAt, askedAt)
    await deliver([notice])
    return goOn(id)
  }

  const transactions = async (): Promise<TransactionData[]> => {
    const found: TransactionData[] = []
    for await (const event of feedStore(table).all()) if (event.type === 'transaction.recorded.v1') found.push(event.data)
    return found
  }

  const agreements = agreementStore(table)
  /** An agreement of an account, as the marketplace's reading leaves it. */
  const know = (agreementId: string, accountId = 'acc-1') => {
    const snapshot = { marketplace: 'aws', id: agreementId, status: 'active', schedule: [], invoices: [] } as const
    const rest = { buyerId: '1', productId: 'prod-1', acceptedAt: '2026-11-02T09:00:00Z' }
    const owner = {
      accountId,
      productId: 'prod-1',
      marketplace: 'aws',
      agreementId,
      partnerId: 'ptn-1',
      offerId: 'off_1',
    } as const
    return agreements.synced({ ...snapshot, ...rest, schedule: [], invoices: [] }, { owner }, '2026-11-03T00:00:00Z')
  }

  const stop = async () => {
    await s3.close()
    await engine.stop()
  }
  return {
    table,
    commands,
    dependencies,
    rule,
    night,
    blobs: join(engine.folder, 'blobs'),
    deliver,
    get,
    told,
    upload,
    goOn,
    imported,
    transactions,
    know,
    stop,
  }
}
export type SettlementStage = Awaited<ReturnType<typeof openSettlementStage>>
