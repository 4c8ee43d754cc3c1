import type { Context } from '../core/context.ts'
import type { Message } from './message.ts'
import type { Outcome } from './sending.ts'

type Post = (call: { id: string; now: string; body: string }) => Promise<number>

const GONE = 410

/** The body, as standardwebhooks.com has it. */
const bodyOf = ({ kind, queuedAt, title, text, data }: Message) =>
  JSON.stringify({ type: `reminder.${kind}`, timestamp: queuedAt, data: { ...data, title, text } })

const reasonOf = (error: unknown) => (error instanceof Error ? error.name : 'no answer')

const outcomeOf = (status: number): Outcome => {
  if (status >= 200 && status < 300) return { sent: '' }
  if (status === GONE) return { refused: 'the webhook answers 410: it wants no more messages' }
  if (status >= 300 && status < 400)
    return { later: `the webhook answers ${status}: redirects are not followed, set the final address` }
  return { later: `the webhook answers ${status}` }
}

/** Calls the vendor's webhook. The id stays the same over all tries, so that the receiver can tell a repeat. */
export const byWebhook =
  (post: Post | undefined) =>
  async (message: Message, { now }: Context): Promise<Outcome> => {
    if (!post) return { refused: 'there is no webhook any more: MESSAGING names none' }
    try {
      return outcomeOf(await post({ id: message.id, now, body: bodyOf(message) }))
    } catch (error) {
      return { unsure: `the webhook gave no answer (${reasonOf(error)})` }
    }
  }
