import * as z from '../core/schema.ts'

/** How often, and for how long after its request, an import with unmatched rows is read again by itself; 0 days long: never. */
export const SettlementRule = z.strictObject({
  repeatEveryDays: z.int().check(z.minimum(1), z.maximum(100)),
  repeatForDays: z.int().check(z.minimum(0), z.maximum(1000)),
})
export type SettlementRule = z.infer<typeof SettlementRule>

const DAY_MS = 86_400_000
const later = (instant: string, days: number) => new Date(Date.parse(instant) + days * DAY_MS).toISOString()

/** When an import that is read now is to be read again; undefined: not any more. */
export const nextRepeat = ({ repeatEveryDays, repeatForDays }: SettlementRule, requestedAt: string, now: string) => {
  const next = later(now, repeatEveryDays)
  return next <= later(requestedAt, repeatForDays) ? next : undefined
}
