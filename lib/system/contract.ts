import type { Contract } from '../core/contract.ts'
import * as z from '../core/schema.ts'

export const contract = {
  getHealth: {
    method: 'GET',
    path: '/health',
    status: 200,
    summary: 'Whether the service answers',
    result: z.object({ status: z.literal('ok'), region: z.string() }),
  },
  getOpenApi: {
    method: 'GET',
    path: '/openapi.json',
    status: 200,
    summary: 'This interface as OpenAPI 3.1',
    result: z.record(z.string(), z.unknown()),
  },
} as const satisfies Contract
