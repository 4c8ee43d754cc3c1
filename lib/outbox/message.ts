import { emit } from '../../events/envelope.ts'
import { About, Channel, type MessageEvent, Recipient } from '../../events/message.ts'
import { Id } from '../../events/vocabulary.ts'
import type { Context } from '../core/context.ts'
import { DateText, Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'

export const MessageState = z.enum(['queued', 'sent', 'failed', 'cancelled'])
export type MessageState = z.infer<typeof MessageState>

/** What everybody may see of a message that it is for. It names its receiver and holds no address. */
const seen = {
  id: z.string(),
  state: MessageState,
  kind: z.string(),
  channel: Channel,
  to: Recipient,
  /** Whom it is for, of the partners. */
  partnerId: z.optional(Id),
  about: About,
  /** The day that it speaks of. */
  on: DateText,
  title: z.string(),
  text: z.string(),
  queuedAt: Instant,
  tries: z.int(),
  sentAt: z.optional(Instant),
  reason: z.optional(z.string()),
}
export const MessageView = z.named(z.object(seen), 'Message')
export type MessageView = z.infer<typeof MessageView>

/** A message that waits to go out, or went. */
export const Message = z.object({
  ...seen,
  version: z.int(),
  /** For programs: the body of a webhook call. */
  data: z.record(z.string(), z.unknown()),
  /** A try has begun and nobody knows how it ended. */
  open: z.boolean(),
  startedAt: z.optional(Instant),
  /** How many tries may have sent it without telling, before the one that is open. */
  doubts: z.int(),
  /** Not to be tried before. */
  notBefore: z.optional(Instant),
  /** The mail's id at the provider. */
  providerId: z.optional(z.string()),
})
export type Message = z.infer<typeof Message>

/** A message to be; equal keys are the same message. */
export type Draft = Pick<Message, 'kind' | 'channel' | 'to' | 'about' | 'on' | 'title' | 'text' | 'data'> & {
  key: string
  partnerId?: string
}

export type Decided = { message: Message; event?: MessageEvent }

/** What every event of a message tells. */
export const facts = ({ id, kind, channel, to, partnerId, about, on }: Message) => ({
  messageId: id,
  kind,
  channel,
  to,
  ...(partnerId && { partnerId }),
  about,
  on,
})

export const queued = ({ key, ...draft }: Draft, hash: (text: string) => string, context: Context): Decided => {
  const id = `msg_${hash(key)}`
  const message: Message = {
    ...draft,
    id,
    version: 0,
    state: 'queued',
    queuedAt: context.now,
    tries: 0,
    open: false,
    doubts: 0,
  }
  return { message, event: emit(context, 'message.queued.v1', id, facts(message), { id: `evt_${id}_queued` }) }
}

export const viewOf = (message: Message): MessageView => MessageView.parse(message)
