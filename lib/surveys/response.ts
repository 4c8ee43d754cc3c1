import { emit } from '../../events/envelope.ts'
import type { DomainEvent } from '../../events/index.ts'
import { Respondent, Score } from '../../events/survey.ts'
import { Id, NewId } from '../../events/vocabulary.ts'
import { type Actor, type Context, today } from '../core/context.ts'
import { unprocessable } from '../core/errors.ts'
import { addDays, DateText, dateText, lastDay, monthIndex } from '../core/period.ts'
import * as z from '../core/schema.ts'

/** `surveyId` is the wave: one answer of a respondent counts in each. */
export const NewResponse = z.strictObject({
  surveyId: z.described(NewId, 'of the wave, like psat-2026-q4'),
  partnerId: Id,
  respondent: Respondent,
  score: z.described(Score, '1 very dissatisfied to 5 very satisfied'),
  respondedOn: DateText,
})
export type NewResponse = z.infer<typeof NewResponse>

export const Response = z.object({ ...NewResponse.shape, surveyId: Id, version: z.int() })
export type Response = z.infer<typeof Response>

/** Never tells a score: whoever repeats an answer would learn the one that counts. */
export const Receipt = z.named(
  z.object({
    ...z.omit(NewResponse, { score: true }).shape,
    counts: z.described(z.boolean(), 'false: another answer of this respondent in this wave counts'),
  }),
  'SurveyReceipt',
)
export type Receipt = z.infer<typeof Receipt>

export const SurveyRule = z.strictObject({
  /** Figures of fewer respondents are not told. */
  minRespondents: z.int().check(z.minimum(5), z.maximum(1000)),
  /** Days after a month in which its answers may still come; then its figures are told and stay. */
  openDays: z.int().check(z.minimum(0), z.maximum(90)),
})
export type SurveyRule = z.infer<typeof SurveyRule>

/** The first day on which the figures of a day's month are final. */
export const finalOn = ({ openDays }: SurveyRule, date: string) => addDays(dateText(lastDay(monthIndex(date))), openDays + 1)

const mustBeOpen = ({ respondedOn }: NewResponse, rule: SurveyRule, { role }: Actor, context: Context) => {
  const refuse = (message: string) => {
    throw unprocessable('the answer cannot be taken', [{ target: 'respondedOn', message }])
  }
  if (respondedOn > today(context)) refuse('is in the future: give the day of the answer')
  const final = finalOn(rule, respondedOn)
  if (final <= today(context) && role !== 'platform')
    refuse(`the figures of ${respondedOn.slice(0, 7)} are final since ${final}: the role platform may take over older answers`)
}

type Decided = { receipt: Receipt; changed?: { response: Response; event: DomainEvent } }

/**
 * The latest answer of a respondent in a wave counts, by its day and then by when we knew. An answer whose month is final stays:
 * else the figures before and after would tell it. Throws `unprocessable` for a day to come or of a month that is final.
 */
export const respond = (
  standing: Response | undefined,
  input: NewResponse,
  rule: SurveyRule,
  actor: Actor,
  context: Context,
): Decided => {
  mustBeOpen(input, rule, actor, context)
  const { score, ...told } = input
  const isFinal = standing && finalOn(rule, standing.respondedOn) <= today(context) && actor.role !== 'platform'
  const isSame = standing?.respondedOn === input.respondedOn && standing.score === score
  if (isSame) return { receipt: { ...told, counts: true } }
  if (standing && (isFinal || standing.respondedOn > input.respondedOn)) return { receipt: { ...told, counts: false } }
  const { respondedOn: on, ...data } = input
  const happened = `${on}T00:00:00Z`
  const event = emit(context, 'survey.responded.v1', input.surveyId, { ...data, on }, { happened })
  return { receipt: { ...told, counts: true }, changed: { response: { ...input, version: standing?.version ?? 0 }, event } }
}
