import { MetricEvent } from '../../events/metrics.ts'
import { collectEvents } from '../../lib/lake/commands.ts'
import { lakeStore } from '../../lib/lake/store.ts'
import { queueAtOnce } from '../../lib/runtime/batch.ts'
import { openBlobs, sha256 } from '../../lib/runtime/blobs.ts'
import { deadLetterBox } from '../../lib/runtime/dead-letters.ts'
import { env } from '../../lib/runtime/env.ts'
import { detailOf } from '../../lib/runtime/message.ts'
import { pack } from '../../lib/runtime/ndjson.ts'
import { openTable } from '../../lib/runtime/table.ts'

const table = openTable(env('RECORDS_TABLE'))
const { put } = openBlobs(env('EXPORTS_BUCKET'))
const collect = collectEvents({ store: lakeStore(table), put, pack, sha256 })

export const handler = queueAtOnce((body) => detailOf(MetricEvent, body), collect, deadLetterBox(table))
