import * as z from './schema.ts'

const isTimeZone = (name: string) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) && /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
}

export const TimeZone = z.string().check(z.refine(isTimeZone, 'must be an IANA time zone like Europe/Berlin'))

/** The day (`yyyy-mm-dd`) and the hour (0–23) that clocks in a time zone show at an instant. */
export const localTime = (instant: string, timeZone: string): { on: string; hour: number } => {
  const fields = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', hourCycle: 'h23' } as const
  const parts = new Intl.DateTimeFormat('en', { ...fields, timeZone }).formatToParts(new Date(instant))
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? ''
  return { on: `${part('year')}-${part('month')}-${part('day')}`, hour: Number(part('hour')) }
}
