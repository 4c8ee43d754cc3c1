import { setTimeout } from 'node:timers/promises'

/** How many milliseconds each of the calls that ask must wait so that they begin evenly, so many a second. */
export const spacing = (perSecond: number) => {
  let free = 0
  return (now: number): number => {
    const begin = Math.max(now, free)
    free = begin + 1000 / perSecond
    return begin - now
  }
}

/** Waits for its turn: of this process, so many a second. */
export const pace = (perSecond: number) => {
  const waitOf = spacing(perSecond)
  return async (): Promise<void> => {
    const milliseconds = waitOf(Date.now())
    if (milliseconds > 0) await setTimeout(milliseconds)
  }
}
