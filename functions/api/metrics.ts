import { contract } from '../../lib/metrics/contract.ts'
import { readLineage } from '../../lib/metrics/explain.ts'
import { metricsRoutes } from '../../lib/metrics/read.ts'
import { api } from '../../lib/runtime/http.ts'
import { openMetrics } from '../bind/metrics.ts'

const dependencies = openMetrics()
const routes = metricsRoutes(dependencies)
const lineage = readLineage(dependencies)

export const handler = api(contract, {
  getMetrics: ({ actor, query }) => routes.all(actor, query),
  getTtv: ({ actor, query }) => routes.ttv(actor, query),
  getCac: ({ actor, query }) => routes.cac(actor, query),
  getNrr: ({ actor, query }) => routes.nrr(actor, query),
  getRopi: ({ actor, query }) => routes.ropi(actor, query),
  getLineage: ({ actor, path, query }) => lineage(actor, path.name, query),
  getRevenue: ({ actor, query }) => routes.revenue(actor, query),
})
