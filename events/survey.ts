import { DateText } from '../lib/core/period.ts'
import * as z from '../lib/core/schema.ts'
import { define } from './envelope.ts'
import { Id } from './vocabulary.ts'

export const Score = z.int().check(z.minimum(1), z.maximum(5))

/** Who answered: a name that tells no person. What it stands for is known to the survey tool only. */
export const Respondent = z.pattern(
  /^[A-Za-z0-9_-]{1,64}$/,
  'an opaque id of 1 to 64 letters, digits, _ and -: no name, no address',
)

export const SurveyResponded = define(
  'survey.responded.v1',
  z.object({ surveyId: Id, partnerId: Id, respondent: Respondent, score: Score, on: DateText }),
)
