import { Id } from '../../events/vocabulary.ts'
import type { Contract } from '../core/contract.ts'
import { MonthText } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { BY } from './pipeline.ts'

const Ratio = z.object({
  numerator: z.string(),
  denominator: z.string(),
  value: z.nullable(z.string()),
  reason: z.optional(z.string()),
})

const Pipeline = z.object({
  value: z.string(),
  window: z.described(z.int(), 'months up to the period in which offers were decided'),
  open: z.described(z.int(), 'at the end of the period'),
  won: z.int(),
  lost: z.described(z.int(), 'the buyer had it, and it expired or was withdrawn'),
  dropped: z.described(z.int(), 'it never reached the buyer: rejected by us, or withdrawn before'),
  winRate: Ratio,
  averageValue: z.described(Ratio, 'of the offers won, in minor units'),
  averageDays: z.described(Ratio, 'from request to acceptance'),
  medianDays: z.nullable(z.int()),
  velocity: z.described(Ratio, 'minor units a day'),
  rateExtrapolated: z.optional(z.boolean()),
})

export const contract = {
  getPipeline: {
    method: 'GET',
    path: '/metrics/pipeline',
    scope: 'metrics.read',
    status: 200,
    summary: 'Win rate, days to close and velocity of private offers',
    query: z.strictObject({ period: MonthText, by: z._default(z.enum(BY), 'partner'), partnerId: z.optional(Id) }),
    result: z.object({ period: MonthText, currency: z.string(), by: z.enum(BY), rows: z.array(Pipeline) }),
  },
} as const satisfies Contract
