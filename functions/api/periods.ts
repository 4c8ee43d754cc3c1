import { feedStore } from '../../lib/feed/store.ts'
import { marginUnits } from '../../lib/metrics/read.ts'
import { metricsStore } from '../../lib/metrics/store.ts'
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

const table = openTable(env('RECORDS_TABLE'))
const currency = env('REPORTING_CURRENCY')
const closable = getClosable({ store: reconciliationStore(table) })
const dependencies = {
  store: periodStore(table),
  rows: metricsStore(openTable(env('METRICS_TABLE')), currency),
  events: feedStore(table).all,
  closable,
  ...openBlobs(env('EXPORTS_BUCKET')),
  sha256,
  currency,
  grossMargin: marginUnits(env('GROSS_MARGIN')),
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
