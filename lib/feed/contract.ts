import * as z from 'zod'
import { MetricEvent } from '../../events/metrics.ts'
import type { Contract } from '../core/contract.ts'

export const contract = {
  ingestEvents: {
    method: 'POST',
    path: '/events',
    scope: 'events.write',
    status: 200,
    summary: 'Take over up to 100 domain events as they are; an event that is known already changes nothing',
    body: z.strictObject({ events: z.array(MetricEvent).min(1).max(100) }),
    result: z.object({ recorded: z.int(), known: z.int() }),
  },
} as const satisfies Contract
