// Dates and months without their schemas.

const DAY_MS = 86_400_000

/** Days since 1970-01-01. */
export const dayNumber = (date: string) => Date.parse(`${date}T00:00:00Z`) / DAY_MS
export const dateText = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10)

/** Months since year 0: year × 12 + month − 1. */
export const monthIndex = (text: string) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1
// The same months are written again and again.
const monthTexts = new Map<number, string>()
const newMonthText = (month: number): string => {
  const text = `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`
  monthTexts.set(month, text)
  return text
}
export const monthText = (month: number): string => monthTexts.get(month) ?? newMonthText(month)

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
