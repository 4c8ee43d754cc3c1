import * as z from 'zod'
import { Currency, Money } from '../lib/core/money.ts'
import { DateText, MonthText } from '../lib/core/period.ts'
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
  partnerId: Id.optional(),
  offerId: Id.optional(),
  agreementId: Id.optional(),
  amount: Money,
  on: DateText,
  service: ServicePeriod.optional(),
  corrects: Id.optional(),
}

export const TransactionData = z
  .object(transactionFields)
  .refine((data) => data.ledger !== 'booked' || !['contract', 'refund', 'credit'].includes(data.kind) || data.service, {
    message: 'a booking needs its service period { from, to }: its months are what it is worth',
    path: ['service'],
  })
export type TransactionData = z.infer<typeof TransactionData>

export const CostData = z.object({
  costId: Id,
  purpose: CostPurpose,
  channel: CostChannel,
  partnerId: Id.optional(),
  category: z.string().min(1).max(100),
  amount: Money,
  period: MonthText,
  corrects: Id.optional(),
})
export type CostData = z.infer<typeof CostData>

export const RateData = z
  .object({
    base: Currency,
    quote: Currency,
    on: DateText,
    rate: z.string().regex(/^(?=.*[1-9])\d{1,12}(\.\d{1,9})?$/, 'a positive decimal with at most 9 places, as text: "1.0850"'),
  })
  .refine(({ base, quote }) => base !== quote, { message: 'must differ from base', path: ['quote'] })
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
