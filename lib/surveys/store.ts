import type { DomainEvent } from '../../events/index.ts'
import type { Context } from '../core/context.ts'
import { record } from '../runtime/journal.ts'
import { replace, type Table } from '../runtime/table.ts'
import { type NewResponse, type Receipt, Response } from './response.ts'

// access patterns: the answer of a respondent in a wave · the answers of a month (gsi2)
const key = ({ surveyId, partnerId, respondent }: Pick<NewResponse, 'surveyId' | 'partnerId' | 'respondent'>) => ({
  pk: `SURVEY#${surveyId}`,
  sk: `RESPONSE#${partnerId}#${respondent}`,
})
const ofMonth = (period: string) => `RESPONSE#${period}`
const index = ({ surveyId, partnerId, respondent, respondedOn }: Response) => ({
  gsi2pk: ofMonth(respondedOn.slice(0, 7)),
  gsi2sk: `${partnerId}#${surveyId}#${respondent}`,
})

export const surveyStore = (table: Table) => ({
  find: async (input: NewResponse): Promise<Response | undefined> => {
    const item = await table.get(key(input))
    return item && Response.parse(item)
  },

  ofMonth: async (period: string): Promise<Response[]> => {
    const responses: Response[] = []
    const query = {
      IndexName: 'gsi2',
      KeyConditionExpression: 'gsi2pk = :month',
      ExpressionAttributeValues: { ':month': ofMonth(period) },
    }
    for await (const item of table.query(query)) responses.push(Response.parse(item))
    return responses
  },

  /** The answer that counts and its event in one transaction. */
  save: async (response: Response, event: DomainEvent, answer: Receipt, context: Context): Promise<Receipt> => {
    const write = replace({ ...key(response), ...index(response), ...response }, response.version)
    await table.commit([write, record(event)], { context, answer })
    return answer
  },
})
export type SurveyStore = ReturnType<typeof surveyStore>
