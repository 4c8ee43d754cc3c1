import { marginUnits } from '../../lib/metrics/read.ts'
import { metricsStore } from '../../lib/metrics/store.ts'
import { contract } from '../../lib/report/contract.ts'
import { readReport } from '../../lib/report/read.ts'
import { sha256 } from '../../lib/runtime/digest.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'

const currency = env('REPORTING_CURRENCY')
const store = metricsStore(openTable(env('METRICS_TABLE')), currency)
const read = readReport({ store, currency, grossMargin: marginUnits(env('GROSS_MARGIN')), sha256 })

export const handler = api(contract, {
  getReport: async ({ actor, query }) => {
    const { html, policy } = await read(actor, query.period)
    return { text: html, headers: { 'content-security-policy': `${policy}; frame-ancestors 'none'` } }
  },
})
