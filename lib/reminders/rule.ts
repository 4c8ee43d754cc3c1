import { addDays, dayNumber } from '../core/period.ts'
import * as z from '../core/schema.ts'

const Days = z.array(z.int().check(z.minimum(1), z.maximum(1000))).check(z.maxLength(50))

/** On which days a reminder is made; an empty list makes none of that kind. */
export const ReminderRule = z.strictObject({
  /** Days after the release of an offer that nobody accepted. */
  pending: Days,
  /** Days before the last day on which an offer can be accepted. */
  expiring: Days,
  /** Days before the last day of an agreement, and below the least of them every so many days. */
  ending: z.strictObject({ days: Days, thenEvery: z.optional(z.int().check(z.minimum(1))) }),
  /** The same where the agreement goes on by itself. */
  renewing: Days,
  /** Days since the legal terms of a plan were first found not to be accepted. */
  terms: Days,
})
export type ReminderRule = z.infer<typeof ReminderRule>

/** All marks before an end: 30 and then every 10 are 30, 20, 10. */
export const endingMarks = ({ days, thenEvery }: ReminderRule['ending']): number[] => {
  if (!thenEvery || days.length === 0) return days
  const least = Math.min(...days)
  const more = Array.from({ length: Math.ceil(least / thenEvery) - 1 }, (_, n) => least - (n + 1) * thenEvery)
  return [...days, ...more]
}

/**
 * The mark that was reached last, in days before `on`, which is the last day. Days that were missed are skipped: only the nearest counts.
 * A mark that fell before or on `since`, when there was nothing to remind of yet, is none.
 */
export const markBefore = (on: string, marks: readonly number[], since: string, day: string): number | undefined => {
  const left = dayNumber(on) - dayNumber(day)
  const reached = marks.filter((mark) => left >= 0 && mark >= left && addDays(on, -mark) > since)
  return reached.length > 0 ? Math.min(...reached) : undefined
}

/** The mark that was reached last, in days after `on`. */
export const markAfter = (on: string, marks: readonly number[], day: string): number | undefined => {
  const reached = marks.filter((mark) => mark <= dayNumber(day) - dayNumber(on))
  return reached.length > 0 ? Math.max(...reached) : undefined
}
