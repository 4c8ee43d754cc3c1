import { Currency, Money } from '../lib/core/money.ts'
import { DateText, MonthText } from '../lib/core/period.ts'
import * as z from '../lib/core/schema.ts'
import { define } from './envelope.ts'
import {
  AttachmentRole,
  Channel,
  CostChannel,
  CostPurpose,
  Id,
  Ledger,
  Milestone,
  ServicePeriod,
  TransactionKind,
} from './vocabulary.ts'

// The facts that metrics are made of. Every id is free text of printable ASCII without spaces.
const attachment = z.object({ accountId: Id, partnerId: Id, role: AttachmentRole, from: DateText })

const MilestoneReached = z.object({ partnerId: Id, milestone: Milestone, on: DateText })
/** The fields of a row of the books. */
export const transactionFields = {
  transactionId: Id,
  ledger: Ledger,
  kind: TransactionKind,
  accountId: Id,
  productId: Id,
  marketplace: Channel,
  partnerId: z.optional(Id),
  offerId: z.optional(Id),
  agreementId: z.optional(Id),
  amount: Money,
  on: DateText,
  service: z.optional(ServicePeriod),
  corrects: z.optional(Id),
}

export const TransactionData = z.object(transactionFields).check(
  z.refine((data) => data.ledger !== 'booked' || !['contract', 'refund', 'credit'].includes(data.kind) || data.service, {
    message: 'a booking needs its service period { from, to }: its months are what it is worth',
    path: ['service'],
  }),
)
export type TransactionData = z.infer<typeof TransactionData>

export const CostData = z.object({
  costId: Id,
  purpose: CostPurpose,
  channel: CostChannel,
  partnerId: z.optional(Id),
  category: z.text(100),
  amount: Money,
  period: MonthText,
  corrects: z.optional(Id),
})
export type CostData = z.infer<typeof CostData>

export const RateData = z
  .object({
    base: Currency,
    quote: Currency,
    on: DateText,
    rate: z.pattern(/^(?=.*[1-9])\d{1,12}(\.\d{1,9})?$/, 'a positive decimal with at most 9 places, as text: "1.0850"'),
  })
  .check(z.refine(({ base, quote }) => base !== quote, { message: 'must differ from base', path: ['quote'] }))
export type RateData = z.infer<typeof RateData>

export const TransactionRecorded = define('transaction.recorded.v1', TransactionData)

/** The events that metrics are computed from. */
export const MetricEvent = z.discriminatedUnion('type', [
  define('partner.milestone-reached.v1', MilestoneReached),
  define('account.attached.v1', attachment),
  define('account.detached.v1', attachment),
  TransactionRecorded,
  define('cost.recorded.v1', CostData),
  define('rate.published.v1', RateData),
])
export type MetricEvent = z.infer<typeof MetricEvent>

const TYPES: ReadonlySet<string> = new Set(MetricEvent.def.options.flatMap(({ shape }) => shape.type.def.values))

/** Whether an event of Cosell is one that metrics are computed from. */
export const isMetricEvent = (event: { type: string }): event is MetricEvent => TYPES.has(event.type)
