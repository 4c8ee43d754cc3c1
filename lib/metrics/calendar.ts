import * as period from '../core/period.ts'

// Metrics ask for days and months millions of times, and `Date` is slow: of most dates, 1970 to 2149, a table tells them.
// Day 0 is 1970-01-01, month 0 January of year 0.
const [FIRST_MONTH, MONTHS] = [1970 * 12, 180 * 12]
const firstDays = Int32Array.from({ length: MONTHS + 1 }, (_, index) => period.firstDay(FIRST_MONTH + index))
const monthsByDay = new Int16Array(firstDays[MONTHS] ?? 0)
for (let index = 0; index < MONTHS; index++) monthsByDay.fill(FIRST_MONTH + index, firstDays[index], firstDays[index + 1])

export const firstDay = (month: number): number => firstDays[month - FIRST_MONTH] ?? period.firstDay(month)

export const lastDay = (month: number): number => firstDay(month + 1) - 1

/** The month of a day. */
export const monthOf = (day: number): number => monthsByDay[day] ?? period.monthIndex(period.dateText(day))

const digit = (text: string, index: number) => text.charCodeAt(index) - 48
const twoDigits = (text: string, index: number) => digit(text, index) * 10 + digit(text, index + 1)

/** The day of a date that exists, like 2026-10-31, or of an instant. */
export const dayOf = (date: string): number =>
  firstDay((twoDigits(date, 0) * 100 + twoDigits(date, 2)) * 12 + twoDigits(date, 5) - 1) + twoDigits(date, 8) - 1

/** n with from + n months = to (the day of the month clamped to the month's end), for from < to; undefined if `to` is off that grid. */
export const monthsBetween = (from: number, to: number): number | undefined => {
  const [first, last] = [monthOf(from), monthOf(to)]
  const sameDay = Math.min(firstDay(last) + from - firstDay(first), lastDay(last))
  return sameDay === to ? last - first : undefined
}
