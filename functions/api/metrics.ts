import { contract } from '../../lib/metrics/contract.ts'
import { marginUnits, metricsRoutes } from '../../lib/metrics/read.ts'
import { metricsStore } from '../../lib/metrics/store.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'

const currency = env('REPORTING_CURRENCY')
const store = metricsStore(openTable(env('METRICS_TABLE')), currency)
const routes = metricsRoutes({ store, currency, grossMargin: marginUnits(env('GROSS_MARGIN')) })

export const handler = api(contract, {
  getMetrics: ({ actor, query }) => routes.all(actor, query.period),
  getTtv: ({ actor, query }) => routes.ttv(actor, query.period),
  getCac: ({ actor, query }) => routes.cac(actor, query.period),
  getNrr: ({ actor, query }) => routes.nrr(actor, query),
  getRopi: ({ actor, query }) => routes.ropi(actor, query),
  getRevenue: ({ actor, query }) => routes.revenue(actor, query),
})
