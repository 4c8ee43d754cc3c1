import { Money } from '../lib/core/money.ts'
import { DateText } from '../lib/core/period.ts'
import * as z from '../lib/core/schema.ts'
import { define } from './envelope.ts'
import { Id } from './vocabulary.ts'

const exception = {
  exceptionId: z.string(),
  kind: z.string(),
  marketplace: z.enum(['aws', 'azure']),
  accountId: Id,
  agreementId: z.optional(Id),
  offerId: z.optional(Id),
  amount: Money,
  since: DateText,
}

export const ExceptionEvent = z.discriminatedUnion('type', [
  define('exception.opened.v1', z.object({ ...exception, reason: z.string(), times: z.int() })),
  define('exception.changed.v1', z.object({ ...exception, reason: z.string() })),
  define('exception.assigned.v1', z.object({ ...exception, owner: z.string(), by: z.string(), reason: z.string() })),
  define('exception.accepted.v1', z.object({ ...exception, by: z.string(), reason: z.string() })),
  define('exception.resolved.v1', z.object(exception)),
])
export type ExceptionEvent = z.infer<typeof ExceptionEvent>
