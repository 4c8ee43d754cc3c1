import { describe, expect, it } from 'vitest'
import { DomainEvent } from '../../../events/index.ts'
import type { Actor, Context, Role } from '../../../lib/core/context.ts'
import { finalOn, NewResponse, Response, respond } from '../../../lib/surveys/response.ts'

const RULE = { minRespondents: 5, openDays: 7 }
const INPUT: NewResponse = { surveyId: 'w1', partnerId: 'p', respondent: 'r-1', score: 4, respondedOn: '2026-10-14' }
const as = (role: Role): Actor => ({ subject: role, role, scopes: [] })
const on = (day: string): Context => ({ now: `${day}T09:00:00.000Z`, newId: (prefix) => `${prefix}_1` })
const standing: Response = { ...INPUT, version: 1 }

const answer = (change: Partial<NewResponse> = {}, before?: Response, day = '2026-10-20', role: Role = 'manager') =>
  respond(before, { ...INPUT, ...change }, RULE, as(role), on(day))
const taken = (decided: ReturnType<typeof answer>) => [decided.receipt.counts, decided.changed?.response.score]

describe('an answer', () => {
  it('is kept and told, on its day', () => {
    const { receipt, changed } = answer()
    expect(receipt).toEqual({ surveyId: 'w1', partnerId: 'p', respondent: 'r-1', respondedOn: '2026-10-14', counts: true })
    expect(Response.parse(changed?.response)).toEqual({ ...INPUT, version: 0 })
    expect(DomainEvent.parse(changed?.event)).toMatchObject({
      time: '2026-10-14T00:00:00Z',
      data: { surveyId: 'w1', partnerId: 'p', respondent: 'r-1', score: 4, on: '2026-10-14' },
    })
  })

  it.each<[string, ReturnType<typeof answer>, [boolean, number | undefined]]>([
    ['again changes nothing', answer({}, standing), [true, undefined]],
    ['of a later day replaces the one before', answer({ score: 1, respondedOn: '2026-10-15' }, standing), [true, 1]],
    ['of the same day that comes later replaces it too', answer({ score: 1 }, standing), [true, 1]],
    ['of an earlier day does not count', answer({ score: 1, respondedOn: '2026-10-13' }, standing), [false, undefined]],
    [
      'anew does not replace one whose month is final',
      answer({ score: 1, respondedOn: '2026-11-09' }, standing, '2026-11-09'),
      [false, undefined],
    ],
    [
      'anew replaces one whose month is not final yet',
      answer({ score: 1, respondedOn: '2026-11-07' }, standing, '2026-11-07'),
      [true, 1],
    ],
    [
      'of a final month may be taken over by the platform',
      answer({ respondedOn: '2026-10-15', score: 1 }, standing, '2026-12-01', 'platform'),
      [true, 1],
    ],
  ])('%s', (_, decided, expected) => {
    expect(taken(decided)).toEqual(expected)
  })

  it.each([
    ['of tomorrow', () => answer({ respondedOn: '2026-10-21' }), /is in the future/],
    [
      'of a month that is final',
      () => answer({}, undefined, '2026-11-08'),
      /the figures of 2026-10 are final since 2026-11-08: the role platform/,
    ],
  ])('%s is refused by its day', (_, attempt, message) => {
    expect(attempt).toThrow(
      expect.objectContaining({ details: [{ target: 'respondedOn', message: expect.stringMatching(message) }] }),
    )
  })

  it('tells no score to whoever sends it again', () => {
    expect(Object.keys(answer({ respondedOn: '2026-10-01' }, standing).receipt)).not.toContain('score')
  })

  it.each([
    ['a score of 6', { score: 6 }],
    ['half a score', { score: 3.5 }],
    ['an address as respondent', { respondent: 'lena@example.com' }],
    ['a field too many', { comment: 'very good' }],
  ])('with %s is refused', (_, change) => {
    expect(NewResponse.safeParse({ ...INPUT, ...change }).success).toBe(false)
  })
})

it('a month is final after its open days', () => {
  expect(finalOn(RULE, '2026-10-14')).toBe('2026-11-08')
  expect(finalOn({ ...RULE, openDays: 0 }, '2028-02-29')).toBe('2028-03-01')
})
