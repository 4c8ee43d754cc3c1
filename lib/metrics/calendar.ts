// The proleptic Gregorian calendar in whole numbers: metrics ask for it millions of times, and `Date` is several times slower.
// Years are counted from 1 March, so that the leap day is the last; day 0 is 1970-01-01, month 0 January of year 0.
const TO_MARCH = 719_468
const DAYS_IN_400_YEARS = 146_097

const monthOfAnyDay = (day: number): number => {
  const era = Math.floor((day + TO_MARCH) / DAYS_IN_400_YEARS)
  const inEra = day + TO_MARCH - era * DAYS_IN_400_YEARS
  const leaps = Math.floor(inEra / 1460) - Math.floor(inEra / 36_524) + Math.floor(inEra / 146_096)
  const year = Math.floor((inEra - leaps) / 365)
  const inYear = inEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100))
  return (400 * era + year) * 12 + Math.floor((5 * inYear + 2) / 153) + 2
}

const firstDayOfAnyMonth = (month: number): number => {
  const year = Math.floor((month - 2) / 12)
  const inYear = Math.floor((153 * (month - 2 - year * 12) + 2) / 5)
  return 365 * year + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) + inYear - TO_MARCH
}

// Most dates are of this range: 1970 to 2149.
const [FIRST_MONTH, MONTHS] = [1970 * 12, 180 * 12]
const firstDays = Int32Array.from({ length: MONTHS + 1 }, (_, index) => firstDayOfAnyMonth(FIRST_MONTH + index))
const monthsByDay = new Int16Array(firstDays[MONTHS] ?? 0)
for (let index = 0; index < MONTHS; index++) monthsByDay.fill(FIRST_MONTH + index, firstDays[index], firstDays[index + 1])

export const firstDay = (month: number): number => firstDays[month - FIRST_MONTH] ?? firstDayOfAnyMonth(month)

export const lastDay = (month: number): number => firstDay(month + 1) - 1

/** The month of a day. */
export const monthOf = (day: number): number => monthsByDay[day] ?? monthOfAnyDay(day)

const digit = (text: string, index: number) => text.charCodeAt(index) - 48
const twoDigits = (text: string, index: number) => digit(text, index) * 10 + digit(text, index + 1)

/** The day of a date that exists, like 2026-10-31. */
export const dayOf = (date: string): number =>
  firstDay((twoDigits(date, 0) * 100 + twoDigits(date, 2)) * 12 + twoDigits(date, 5) - 1) + twoDigits(date, 8) - 1

/** n with from + n months = to (the day of the month clamped to the month's end), n ≥ 1; undefined if `to` is off that grid. */
export const monthsBetween = (from: number, to: number): number | undefined => {
  const [first, last] = [monthOf(from), monthOf(to)]
  const sameDay = Math.min(firstDay(last) + from - firstDay(first), lastDay(last))
  return last > first && sameDay === to ? last - first : undefined
}
