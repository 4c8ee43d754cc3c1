import * as z from './schema.ts'

const DAY_MS = 86_400_000

const isDate = (text: string) => {
  const instant = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text)
}

export const DateText = z
  .pattern(/^20\d{2}-\d{2}-\d{2}$/, 'a date like 2026-10-31, from 2000 to 2099')
  .check(z.refine(isDate, 'must be a day that exists in the calendar'))
export const MonthText = z.pattern(/^20\d{2}-(0[1-9]|1[0-2])$/, 'a month like 2026-10, from 2000 to 2099')
export const Instant = z.iso.datetime({ error: z.wanting('an instant in UTC like 2026-10-31T12:00:00Z') })

/** Days since 1970-01-01. */
export const dayNumber = (date: string) => Date.parse(`${date}T00:00:00Z`) / DAY_MS
export const dateText = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10)

/** Months since year 0: year × 12 + month − 1. */
export const monthIndex = (text: string) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1
export const monthText = (month: number) =>
  `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`
export const firstDay = (month: number) => Date.UTC(Math.floor(month / 12), month % 12, 1) / DAY_MS
export const lastDay = (month: number) => firstDay(month + 1) - 1

export const addDays = (date: string, days: number) => dateText(dayNumber(date) + days)

/** The same day of the month, clamped to the month's end: 2027-01-31 + 1 month = 2027-02-28. */
export const addMonths = (date: string, months: number) => {
  const month = monthIndex(date) + months
  return dateText(Math.min(firstDay(month) + Number(date.slice(8, 10)) - 1, lastDay(month)))
}

/** n with from + n months = to, n ≥ 1; undefined when `to` is off the month grid of `from`. */
export const wholeMonths = (from: string, to: string): number | undefined => {
  const months = monthIndex(to) - monthIndex(from)
  return months >= 1 && addMonths(from, months) === to ? months : undefined
}
