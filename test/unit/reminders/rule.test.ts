import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { service } from '../../../infra/service.ts'
import { addDays } from '../../../lib/core/period.ts'
import { endingMarks, markAfter, markBefore, ReminderRule } from '../../../lib/reminders/rule.ts'

describe('the rule', () => {
  it('of the service is 90, 60, 30, 10 days before an end and then every 5', () => {
    const rule = ReminderRule.parse(JSON.parse(service.policies.REMINDER_RULE))
    expect(endingMarks(rule.ending)).toEqual([90, 60, 30, 10, 5])
  })

  it.each<[number[], number | undefined, number[]]>([
    [[30], 10, [30, 20, 10]],
    [[30], 7, [30, 23, 16, 9, 2]],
    [[90, 30], undefined, [90, 30]],
    [[5], 5, [5]],
    [[3], 5, [3]],
    [[], 5, []],
  ])('of %j days and then every %s has the marks %j', (days, thenEvery, marks) => {
    expect(endingMarks({ days, ...(thenEvery && { thenEvery }) })).toEqual(marks)
  })

  it.each([{ pending: [0] }, { expiring: [1.5] }, { ending: { days: [5], thenEvery: 0 } }, { more: [] }])(
    'refuses %j',
    (change) => {
      const rule = JSON.parse(service.policies.REMINDER_RULE)
      expect(ReminderRule.safeParse({ ...rule, ...change }).success).toBe(false)
    },
  )
})

describe('the mark before an end on 2026-12-31', () => {
  const MARKS = [90, 60, 30, 10, 5]
  it.each<[string, number | undefined]>([
    ['2026-10-01', undefined],
    ['2026-10-02', 90],
    ['2026-10-31', 90],
    ['2026-11-01', 60],
    ['2026-12-20', 30],
    ['2026-12-21', 10],
    ['2026-12-26', 5],
    ['2026-12-31', 5],
    ['2027-01-01', undefined],
  ])('is on %s %s', (day, mark) => {
    expect(markBefore('2026-12-31', MARKS, '2026-01-01', day)).toBe(mark)
  })

  it('is none that fell before the beginning, or on its day', () => {
    expect(markBefore('2026-12-31', MARKS, '2026-11-20', '2026-11-21')).toBeUndefined()
    expect(markBefore('2026-12-31', MARKS, '2026-12-01', '2026-12-01')).toBeUndefined()
    expect(markBefore('2026-12-31', MARKS, '2026-11-30', '2026-12-01')).toBe(30)
  })
})

it('the mark after a day is the last one reached', () => {
  const marks = [0, 2, 3, 6, 7, 400].map((days) => markAfter('2026-11-02', [3, 7], addDays('2026-11-02', days)))
  expect(marks).toEqual([undefined, undefined, 3, 3, 7, 7])
})

it('as the days go by, marks before an end only become fewer and marks after a day more, whatever the rule', () => {
  const marks = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 6 })
  const days = fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 30 })
  fc.assert(
    fc.property(marks, days, (rule, unsorted) => {
      const passing = unsorted.toSorted((a, b) => a - b).map((n) => addDays('2026-10-01', n))
      const told = <T>(mark: (day: string) => T | undefined) => passing.map(mark).filter((each) => each !== undefined)
      const before = told((day) => markBefore('2026-11-30', rule, '2026-09-01', day))
      const after = told((day) => markAfter('2026-10-01', rule, day))
      expect(before).toEqual(before.toSorted((a, b) => b - a))
      expect(after).toEqual(after.toSorted((a, b) => a - b))
      expect([...before, ...after].every((mark) => rule.includes(mark))).toBe(true)
    }),
  )
})
