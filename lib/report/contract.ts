import type { Contract } from '../core/contract.ts'
import { MonthText } from '../core/period.ts'
import * as z from '../core/schema.ts'

export const contract = {
  getReport: {
    method: 'GET',
    path: '/metrics/report',
    scope: 'metrics.read',
    status: 200,
    summary: 'The metrics of a month as a page for people: charts, sentences, and all numbers in tables',
    query: z.strictObject({ period: MonthText }),
    mediaType: 'text/html; charset=utf-8',
  },
} as const satisfies Contract
