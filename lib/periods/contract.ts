import type { Contract } from '../core/contract.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import * as z from '../core/schema.ts'
import { Adjustments } from './adjustment.ts'
import { ClosedPeriod, Closing } from './period.ts'

export const contract = {
  closePeriod: {
    method: 'POST',
    path: '/periods/{period}/close',
    scope: 'periods.write',
    status: 200,
    summary:
      'Freeze the metrics of a month that is over, as they are known now; a month is closed once, a repeat answers the same',
    body: Closing,
    result: ClosedPeriod,
  },
  listPeriods: {
    method: 'GET',
    path: '/periods',
    scope: 'periods.read',
    status: 200,
    summary: 'List the closed months, the latest first',
    query: PageQuery,
    result: pageOf(ClosedPeriod),
  },
  getPeriod: {
    method: 'GET',
    path: '/periods/{period}',
    scope: 'periods.read',
    status: 200,
    summary: 'Read a closed month with its metrics as originally reported',
    result: z.extend(ClosedPeriod, { document: z.record(z.string(), z.unknown()) }),
  },
  getAdjustments: {
    method: 'GET',
    path: '/periods/{period}/adjustments',
    scope: 'periods.read',
    status: 200,
    summary:
      'List what has changed since a month was closed, row by row with the events behind it, and each value as reported and as restated',
    query: PageQuery,
    result: Adjustments,
  },
} as const satisfies Contract
