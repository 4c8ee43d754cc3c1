import { feedStore } from '../../lib/feed/store.ts'
import { closePeriod } from '../../lib/periods/commands.ts'
import { contract } from '../../lib/periods/contract.ts'
import { getAdjustments, getPeriod, listPeriods } from '../../lib/periods/read.ts'
import { periodStore } from '../../lib/periods/store.ts'
import { getClosable } from '../../lib/reconciliation/commands.ts'
import { reconciliationStore } from '../../lib/reconciliation/store.ts'
import { openBlobs, sha256 } from '../../lib/runtime/blobs.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openMetrics } from '../bind/metrics.ts'

const table = openTable(env('RECORDS_TABLE'))
const closable = getClosable({ store: reconciliationStore(table) })
const { store: rows, ...settings } = openMetrics()
const dependencies = {
  store: periodStore(table),
  rows,
  events: feedStore(table).all,
  closable,
  ...openBlobs(env('EXPORTS_BUCKET')),
  sha256,
  ...settings,
}

export const handler = api(
  contract,
  {
    closePeriod: ({ actor, path, body, context }) => closePeriod(dependencies)(actor, path.period, body, context),
    listPeriods: ({ actor, query }) => listPeriods(dependencies)(actor, query),
    getPeriod: ({ actor, path }) => getPeriod(dependencies)(actor, path.period),
    getAdjustments: ({ actor, path, query }) => getAdjustments(dependencies)(actor, path.period, query),
  },
  table,
)
