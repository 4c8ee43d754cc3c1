import fc from 'fast-check'

/** Where the process dies: the nth time that one of its parts is called, before that does anything or after it did. The dead do nothing more. */
export type Crash = { nth: number; when: 'before' | 'after' }

class Died extends Error {}

// These answer at once, or item by item.
const STREAMS = ['plan', 'extension', 'changedSince', 'idsWithStatus', 'syncedBefore']

export const dyingIn = <T extends object>(part: T, crash: Crash | undefined, life: { calls: number }): T => {
  if (!crash) return part
  const wrapped = Object.entries(part).map(([name, each]: [string, unknown]) => {
    if (typeof each !== 'function' || STREAMS.includes(name)) return [name, each]
    return [
      name,
      async (...given: unknown[]) => {
        life.calls += 1
        const isLast = life.calls === crash.nth
        if (life.calls > crash.nth || (isLast && crash.when === 'before')) throw new Died()
        const result: unknown = await each(...given)
        if (isLast) throw new Died()
        return result
      },
    ]
  })
  return Object.fromEntries(wrapped) as T
}

/** A death within so many calls, or none. */
export const anyCrash = (most: number) =>
  fc.option(fc.record({ nth: fc.integer({ min: 1, max: most }), when: fc.constantFrom('before' as const, 'after' as const) }), {
    nil: undefined,
  })
