import type { MetricEvent } from '../../events/metrics.ts'
import { mustBe } from '../core/access.ts'
import type { Actor, Context } from '../core/context.ts'
import type { PageQuery } from '../core/page.ts'
import { type DeadLetter, isToSend, type KeptLetter, redriven } from './dead-letter.ts'
import type { FeedStore } from './store.ts'

export type Dependencies = { store: FeedStore }

const told = ({ isMessage: _, ...letter }: KeptLetter): DeadLetter => letter

/** Records events as they came: nothing is invented, and what is known already stays as it is. */
export const ingestEvents =
  ({ store }: Dependencies) =>
  async (actor: Actor, events: MetricEvent[]) => {
    mustBe(actor, 'platform', 'finance')
    const once = [...new Map(events.map((event) => [event.id, event])).values()]
    const recorded = await store.takeOver(once)
    return { recorded, known: events.length - recorded }
  }

export const listDeadLetters =
  ({ store }: Dependencies) =>
  async (actor: Actor, { queue, ...page }: PageQuery & { queue: string }) => {
    mustBe(actor, 'manager', 'finance', 'platform')
    const { items, ...more } = await store.deadLetters(queue, page)
    return { ...more, items: items.map(told) }
  }

/**
 * Sends the message of a dead letter to its queue again, once for each time that it was given up. It is noted after the sending: a crash
 * between them sends it a second time, which handlers take as a repeat, and never not at all.
 */
export const redriveDeadLetter =
  ({ store, resend }: Dependencies & { resend: (letter: DeadLetter) => Promise<void> }) =>
  async (actor: Actor, id: string, context: Context): Promise<DeadLetter> => {
    mustBe(actor, 'platform')
    const letter = await store.deadLetter(id)
    if (!isToSend(letter, context.now)) return told(letter)
    await resend(letter)
    const sent = redriven(letter, actor.subject, context.now)
    await store.noteRedrive(sent)
    return told(sent)
  }
