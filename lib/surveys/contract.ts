import { Id } from '../../events/vocabulary.ts'
import type { Contract } from '../core/contract.ts'
import { DateText, MonthText } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { NewResponse, Receipt } from './response.ts'

const Share = z.object({ numerator: z.string(), denominator: z.string(), value: z.nullable(z.string()) })
const satisfaction = {
  respondents: z.nullable(z.int()),
  share: z.described(z.nullable(Share), 'of the scores, those of 4 and 5'),
  lower: z.described(z.nullable(z.string()), 'of the 95 % interval by Wilson'),
  upper: z.nullable(z.string()),
  reason: z.optional(z.enum(['too-few-respondents', 'would-tell-others'])),
}
const Psat = z.object({
  period: MonthText,
  minRespondents: z.int(),
  finalOn: z.described(DateText, 'nothing is told before this day, and nothing changes after it'),
  isFinal: z.boolean(),
  programme: z.optional(z.object(satisfaction)),
  types: z.array(z.object({ partnerType: z.string(), ...satisfaction })),
  partners: z.array(z.object({ partnerId: Id, ...satisfaction })),
})

export const contract = {
  takeResponse: {
    method: 'POST',
    path: '/surveys/responses',
    scope: 'surveys.write',
    status: 201,
    summary: 'Take the answer of a respondent of a partner in a wave of a survey',
    body: NewResponse,
    result: Receipt,
  },
  getPsat: {
    method: 'GET',
    path: '/metrics/psat',
    scope: 'metrics.read',
    status: 200,
    summary: 'Partner satisfaction of a month: the share of scores 4 and 5, with its interval',
    query: z.strictObject({ period: MonthText, partnerId: z.optional(Id) }),
    result: Psat,
  },
} as const satisfies Contract
