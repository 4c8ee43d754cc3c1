import { Cause, type Context } from '../lib/core/context.ts'
import { Instant } from '../lib/core/period.ts'
import * as z from '../lib/core/schema.ts'

// Made once and not for each type of event: a start makes them all.
const Version = z.literal('1.0')
const EventId = z.text(500)
const Name = z.text()
const Why = z.optional(Cause)

/** A CloudEvents 1.0 event: `time` is when it happened, `recordedat` when Cosell knew, `cause` how it came to that. */
export const define = <Type extends string, Data extends z.ZodMiniType>(type: Type, data: Data) =>
  z.object({
    specversion: Version,
    id: EventId,
    source: Name,
    type: z.literal(type),
    subject: Name,
    time: Instant,
    recordedat: Instant,
    cause: Why,
    data,
  })

export type Event<Type extends string = string, Data = unknown> = {
  specversion: '1.0'
  id: string
  source: string
  type: Type
  subject: string
  time: string
  recordedat: string
  cause?: Cause | undefined
  data: Data
}

/** Makes an event of now; `happened` says when it took place if that was before, `id` makes its repeat recognisable. */
export const emit = <Type extends string, Data>(
  { now, newId, cause }: Context,
  type: Type,
  subject: string,
  data: Data,
  { happened = now, id = newId('evt') }: { happened?: string; id?: string } = {},
): Event<Type, Data> => ({
  specversion: '1.0',
  id,
  source: '/cosell',
  type,
  subject,
  time: happened,
  recordedat: now,
  ...(cause && { cause }),
  data,
})
