import { marginUnits } from '../../lib/metrics/read.ts'
import { metricsStore } from '../../lib/metrics/store.ts'
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

const table = openTable(env('RECORDS_TABLE'))
const currency = env('REPORTING_CURRENCY')
const store = metricsStore(openTable(env('METRICS_TABLE')), currency)
const read = readScorecards({
  metrics: { store, currency, grossMargin: marginUnits(env('GROSS_MARGIN')) },
  partners: partnerStore(table),
  offers: offerStore(table),
  surveys: { store: surveyStore(table), rule: SurveyRule.parse(JSON.parse(env('SURVEY_RULE'))) },
  policy: scorecardPolicyIn(env('SCORECARD_POLICY')),
})

export const handler = api(contract, {
  getScorecard: ({ actor, query, context }) => read(actor, query, context),
})
