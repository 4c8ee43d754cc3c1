import { clock } from '../../lib/runtime/clock.ts'
import type { Shelf } from './marketplaces/stand-in.ts'

/** The twin's clock runs with the real one, ahead by what it was advanced. It never goes back, not even over a restart. */
export type TwinClock = { now: () => Date; advanceTo: (instant: Date) => Promise<void> }

/** Opens the clock and puts it in the place of the system's for all handlers. `startAt` is where a new one begins. */
export const openClock = async (shelf: Shelf, startAt?: string): Promise<TwinClock> => {
  const kept = await shelf.get<{ ahead: number }>('clock', 'clock')
  let ahead = kept?.ahead ?? (startAt ? Date.parse(startAt) - Date.now() : 0)
  const keep = () => shelf.put('clock', 'clock', { ahead })
  if (!kept) await keep()
  clock.now = () => new Date(Date.now() + ahead)
  return {
    now: clock.now,
    advanceTo: async (instant) => {
      ahead = Math.max(ahead, instant.getTime() - Date.now())
      await keep()
    },
  }
}
