import type { MetricEvent, TransactionData } from '../../events/metrics.ts'
import { monthIndex } from '../core/calendar.ts'
import { dayOf } from './calendar.ts'

type Data<Type extends MetricEvent['type']> = Extract<MetricEvent, { type: Type }>['data']
type AttachmentData = Data<'account.attached.v1'>
type CostData = Data<'cost.recorded.v1'>

/** `id` is the event's; `recordedAt` is when Cosell knew it, as `sortableInstant` writes it. */
type Told = { id: string; recordedAt: string }

// What metrics need of an event, as JSON: days since 1970, months since year 0, amounts in minor units.
/** A fact without what tells it from others: all that formulas look at. */
export type Untold<Each extends Told> = Omit<Each, keyof Told>

export type Transaction = Told & {
  type: 'transaction'
  transactionId: string
  ledger: TransactionData['ledger']
  kind: TransactionData['kind']
  marketplace: TransactionData['marketplace']
  productId: string
  amount: number
  currency: string
  day: number
  partnerId?: string
  service?: { from: number; to: number }
  corrects?: string
}
export type Attachment = Told & {
  type: 'attached' | 'detached'
  partnerId: string
  role: AttachmentData['role']
  day: number
}
export type Milestone = Told & {
  type: 'milestone'
  partnerId: string
  milestone: Data<'partner.milestone-reached.v1'>['milestone']
  day: number
}
export type Cost = Told & {
  type: 'cost'
  purpose: CostData['purpose']
  channel: CostData['channel']
  amount: number
  currency: string
  month: number
  partnerId?: string
}
export type PublishedRate = Told & {
  type: 'rate'
  base: string
  quote: string
  rate: string
  day: number
}
export type Fact = Transaction | Attachment | Milestone | Cost | PublishedRate

/** An instant as text that sorts by time: seconds always, no trailing zeros, no Z. */
export const sortableInstant = (instant: string) => {
  const text = instant.slice(0, -1)
  if (text.length === 16) return `${text}:00`
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/** The reverse, as an event has it. */
export const instantOf = (sortable: string) => `${sortable}Z`

const transaction = (told: Told, data: TransactionData): Transaction => {
  const { transactionId, ledger, kind, marketplace, productId, amount, partnerId, service, corrects } = data
  const money = { amount: amount.amount, currency: amount.currency }
  const what = { transactionId, ledger, kind, marketplace, productId }
  const fact: Transaction = { type: 'transaction', ...told, ...what, ...money, day: dayOf(data.on) }
  if (partnerId) fact.partnerId = partnerId
  if (service) fact.service = { from: dayOf(service.from), to: dayOf(service.to) }
  if (corrects) fact.corrects = corrects
  return fact
}

const cost = (told: Told, { purpose, channel, amount, period, partnerId }: CostData): Cost => ({
  type: 'cost',
  ...told,
  purpose,
  channel,
  amount: amount.amount,
  currency: amount.currency,
  month: monthIndex(period),
  ...(partnerId && { partnerId }),
})

const attachment = (type: Attachment['type'], told: Told, { partnerId, role, from }: AttachmentData): Attachment => ({
  type,
  ...told,
  partnerId,
  role,
  day: dayOf(from),
})

const rate = (told: Told, { base, quote, rate, on }: Data<'rate.published.v1'>): PublishedRate => ({
  type: 'rate',
  ...told,
  base,
  quote,
  rate,
  day: dayOf(on),
})

/** The fact that an event tells. */
export const factOf = (event: MetricEvent): Fact => {
  const { type, data } = event
  const told = { id: event.id, recordedAt: sortableInstant(event.recordedat) }
  switch (type) {
    case 'transaction.recorded.v1':
      return transaction(told, data)
    case 'account.attached.v1':
      return attachment('attached', told, data)
    case 'account.detached.v1':
      return attachment('detached', told, data)
    case 'partner.milestone-reached.v1':
      return { type: 'milestone', ...told, partnerId: data.partnerId, milestone: data.milestone, day: dayOf(data.on) }
    case 'cost.recorded.v1':
      return cost(told, data)
    case 'rate.published.v1':
      return rate(told, data)
  }
}
