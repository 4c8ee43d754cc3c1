import * as z from 'zod'

/**
 * A fault to inject, `times` times. For requests (`target` is an operation like `aws.catalog.StartChangeSet`, `azure.ingestion.configure`):
 * `error` answers `status` without effect, `reject` SES's refusal of an address that is not verified, `lock` the marketplace's own "entity in use" error, `throttle` a 429,
 * `reset` takes effect but closes the connection unanswered.
 * For acceptances (`aws.acceptances`): `wrong-offer` names another offer of the buyer and product for `seconds`.
 * For messages (`target` is a channel, `aws.events` or `azure.webhook`): `drop`, `duplicate`, `delay` (by `seconds`), `reorder` (after the next).
 */
export const Fault = z.strictObject({
  target: z.string().min(1),
  kind: z.enum(['error', 'reject', 'lock', 'throttle', 'reset', 'drop', 'duplicate', 'delay', 'reorder', 'wrong-offer']),
  times: z.int().min(1).default(1),
  status: z.int().min(400).max(599).default(500),
  seconds: z.number().positive().default(60),
})
export type Fault = z.infer<typeof Fault>

/** The faults that are still to happen, oldest first; `take` uses one up. */
export type Faults = {
  add: (fault: Fault) => void
  take: (target: string) => Fault | undefined
  pending: () => Fault[]
  clear: () => void
}

export const openFaults = (): Faults => {
  let waiting: Fault[] = []
  return {
    add: (fault) => waiting.push({ ...fault }),
    take: (target) => {
      const found = waiting.find((fault) => fault.target === target)
      if (found)
        waiting = waiting.flatMap((fault) =>
          fault !== found ? [fault] : fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : [],
        )
      return found
    },
    pending: () => waiting,
    clear: () => {
      waiting = []
    },
  }
}
