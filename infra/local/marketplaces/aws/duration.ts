import { addDays, addMonths } from '../../../../lib/core/period.ts'

/** ISO 8601 in whole years, months and days, as both APIs write it; bounded, so that every end is a date. */
export const DURATION = /^P(?=.)(\d{1,3}Y)?(\d{1,3}M)?(\d{1,4}D)?$/

/** The instant that lies a duration later, at the same time of day; the day is clamped to the month's end. */
export const after = (instant: string, duration: string): string => {
  const [, years, months, days] = DURATION.exec(duration) ?? []
  const count = (part: string | undefined) => Number.parseInt(part ?? '0', 10)
  const date = addDays(addMonths(instant.slice(0, 10), count(years) * 12 + count(months)), count(days))
  return `${date}${instant.slice(10)}`
}
