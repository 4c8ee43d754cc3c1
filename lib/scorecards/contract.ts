import { PartnerType } from '../../events/partner.ts'
import { Id } from '../../events/vocabulary.ts'
import type { Contract } from '../core/contract.ts'
import { MonthText } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { MEASURES } from './policy.ts'

const Measured = z.object({
  measure: z.enum(MEASURES),
  unit: z.string(),
  value: z.nullable(z.string()),
  reason: z.described(z.optional(z.string()), 'why there is no value'),
  cases: z.described(z.optional(z.int()), 'accounts, offers or respondents behind the value'),
  lower: z.described(z.optional(z.string()), 'of the 95 % interval by Wilson, where the value is a share'),
  upper: z.optional(z.string()),
  median: z.described(z.nullable(z.string()), 'of the partners of the type that have a value, if there are enough'),
  peers: z.int(),
  rateExtrapolated: z.optional(z.boolean()),
})

const Scorecard = z.object({ partnerId: Id, partnerType: PartnerType, measures: z.array(Measured) })

export const contract = {
  getScorecard: {
    method: 'GET',
    path: '/metrics/scorecard',
    scope: 'metrics.read',
    status: 200,
    summary: 'A partner, or the partners of a type, by the measures of that type, beside their median',
    query: z.strictObject({ period: MonthText, partnerId: z.optional(Id), partnerType: z.optional(PartnerType) }),
    result: z.object({
      period: MonthText,
      currency: z.string(),
      policy: z.object({ id: z.string(), version: z.int() }),
      why: z.described(z.nullable(z.string()), 'why the type is judged by these; null: it has no card'),
      cards: z.array(Scorecard),
    }),
  },
} as const satisfies Contract
