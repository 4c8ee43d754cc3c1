import * as z from 'zod'
import type { Context } from '../lib/core/context.ts'
import { Instant } from '../lib/core/period.ts'

/** A CloudEvents 1.0 event: `time` is when it happened, `recordedat` when Cosell knew. */
export const define = <Type extends string, Data extends z.ZodType>(type: Type, data: Data) =>
  z.object({
    specversion: z.literal('1.0'),
    id: z.string().min(1).max(500),
    source: z.string().min(1),
    type: z.literal(type),
    subject: z.string().min(1),
    time: Instant,
    recordedat: Instant,
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
  data: Data
}

/** Makes an event of now; `happened` says when it took place if that was before, `id` makes its repeat recognisable. */
export const emit = <Type extends string, Data>(
  { now, newId }: Context,
  type: Type,
  subject: string,
  data: Data,
  { happened = now, id = newId('evt') }: { happened?: string; id?: string } = {},
): Event<Type, Data> => ({ specversion: '1.0', id, source: '/cosell', type, subject, time: happened, recordedat: now, data })
