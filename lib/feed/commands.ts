import type { DomainEvent } from '../../events/index.ts'
import type { MetricEvent } from '../../events/metrics.ts'
import { mustBe } from '../core/access.ts'
import type { Actor, Context } from '../core/context.ts'
import type { PageQuery } from '../core/page.ts'
import { type DeadLetter, isToSend, type KeptLetter, redriven } from './dead-letter.ts'
import type { FeedStore } from './store.ts'

export type Dependencies = { store: FeedStore }

const told = ({ isMessage: _, ...letter }: KeptLetter): DeadLetter => letter

const inOrder = (_: string, value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value

/** What an event says; when somebody knew it may be told otherwise in its repeat. */
const contentOf = ({ type, data }: Pick<DomainEvent, 'type' | 'data'>) => JSON.stringify({ type, data }, inOrder)

/** The ids of events that say something else than the one that is recorded under their id. */
const differing = (events: MetricEvent[], recorded: DomainEvent[]): string[] => {
  const contents = new Map(recorded.map((event) => [event.id, contentOf(event)]))
  return [...new Set(events.filter((event) => contents.get(event.id) !== contentOf(event)).map(({ id }) => id))]
}

/**
 * Records events as they came: nothing is invented, and what is known already stays as it is. `differing`: the ids of events that were
 * not recorded since another one bears their id.
 */
export const ingestEvents =
  ({ store }: Dependencies) =>
  async (actor: Actor, events: MetricEvent[]): Promise<{ recorded: number; known: number; differing?: string[] }> => {
    mustBe(actor, 'platform', 'finance')
    const once = [...new Map(events.toReversed().map((event) => [event.id, event])).values()].toReversed()
    const recorded = await store.takeOver(once)
    const known = events.length - recorded
    const others = known > 0 ? differing(events, await store.recorded(once)) : []
    return { recorded, known, ...(others.length > 0 && { differing: others }) }
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
