import { partnerStore } from '../../lib/partners/store.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { takeResponse } from '../../lib/surveys/commands.ts'
import { contract } from '../../lib/surveys/contract.ts'
import { readPsat } from '../../lib/surveys/read.ts'
import { SurveyRule } from '../../lib/surveys/response.ts'
import { surveyStore } from '../../lib/surveys/store.ts'

const table = openTable(env('RECORDS_TABLE'))
const rule = SurveyRule.parse(JSON.parse(env('SURVEY_RULE')))
const dependencies = { store: surveyStore(table), partners: partnerStore(table), rule }

export const handler = api(
  contract,
  {
    takeResponse: ({ actor, body, context }) => takeResponse(dependencies)(actor, body, context),
    getPsat: ({ actor, query, context }) => readPsat(dependencies)(actor, query, context),
  },
  table,
)
