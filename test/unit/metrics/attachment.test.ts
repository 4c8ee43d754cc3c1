import { describe, expect, it, test } from 'vitest'
import { attachedOn, creditOn, spansOf } from '../../../lib/metrics/attachment.ts'
import type { Attachment } from '../../../lib/metrics/fact.ts'

const attach = (partnerId: string, day: number, role: Attachment['role'] = 'sourced'): Attachment => ({
  type: 'attached',
  id: '',
  recordedAt: '2020-01-01T00:00:00',
  partnerId,
  role,
  day,
})
const detach = (partnerId: string, day: number, role: Attachment['role'] = 'sourced'): Attachment => ({
  type: 'detached',
  id: '',
  recordedAt: '2020-01-01T00:00:00',
  partnerId,
  role,
  day,
})

describe('an attachment', () => {
  test.each([
    ['holds from its day on', [attach('p', 10)], [9, 10, 99], [10, 99]],
    ['ends on the day of its detach', [attach('p', 10), detach('p', 20)], [19, 20, 21], [19]],
    ['is not ended by a detach on its own day', [attach('p', 10), detach('p', 10)], [10, 11], [10, 11]],
    ['is not ended by an earlier detach', [detach('p', 5), attach('p', 10)], [5, 10], [10]],
    ['ends at the first detach after it', [attach('p', 10), detach('p', 30), detach('p', 20)], [19, 20, 30], [19]],
    ['starts again', [attach('p', 10), detach('p', 20), attach('p', 30)], [15, 25, 30], [15, 30]],
    ['is not ended by a detach in another role', [attach('p', 10), detach('p', 20, 'influenced')], [20], [20]],
    ['is not ended by a detach of another partner', [attach('p', 10), detach('q', 20)], [20], [20]],
    [
      'goes on after a detach if attached on that very day',
      [attach('p', 10), attach('p', 20), detach('p', 20)],
      [19, 20],
      [19, 20],
    ],
  ])('%s', (_, facts, days, held) => {
    for (const changes of [facts, facts.toReversed()])
      expect(days.filter((day) => attachedOn(spansOf(changes), day).includes('p'))).toEqual(held)
  })
  it('counts a partner with several roles once', () => {
    expect(attachedOn(spansOf([attach('p', 1), attach('p', 1, 'managed')]), 5)).toEqual(['p'])
  })
})

describe('the sourcing partner', () => {
  test.each([
    ['is the first attached as sourced', [attach('b', 1), attach('a', 2)], 'b', ['a']],
    ['is the smaller id of two attached on one day', [attach('b', 1), attach('a', 1)], 'a', ['b']],
    ['compares ids by code unit', [attach('a', 1), attach('B', 1)], 'B', ['a']],
    [
      'is none where partners only influence',
      [attach('b', 1, 'influenced'), attach('a', 1, 'influenced')],
      undefined,
      ['a', 'b'],
    ],
    ['does not also influence', [attach('a', 1), attach('a', 1, 'influenced'), attach('b', 1, 'influenced')], 'a', ['b']],
    ['has one that influences too for one other', [attach('a', 1), attach('b', 2), attach('b', 1, 'influenced')], 'a', ['b']],
    ['is not one that only manages', [attach('a', 1, 'managed')], undefined, []],
    [
      'is the other once the first was detached and came back',
      [attach('a', 1), attach('b', 2), detach('a', 3), attach('a', 4)],
      'b',
      ['a'],
    ],
    ['stays the first if attached again while in force', [attach('a', 1), attach('b', 2), attach('a', 4)], 'a', ['b']],
  ])('%s', (_, facts, sourcing, influencing) => {
    expect(creditOn(spansOf(facts), 5)).toEqual({ sourcing, influencing })
    expect(creditOn(spansOf(facts.toReversed()), 5)).toEqual({ sourcing, influencing })
  })
})
