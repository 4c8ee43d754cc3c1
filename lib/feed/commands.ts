import type { MetricEvent } from '../../events/metrics.ts'
import { mustBe } from '../core/access.ts'
import type { Actor } from '../core/context.ts'
import type { PageQuery } from '../core/page.ts'
import type { FeedStore } from './store.ts'

export type Dependencies = { store: FeedStore }

/** Records events as they came: nothing is invented, and what is known already stays as it is. */
export const ingestEvents =
  ({ store }: Dependencies) =>
  async (actor: Actor, events: MetricEvent[]) => {
    mustBe(actor, 'platform', 'finance')
    const once = [...new Map(events.map((event) => [event.id, event])).values()]
    const recorded = await store.add(once)
    return { recorded, known: events.length - recorded }
  }

export const listDeadLetters =
  ({ store }: Dependencies) =>
  async (actor: Actor, { queue, ...page }: PageQuery & { queue: string }) => {
    mustBe(actor, 'manager', 'finance', 'platform')
    return store.deadLetters(queue, page)
  }
