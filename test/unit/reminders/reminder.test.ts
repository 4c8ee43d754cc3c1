import { describe, expect, it } from 'vitest'
import { keyOf, type Local, morningOf, reminderOf, type Subject } from '../../../lib/reminders/reminder.ts'
import { missingTerms } from '../../../lib/terms/missing.ts'
import { evidence, RULE, released, running } from './setting.ts'

const on = (day: string): Local => ({ day, dayOf: (instant) => instant.slice(0, 10) })
const due = (subject: Subject, day: string) => {
  const { kind, mark, days } = reminderOf(subject, RULE, on(day)) ?? {}
  return kind && `${kind} ${mark}: ${days}`
}

describe('a receiver', () => {
  it.each([
    ['2026-11-05T12:59:59Z', 'America/New_York', undefined],
    ['2026-11-05T13:00:00Z', 'America/New_York', '2026-11-05'],
    ['2026-11-06T04:59:59Z', 'America/New_York', '2026-11-05'],
    ['2026-11-06T05:00:00Z', 'America/New_York', undefined],
    ['2026-03-29T05:59:00Z', 'Europe/Berlin', undefined],
    ['2026-03-29T06:00:00Z', 'Europe/Berlin', '2026-03-29'],
    ['2026-10-25T06:30:00Z', 'Europe/Berlin', undefined],
    ['2026-10-25T07:00:00Z', 'Europe/Berlin', '2026-10-25'],
  ])('at %s in %s has the day %s', (now, zone, day) => {
    expect(morningOf(now, zone)?.day).toBe(day)
  })
})

describe('a released offer', () => {
  // Released on 2026-11-02, to be accepted until 2026-12-15.
  it.each([
    ['2026-11-02', undefined],
    ['2026-11-04', undefined],
    ['2026-11-05', 'acceptance-pending 3: 3'],
    ['2026-11-08', 'acceptance-pending 3: 6'],
    ['2026-11-09', 'acceptance-pending 7: 7'],
    ['2026-11-30', 'acceptance-pending 14: 28'],
    ['2026-12-01', 'offer-expiring 14: 14'],
    ['2026-12-02', 'offer-expiring 14: 13'],
    ['2026-12-08', 'offer-expiring 7: 7'],
    ['2026-12-14', 'offer-expiring 1: 1'],
    ['2026-12-15', 'offer-expiring 1: 0'],
    ['2026-12-16', undefined],
  ])('is spoken of on %s as %s', (day, told) => {
    expect(due({ offer: released() }, day)).toBe(told)
  })

  it('with a short time is not called expiring on the day of its release', () => {
    expect(due({ offer: released({ expiresOn: '2026-11-07' }) }, '2026-11-03')).toBeUndefined()
    expect(due({ offer: released({ expiresOn: '2026-11-07' }) }, '2026-11-04')).toBe('offer-expiring 3: 3')
  })

  it.each(['draft', 'approved', 'submitting', 'withdrawing', 'withdrawn', 'accepted', 'expired'] as const)(
    'is spoken of no more when it is %s',
    (status) => {
      expect(due({ offer: released({ status }) }, '2026-12-14')).toBeUndefined()
    },
  )

  it('that is extended begins another series', () => {
    const keyAt = (expiresOn: string, day: string) => {
      const reminder = reminderOf({ offer: released({ expiresOn }) }, RULE, on(day))
      return reminder && keyOf(reminder)
    }
    expect(keyAt('2026-12-15', '2026-12-08')).not.toBe(keyAt('2026-12-22', '2026-12-15'))
    expect(keyAt('2026-12-15', '2026-12-08')).toBe(keyAt('2026-12-15', '2026-12-09'))
  })
})

describe('an agreement with the last day 2026-12-31', () => {
  it.each([
    ['2026-10-01', undefined],
    ['2026-10-02', 'agreement-ending 90: 90'],
    ['2026-12-26', 'agreement-ending 5: 5'],
    ['2026-12-30', 'agreement-ending 5: 1'],
    ['2027-01-01', undefined],
  ])('that ends is spoken of on %s as %s', (day, told) => {
    expect(due({ agreement: running() }, day)).toBe(told)
  })
  it.each([
    ['2026-11-30', undefined],
    ['2026-12-01', 'agreement-renewing 30: 30'],
    ['2026-12-21', 'agreement-renewing 10: 10'],
  ])('that renews itself is spoken of on %s as %s', (day, told) => {
    expect(due({ agreement: running({ renewsItself: true }) }, day)).toBe(told)
  })
  it('of one month is not called ending when it begins', () => {
    expect(due({ agreement: running({ from: '2026-12-01' }) }, '2026-12-02')).toBeUndefined()
    expect(due({ agreement: running({ from: '2026-12-01' }) }, '2026-12-21')).toBe('agreement-ending 10: 10')
  })
})

describe('the terms of a plan', () => {
  const [plan] = missingTerms([evidence()])
  it.each([
    ['2026-11-02', undefined],
    ['2026-11-03', 'terms-missing 1: 1'],
    ['2026-11-09', 'terms-missing 7: 7'],
    ['2027-03-01', 'terms-missing 30: 119'],
  ])('are spoken of on %s as %s while they are missing', (day, told) => {
    expect(plan && due({ plan }, day)).toBe(told)
  })

  it('are missing since the first check that found it, until they are accepted', () => {
    const [first, again] = [evidence(), evidence({ at: '2026-11-04T09:00:00.000Z' })]
    const other = evidence({ planId: 'basic', at: '2026-11-05T09:00:00.000Z' })
    const accepted = evidence({ kind: 'acceptance', accepted: true, at: '2026-11-06T09:00:00.000Z' })
    const found = (...all: (typeof first)[]) => missingTerms(all).map(({ planId, since }) => [planId, since])
    expect(found(first, again, other)).toEqual([
      ['pro', first.at],
      ['basic', other.at],
    ])
    expect(found(first, again, other, accepted)).toEqual([['basic', other.at]])
    expect(found(first, accepted, evidence({ at: '2026-11-08T09:00:00.000Z' }))).toEqual([['pro', '2026-11-08T09:00:00.000Z']])
  })
})
