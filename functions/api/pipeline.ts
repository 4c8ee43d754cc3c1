import { metricsStore } from '../../lib/metrics/store.ts'
import { offerStore } from '../../lib/offers/store.ts'
import { partnerStore } from '../../lib/partners/store.ts'
import { contract } from '../../lib/pipeline/contract.ts'
import { readPipeline } from '../../lib/pipeline/read.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'

const currency = env('REPORTING_CURRENCY')
const table = openTable(env('RECORDS_TABLE'))
const store = metricsStore(openTable(env('METRICS_TABLE')), currency)
const read = readPipeline({ offers: offerStore(table), partners: partnerStore(table), metrics: { store, currency } })

export const handler = api(contract, {
  getPipeline: ({ actor, query, context }) => read(actor, query, context),
})
