import { MetricEvent } from '../../events/metrics.ts'
import type { Contract } from '../core/contract.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import * as z from '../core/schema.ts'
import { DeadLetter } from './dead-letter.ts'

export const contract = {
  ingestEvents: {
    method: 'POST',
    path: '/events',
    scope: 'events.write',
    status: 200,
    summary: 'Take over up to 100 domain events as they are; an event that is known already changes nothing',
    body: z.strictObject({ events: z.list(MetricEvent, 100) }),
    result: z.object({
      recorded: z.int(),
      known: z.int(),
      differing: z.described(
        z.optional(z.array(z.string())),
        'ids under which other events of the same account, partner, month of costs or pair of currencies are recorded, which stay: what is recorded under one id may not change',
      ),
    }),
  },
  listDeadLetters: {
    method: 'GET',
    path: '/dead-letters',
    scope: 'events.read',
    status: 200,
    summary: 'List the messages of a queue that could not be handled, with their reasons',
    query: z.extend(PageQuery, { queue: z.text() }),
    result: pageOf(DeadLetter),
  },
  redriveDeadLetter: {
    method: 'POST',
    path: '/dead-letters/{deadLetterId}/redrive',
    scope: 'events.write',
    status: 202,
    summary: 'Send a message that could not be handled to its queue again; if it fails again it is open again',
    result: DeadLetter,
  },
} as const satisfies Contract
