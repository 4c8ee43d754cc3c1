import type { Contract } from '../core/contract.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { MonthText } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { Cost, NewCost } from './cost.ts'

export const contract = {
  recordCost: {
    method: 'POST',
    path: '/costs',
    scope: 'costs.write',
    status: 201,
    summary: 'Record a cost with its purpose and channel',
    body: NewCost,
    result: Cost,
  },
  getCost: { method: 'GET', path: '/costs/{costId}', scope: 'costs.read', status: 200, summary: 'Read one cost', result: Cost },
  listCosts: {
    method: 'GET',
    path: '/costs',
    scope: 'costs.read',
    status: 200,
    summary: 'List the costs of a month',
    query: z.extend(PageQuery, { period: MonthText }),
    result: pageOf(Cost),
  },
} as const satisfies Contract
