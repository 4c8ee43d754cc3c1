import { conflict } from '../core/errors.ts'
import { MAX_RECEIVES } from '../core/queue.ts'
import * as z from '../core/schema.ts'

export const DeadLetter = z
  .object({
    id: z.string().check(z.describe('the queue and the message, as `redrive` takes it')),
    queue: z.string(),
    messageId: z.string(),
    reason: z.string().check(z.describe('why it could not be handled the last time')),
    refusedAt: z.string(),
    refusals: z.int().check(z.describe('how often it was given up')),
    body: z.string(),
    state: z.enum(['open', 'redriven']).check(z.describe('redriven: it was sent again, and was not given up since')),
    redrivenAt: z.optional(z.string()),
    redrivenBy: z.optional(z.string()),
  })
  .check(z.meta({ id: 'DeadLetter' }))
export type DeadLetter = z.infer<typeof DeadLetter>

/** A letter as it is kept. Without `isMessage` it came through no queue: a job's, a mail's, a webhook's. */
export type KeptLetter = DeadLetter & { isMessage: boolean }

const SEPARATOR = '.'
export const letterId = (queue: string, messageId: string) => `${queue}${SEPARATOR}${messageId}`

/** Names of queues have no dot. */
export const letterKeyOf = (id: string): { queue: string; messageId: string } => {
  const [queue = ''] = id.split(SEPARATOR, 1)
  return { queue, messageId: id.slice(queue.length + SEPARATOR.length) }
}

/** By then a message was tried as often as it is, however long each time took: its handler died each time, and could not say so. */
const GIVEN_UP_AFTER_MS = MAX_RECEIVES * 900_000

/** Whether a letter is to be sent again: once for each time that it was given up. Refused for what no queue brought. */
export const isToSend = ({ id, isMessage, state, redrivenAt }: KeptLetter, now: string): boolean => {
  if (!isMessage)
    throw conflict(
      `${id} came through no queue: what a job passed over it tries again by itself, mails and webhooks are not repeated`,
    )
  return state === 'open' || Date.parse(now) - Date.parse(redrivenAt ?? now) > GIVEN_UP_AFTER_MS
}

export const redriven = (letter: KeptLetter, by: string, now: string): KeptLetter => ({
  ...letter,
  state: 'redriven',
  redrivenAt: now,
  redrivenBy: by,
})
