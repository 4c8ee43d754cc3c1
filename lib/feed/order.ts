import { isCode } from '../core/errors.ts'
import { type Arrival, nextPart } from './sequence.ts'
import type { SequenceStore } from './sequence-store.ts'

export type Dependencies = { sequence: SequenceStore }

/**
 * Puts the new events of a shard behind all others, each once however often it is brought. The order is that of each thing's history,
 * and what was read once never changes.
 */
export const orderEvents =
  ({ sequence }: Dependencies) =>
  async (shard: string, arrivals: Arrival[]): Promise<void> => {
    if (!shard) throw new Error('the batch does not tell its shard: the trigger needs a tumbling window')
    for (;;) {
      const part = nextPart(await sequence.last(), shard, arrivals)
      if (!part) return
      try {
        return await sequence.append(part)
      } catch (error) {
        // Another shard was quicker: behind it, then.
        if (!isCode(error, 'conflict')) throw error
      }
    }
  }
