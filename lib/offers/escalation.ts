import type { Context } from '../core/context.ts'
import { escalate } from './approval.ts'
import type { OfferStore } from './store.ts'

export type Run = { context: () => Context; isOver: () => boolean; onError: (error: unknown, offerId: string) => Promise<void> }

/** Escalates every open step that is past its due time, each once; one that fails does not hold up the others. */
export const escalateOverdue =
  ({ store }: { store: OfferStore }) =>
  async ({ context, isOver, onError }: Run): Promise<void> => {
    for await (const id of store.overdue(context().now)) {
      if (isOver()) return
      try {
        const offer = await store.get(id)
        const decided = escalate(offer, context())
        if (decided.events.length) await store.save(decided, offer, context())
      } catch (error) {
        await onError(error, id)
      }
    }
  }
