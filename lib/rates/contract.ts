import type { Contract } from '../core/contract.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import * as z from '../core/schema.ts'
import { Rate, RateQuery } from './rate.ts'

export const contract = {
  publishRate: {
    method: 'POST',
    path: '/rates',
    scope: 'rates.write',
    status: 201,
    summary: 'Publish an exchange rate; the latest of a day holds',
    body: Rate,
    result: Rate,
  },
  listRates: {
    method: 'GET',
    path: '/rates',
    scope: 'rates.read',
    status: 200,
    summary: 'List the published rates of a pair of currencies',
    query: z.extend(RateQuery, PageQuery.shape),
    result: pageOf(Rate),
  },
} as const satisfies Contract
