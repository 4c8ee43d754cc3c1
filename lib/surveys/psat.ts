import { type Ratio, ratio } from '../metrics/ratio.ts'
import { disclosed } from './disclosure.ts'
import type { Response } from './response.ts'
import { wilson } from './wilson.ts'

export type Answer = Pick<Response, 'surveyId' | 'partnerId' | 'respondent' | 'score'>

/** The share of answers that are satisfied, with its 95 % interval; a figure that is not told says why, and has nothing else. */
export type Satisfaction =
  | { respondents: number; share: Ratio; lower: string; upper: string }
  | { respondents: null; share: null; lower: null; upper: null; reason: 'too-few-respondents' | 'would-tell-others' }

export type Psat = {
  programme: Satisfaction | undefined
  types: ({ partnerType: string } & Satisfaction)[]
  partners: ({ partnerId: string } & Satisfaction)[]
}

/** Respondents are people: who answers two waves in a month is one of them, with two answers. */
type Cell = { respondents: number; answers: number; satisfied: number }

const SATISFIED = 4

const cellOf = (answers: Answer[]): Cell => ({
  respondents: new Set(answers.map(({ partnerId, respondent }) => `${respondent} ${partnerId}`)).size,
  answers: answers.length,
  satisfied: answers.filter(({ score }) => score >= SATISFIED).length,
})

const satisfaction = ({ respondents, answers, satisfied }: Cell, isTold: boolean, least: number): Satisfaction => {
  if (isTold) return { respondents, share: ratio(satisfied, answers), ...wilson(satisfied, answers) }
  const reason = respondents < least ? 'too-few-respondents' : 'would-tell-others'
  return { respondents: null, share: null, lower: null, upper: null, reason }
}

const cellsBy = (answers: Answer[], nameOf: (answer: Answer) => string): [string, Cell][] =>
  [...Map.groupBy(answers, nameOf)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, own]) => [name, cellOf(own)])

/** PSAT of the programme, each partner type and each partner with answers, as far as `least` respondents stand behind it. */
export const psatOf = (answers: Answer[], typeOf: (partnerId: string) => string, least: number): Psat => {
  const partners = cellsBy(answers, ({ partnerId }) => partnerId)
  const types = cellsBy(answers, ({ partnerId }) => typeOf(partnerId))
  const units = partners.map(([id, { respondents }]) => ({ id, group: typeOf(id), size: respondents }))
  const told = disclosed(units, least)
  return {
    programme: answers.length > 0 ? satisfaction(cellOf(answers), told.all, least) : undefined,
    types: types.map(([partnerType, cell]) => ({ partnerType, ...satisfaction(cell, told.groups.has(partnerType), least) })),
    partners: partners.map(([partnerId, cell]) => ({ partnerId, ...satisfaction(cell, told.units.has(partnerId), least) })),
  }
}
