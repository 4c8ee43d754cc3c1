import { Money } from '../lib/core/money.ts'
import { DateText } from '../lib/core/period.ts'
import * as z from '../lib/core/schema.ts'
import { define } from './envelope.ts'
import { Id } from './vocabulary.ts'

export const CloudMarketplace = z.enum(['aws', 'azure'])
export const Programme = z.enum(['edp', 'ppa', 'macc', 'other'])

const commitment = z.object({ commitmentId: Id, accountId: Id, marketplace: CloudMarketplace, by: z.string() })
const terms = z.extend(commitment, {
  programme: Programme,
  amount: Money,
  from: DateText,
  to: DateText,
  drawdownPercent: z.int(),
  maxSharePercent: z.optional(z.int()),
})

export const CommitmentEvent = z.discriminatedUnion('type', [
  define('commitment.recorded.v1', terms),
  define('commitment.changed.v1', terms),
  define('commitment.ended.v1', z.extend(commitment, { on: DateText, reason: z.string() })),
])
export type CommitmentEvent = z.infer<typeof CommitmentEvent>
