import { cutContract } from '../../lib/metrics/contract.ts'
import { cutMetrics } from '../../lib/metrics/cut-read.ts'
import { readLifetimeValues } from '../../lib/metrics/lifetime-read.ts'
import { marginUnits } from '../../lib/metrics/read.ts'
import { metricsStore } from '../../lib/metrics/store.ts'
import { partnerStore } from '../../lib/partners/store.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'

const currency = env('REPORTING_CURRENCY')
const store = metricsStore(openTable(env('METRICS_TABLE')), currency)
const partners = partnerStore(openTable(env('RECORDS_TABLE')))
const dependencies = { store, partners, currency, grossMargin: marginUnits(env('GROSS_MARGIN')) }

export const handler = api(cutContract, {
  cutMetrics: ({ actor, query }) => cutMetrics(dependencies)(actor, query),
  getLifetimeValue: ({ actor, query }) => readLifetimeValues(dependencies)(actor, query),
})
