import { offerStore } from '../../lib/offers/store.ts'
import { partnerStore } from '../../lib/partners/store.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { contract } from '../../lib/scorecards/contract.ts'
import { scorecardPolicyIn } from '../../lib/scorecards/policy.ts'
import { readScorecards } from '../../lib/scorecards/read.ts'
import { SurveyRule } from '../../lib/surveys/response.ts'
import { surveyStore } from '../../lib/surveys/store.ts'
import { openMetrics } from '../bind/metrics.ts'

const table = openTable(env('RECORDS_TABLE'))
const read = readScorecards({
  metrics: openMetrics(),
  partners: partnerStore(table),
  offers: offerStore(table),
  surveys: { store: surveyStore(table), rule: SurveyRule.parse(JSON.parse(env('SURVEY_RULE'))) },
  policy: scorecardPolicyIn(env('SCORECARD_POLICY')),
})

export const handler = api(contract, {
  getScorecard: ({ actor, query, context }) => read(actor, query, context),
})
