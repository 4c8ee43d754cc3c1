import type { Context } from '../core/context.ts'
import { type Import, repeat } from './settlement.ts'
import type { SettlementStore } from './store.ts'

type Run = { context: () => Context; isOver: () => boolean; onError: (error: unknown, id: string) => Promise<void> }

/** All of them at once would be a crowd of readers; the others are due in the next run as well. */
const AT_ONCE = 20

// The index may be behind the record.
const isDue = ({ status, repeatAt }: Import, now: string) => status === 'done' && repeatAt !== undefined && repeatAt <= now

type Stored = { store: Pick<SettlementStore, 'due' | 'get' | 'save'> }

const repeatOne = async ({ store }: Stored, id: string, context: Context) => {
  const settlement = await store.get(id)
  if (isDue(settlement, context.now)) await store.save(repeat(settlement, context), context)
}

/** Lets the imports that are due be read again, the longest due first: what was unmatched may be known by now. */
export const repeatUnmatched =
  (stored: Stored) =>
  async ({ context, isOver, onError }: Run): Promise<void> => {
    for (const id of await stored.store.due(context().now, AT_ONCE)) {
      if (isOver()) return
      await repeatOne(stored, id, context()).catch((error: unknown) => onError(error, id))
    }
  }
