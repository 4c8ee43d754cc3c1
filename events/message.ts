import { DateText } from '../lib/core/period.ts'
import * as z from '../lib/core/schema.ts'
import { define } from './envelope.ts'
import { Id } from './vocabulary.ts'

export const Channel = z.enum(['email', 'webhook'])
export const Recipient = z.enum(['partner', 'managers', 'webhook'])
export const About = z.object({ type: z.enum(['offer', 'agreement', 'terms']), id: z.string() })

// Neither addresses nor texts: who receives it is told by id.
const message = {
  messageId: z.string(),
  kind: z.string(),
  channel: Channel,
  to: Recipient,
  partnerId: z.optional(Id),
  about: About,
  on: DateText,
}

export const MessageQueued = define('message.queued.v1', z.object(message))

export const MessageEvent = z.discriminatedUnion('type', [
  MessageQueued,
  define('message.sent.v1', z.object({ ...message, tries: z.int() })),
  define('message.failed.v1', z.object({ ...message, tries: z.int(), reason: z.string() })),
  define('message.cancelled.v1', z.object({ ...message, reason: z.string() })),
])
export type MessageEvent = z.infer<typeof MessageEvent>
