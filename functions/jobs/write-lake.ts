import { writeLake } from '../../lib/lake/commands.ts'
import { lakeStore } from '../../lib/lake/store.ts'
import { openBlobs, sha256 } from '../../lib/runtime/blobs.ts'
import { deadLetterBox } from '../../lib/runtime/dead-letters.ts'
import { env } from '../../lib/runtime/env.ts'
import { job } from '../../lib/runtime/job.ts'
import { unpack } from '../../lib/runtime/ndjson.ts'
import { parquetOf, textsIn } from '../../lib/runtime/parquet.ts'
import { openTable } from '../../lib/runtime/table.ts'

const table = openTable(env('RECORDS_TABLE'))
const { get, put } = openBlobs(env('EXPORTS_BUCKET'))
const write = writeLake({
  store: lakeStore(table),
  get,
  put,
  unpack,
  parquet: parquetOf,
  idsIn: (file) => textsIn(file, 'event_id'),
  sha256,
})

export const handler = job('write-lake', deadLetterBox(table), ({ isOver }) => write(isOver))
