import { describe, expect, it } from 'vitest'
import { localTime, TimeZone } from '../../../lib/core/zone.ts'

describe('the local time', () => {
  it.each([
    ['2026-11-05T08:00:00Z', 'UTC', '2026-11-05', 8],
    ['2026-11-05T00:00:00Z', 'UTC', '2026-11-05', 0],
    ['2026-11-05T04:59:59Z', 'America/New_York', '2026-11-04', 23],
    ['2026-11-05T05:00:00Z', 'America/New_York', '2026-11-05', 0],
    ['2026-11-05T18:29:00Z', 'Asia/Kolkata', '2026-11-05', 23],
    ['2026-11-05T18:30:00Z', 'Asia/Kolkata', '2026-11-06', 0],
    ['2026-11-05T10:00:00Z', 'Pacific/Kiritimati', '2026-11-06', 0],
    ['2026-11-05T11:00:00Z', 'Pacific/Pago_Pago', '2026-11-05', 0],
    // Berlin's clocks go forward on 2026-03-29 and back on 2026-10-25.
    ['2026-03-28T07:00:00Z', 'Europe/Berlin', '2026-03-28', 8],
    ['2026-03-29T06:00:00Z', 'Europe/Berlin', '2026-03-29', 8],
    ['2026-10-24T06:00:00Z', 'Europe/Berlin', '2026-10-24', 8],
    ['2026-10-25T06:00:00Z', 'Europe/Berlin', '2026-10-25', 7],
    ['2026-10-25T07:00:00Z', 'Europe/Berlin', '2026-10-25', 8],
  ])('at %s in %s is %s, %i h', (instant, zone, on, hour) => {
    expect(localTime(instant, zone)).toEqual({ on, hour })
  })
})

describe('a time zone', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires'])('may be %s', (name) => {
    expect(TimeZone.parse(name)).toBe(name)
  })
  it.each(['', 'Berlin', 'Mars/Olympus', '+02:00', 'Europe/Berlin '])('may not be "%s"', (name) => {
    const { success, error } = TimeZone.safeParse(name)
    expect(success).toBe(false)
    expect(error?.issues[0]?.message).toContain('like Europe/Berlin')
  })
})
