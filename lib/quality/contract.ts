import type { Contract } from '../core/contract.ts'
import { pageOf } from '../core/page.ts'
import { MonthText } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { Finding, Kind } from './finding.ts'

export const FindingQuery = z.strictObject({
  period: z.optional(MonthText),
  kind: z.optional(Kind),
  cursor: z.optional(z.string().check(z.maxLength(2000))),
})
export type FindingQuery = z.infer<typeof FindingQuery>

export const contract = {
  listFindings: {
    method: 'GET',
    path: '/metrics/findings',
    scope: 'metrics.read',
    status: 200,
    summary: 'List what is wrong with the data behind metrics, row by row; a page may be empty and another one follow',
    query: FindingQuery,
    result: pageOf(Finding),
  },
} as const satisfies Contract
