import * as z from './schema.ts'

export * from './calendar.ts'

const isDate = (text: string) => {
  const instant = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text)
}

export const DateText = z
  .pattern(/^20\d{2}-\d{2}-\d{2}$/, 'a date like 2026-10-31, from 2000 to 2099')
  .check(z.refine(isDate, 'must be a day that exists in the calendar'))
export const MonthText = z.pattern(/^20\d{2}-(0[1-9]|1[0-2])$/, 'a month like 2026-10, from 2000 to 2099')
export const Instant = z.iso.datetime({ error: z.wanting('an instant in UTC like 2026-10-31T12:00:00Z') })
