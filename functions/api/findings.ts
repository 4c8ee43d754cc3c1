import { rateTables } from '../../lib/metrics/rates.ts'
import { metricsStore } from '../../lib/metrics/store.ts'
import { contract } from '../../lib/quality/contract.ts'
import { listFindings } from '../../lib/quality/read.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'

const currency = env('REPORTING_CURRENCY')
const store = metricsStore(openTable(env('METRICS_TABLE')), currency)
const dependencies = { ...store, ratesAt: rateTables(store.ratesAt, currency) }

export const handler = api(contract, {
  listFindings: ({ actor, query, context }) => listFindings(dependencies)(actor, query, context),
})
