import { cutContract } from '../../lib/metrics/contract.ts'
import { cutMetrics } from '../../lib/metrics/cut-read.ts'
import { readLifetimeValues } from '../../lib/metrics/lifetime-read.ts'
import { partnerStore } from '../../lib/partners/store.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openMetrics } from '../bind/metrics.ts'

const partners = partnerStore(openTable(env('RECORDS_TABLE')))
const dependencies = { ...openMetrics(), partners }

export const handler = api(cutContract, {
  cutMetrics: ({ actor, query }) => cutMetrics(dependencies)(actor, query),
  getLifetimeValue: ({ actor, query }) => readLifetimeValues(dependencies)(actor, query),
})
