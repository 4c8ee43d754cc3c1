import type { Context as LambdaContext, ScheduledEvent, SQSEvent } from 'aws-lambda'
import { ExportRequested } from '../../events/export.ts'
import { askForScheduled, runExport } from '../../lib/exports/commands.ts'
import { exportStore } from '../../lib/exports/store.ts'
import { feedStore } from '../../lib/feed/store.ts'
import { readMetrics } from '../../lib/metrics/read.ts'
import { partnerStore } from '../../lib/partners/store.ts'
import { queue } from '../../lib/runtime/batch.ts'
import { openBlobs, sha256 } from '../../lib/runtime/blobs.ts'
import { newContext } from '../../lib/runtime/context.ts'
import { deadLetterBox } from '../../lib/runtime/dead-letters.ts'
import { env } from '../../lib/runtime/env.ts'
import { detailOf } from '../../lib/runtime/message.ts'
import { parquetOf } from '../../lib/runtime/parquet.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openMetrics } from '../bind/metrics.ts'

const table = openTable(env('RECORDS_TABLE'))
const store = exportStore(table)
const { put, addressOf } = openBlobs(env('EXPORTS_BUCKET'))
const run = runExport({
  store,
  metrics: readMetrics(openMetrics()),
  events: feedStore(table).all,
  partners: partnerStore(table),
  put,
  addressOf,
  parquet: parquetOf,
  sha256,
})

const runRequested = queue(
  (body) => run(detailOf(ExportRequested, body).data.exportId, newContext('event')),
  deadLetterBox(table),
)

/** The schedule only asks: all exports take the same way, each with its record, and repeated alone when it fails. */
export const handler = async (event: SQSEvent | ScheduledEvent, lambda: LambdaContext) =>
  'Records' in event ? runRequested(event, lambda) : askForScheduled({ store })(newContext('schedule'))
