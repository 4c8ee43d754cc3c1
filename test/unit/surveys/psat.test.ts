import { describe, expect, it } from 'vitest'
import { type Answer, psatOf } from '../../../lib/surveys/psat.ts'

const typeOf = (partnerId: string) => (partnerId === 'r' ? 'si' : 'reseller')
const answersOf = (partnerId: string, ...scores: number[]): Answer[] =>
  scores.map((score, i) => ({ surveyId: 'wave', partnerId, respondent: `r${i}`, score }))
const psat = (...answers: Answer[][]) => psatOf(answers.flat(), typeOf, 5)

const hidden = (reason: string) => ({ respondents: null, share: null, lower: null, upper: null, reason })

describe('PSAT', () => {
  it('is the share of scores of 4 and 5, with its interval', () => {
    expect(psat(answersOf('p', 5, 4, 3, 4, 1, 5))).toMatchObject({
      programme: {
        respondents: 6,
        share: { numerator: '4', denominator: '6', value: '0.6667' },
        lower: '0.3000',
        upper: '0.9032',
      },
      types: [{ partnerType: 'reseller', share: { value: '0.6667' } }],
      partners: [{ partnerId: 'p', share: { value: '0.6667' } }],
    })
  })

  it('of fewer than five respondents is not told, and says so', () => {
    const few = hidden('too-few-respondents')
    expect(psat(answersOf('p', 5, 5, 5, 5))).toEqual({
      programme: few,
      types: [{ partnerType: 'reseller', ...few }],
      partners: [{ partnerId: 'p', ...few }],
    })
  })

  it('is not told where the figure of all would then tell that of a few others', () => {
    const { programme, types, partners } = psat(answersOf('p', 5, 5, 5, 5, 5), answersOf('q', 4, 4, 4, 4, 4), answersOf('r', 1))
    expect(programme).toMatchObject({ respondents: 11, share: { numerator: '10' } })
    expect(types).toEqual([
      { partnerType: 'reseller', ...hidden('would-tell-others') },
      { partnerType: 'si', ...hidden('too-few-respondents') },
    ])
    expect(partners).toMatchObject([
      { partnerId: 'p', share: { value: '1.0000' } },
      { partnerId: 'q', ...hidden('would-tell-others') },
      { partnerId: 'r', ...hidden('too-few-respondents') },
    ])
  })

  it('counts people as respondents, and their answers in two waves as two answers', () => {
    const second = answersOf('p', 1, 1, 1, 1).map((answer) => ({ ...answer, surveyId: 'next wave' }))
    expect(psat(answersOf('p', 5, 5, 5, 5), second).programme).toEqual(hidden('too-few-respondents'))
    expect(psat(answersOf('p', 5, 5, 5, 5, 5), second).programme).toMatchObject({
      respondents: 5,
      share: { numerator: '5', denominator: '9' },
    })
  })

  it('of no answers has no rows', () => {
    expect(psat()).toEqual({ programme: undefined, types: [], partners: [] })
  })
})
