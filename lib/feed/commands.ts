import type { MetricEvent } from '../../events/metrics.ts'
import { mustBe } from '../core/access.ts'
import type { Actor } from '../core/context.ts'
import type { FeedStore } from './store.ts'

export type Dependencies = { store: Pick<FeedStore, 'add'> }

/** Records events as they came: nothing is invented, and what is known already stays as it is. */
export const ingestEvents =
  ({ store }: Dependencies) =>
  async (actor: Actor, events: MetricEvent[]) => {
    mustBe(actor, 'platform', 'finance')
    const once = [...new Map(events.map((event) => [event.id, event])).values()]
    const recorded = await store.add(once)
    return { recorded, known: events.length - recorded }
  }
