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
} from '../../events/vocabulary.ts'
import { Currency, Money } from '../core/money.ts'
import { DateText, dateText, Instant, MonthText, monthIndex, monthText } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { dayOf } from './calendar.ts'
import { type Cost, type Fact, instantOf, sortableInstant, type Transaction } from './fact.ts'

const told = {
  eventId: z.described(z.string(), 'the event that told it, as in transactions.csv'),
  recordedAt: z.described(Instant, 'when Cosell knew it'),
}

const TransactionEvidence = z.object({
  type: z.literal('transaction'),
  ...told,
  transactionId: Id,
  ledger: Ledger,
  kind: TransactionKind,
  marketplace: Channel,
  productId: Id,
  amount: Money,
  on: DateText,
  partnerId: z.optional(Id),
  service: z.optional(ServicePeriod),
  corrects: z.optional(Id),
})
const attachment = { ...told, partnerId: Id, role: AttachmentRole, from: DateText }
/** A fact behind a value, in the words of its event. */
export const Evidence = z.named(
  z.discriminatedUnion('type', [
    TransactionEvidence,
    z.object({ type: z.literal('attached'), ...attachment }),
    z.object({ type: z.literal('detached'), ...attachment }),
    z.object({ type: z.literal('milestone'), ...told, partnerId: Id, milestone: Milestone, on: DateText }),
    z.object({
      type: z.literal('cost'),
      ...told,
      purpose: CostPurpose,
      channel: CostChannel,
      amount: Money,
      period: MonthText,
      partnerId: z.optional(Id),
    }),
    z.object({ type: z.literal('rate'), ...told, base: Currency, quote: Currency, on: DateText, rate: z.string() }),
  ]),
  'Evidence',
)
export type Evidence = z.infer<typeof Evidence>

const transactionEvidence = ({ id, recordedAt, amount, currency, day, service, ...fact }: Transaction): Evidence => ({
  eventId: id,
  recordedAt: instantOf(recordedAt),
  ...fact,
  amount: { amount, currency },
  on: dateText(day),
  ...(service && { service: { from: dateText(service.from), to: dateText(service.to) } }),
})

const costEvidence = ({ id, recordedAt, amount, currency, month, ...fact }: Cost): Evidence => ({
  eventId: id,
  recordedAt: instantOf(recordedAt),
  ...fact,
  amount: { amount, currency },
  period: monthText(month),
})

/** A fact as it is shown. */
export const evidenceOf = (fact: Fact): Evidence => {
  if (fact.type === 'transaction') return transactionEvidence(fact)
  if (fact.type === 'cost') return costEvidence(fact)
  const told = { eventId: fact.id, recordedAt: instantOf(fact.recordedAt) }
  const on = dateText(fact.day)
  switch (fact.type) {
    case 'milestone':
      return { type: fact.type, ...told, partnerId: fact.partnerId, milestone: fact.milestone, on }
    case 'rate':
      return { type: fact.type, ...told, base: fact.base, quote: fact.quote, rate: fact.rate, on }
    default:
      return { type: fact.type, ...told, partnerId: fact.partnerId, role: fact.role, from: on }
  }
}

type Told<Type extends Evidence['type']> = Extract<Evidence, { type: Type }>

const transactionIn = ({
  eventId,
  recordedAt,
  amount,
  on,
  service,
  partnerId,
  corrects,
  ...shown
}: Told<'transaction'>): Transaction => ({
  ...shown,
  id: eventId,
  recordedAt: sortableInstant(recordedAt),
  ...amount,
  day: dayOf(on),
  ...(partnerId && { partnerId }),
  ...(service && { service: { from: dayOf(service.from), to: dayOf(service.to) } }),
  ...(corrects && { corrects }),
})

const costIn = ({ eventId, recordedAt, amount, period, partnerId, ...shown }: Told<'cost'>): Cost => ({
  ...shown,
  id: eventId,
  recordedAt: sortableInstant(recordedAt),
  ...amount,
  month: monthIndex(period),
  ...(partnerId && { partnerId }),
})

/** The fact that is shown: the reverse of `evidenceOf`. */
export const factIn = (shown: Evidence): Fact => {
  if (shown.type === 'transaction') return transactionIn(shown)
  if (shown.type === 'cost') return costIn(shown)
  const told = { id: shown.eventId, recordedAt: sortableInstant(shown.recordedAt) }
  switch (shown.type) {
    case 'milestone':
      return { type: shown.type, ...told, partnerId: shown.partnerId, milestone: shown.milestone, day: dayOf(shown.on) }
    case 'rate':
      return { type: shown.type, ...told, base: shown.base, quote: shown.quote, rate: shown.rate, day: dayOf(shown.on) }
    default:
      return { type: shown.type, ...told, partnerId: shown.partnerId, role: shown.role, day: dayOf(shown.from) }
  }
}
