import { MetricEvent } from '../../events/metrics.ts'
import type { Contract } from '../core/contract.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import * as z from '../core/schema.ts'
import { DeadLetter } from './dead-letter.ts'

/** An event of any type, as it was recorded; the catalogue has what each type holds. */
const AnyEvent = z.named(
  z.object({
    specversion: z.literal('1.0'),
    id: z.string(),
    source: z.string(),
    type: z.string(),
    subject: z.string(),
    time: z.string(),
    recordedat: z.string(),
    cause: z.optional(z.string()),
    data: z.record(z.string(), z.unknown()),
  }),
  'DomainEvent',
)

const FeedQuery = z.extend(PageQuery, {
  type: z.described(z.optional(z.text(100)), 'a type like offer.accepted.v1, or all that begin with it, like offer'),
  start: z.described(z.optional(z.enum(['now'])), 'begin with what comes from now on; without it with the first event there is'),
})

export const contract = {
  readFeed: {
    method: 'GET',
    path: '/events',
    scope: 'events.read',
    status: 200,
    summary: 'Read all events in their one order, from any cursor on, as often as you like',
    query: FeedQuery,
    result: z.object({
      items: z.array(AnyEvent),
      cursor: z.described(z.string(), 'where to go on, now or at any later time'),
      upToDate: z.described(z.boolean(), 'nothing more is there yet'),
    }),
  },
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
