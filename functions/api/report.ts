import { contract } from '../../lib/report/contract.ts'
import { readReport } from '../../lib/report/read.ts'
import { sha256 } from '../../lib/runtime/digest.ts'
import { api } from '../../lib/runtime/http.ts'
import { openMetrics } from '../bind/metrics.ts'

const read = readReport({ ...openMetrics(), sha256 })

export const handler = api(contract, {
  getReport: async ({ actor, query }) => {
    const { html, policy } = await read(actor, query.period)
    return { text: html, headers: { 'content-security-policy': `${policy}; frame-ancestors 'none'` } }
  },
})
