import type { MetricEvent, TransactionData } from '../../events/metrics.ts'
import { monthIndex } from '../core/period.ts'
import { dayOf } from './calendar.ts'

type Data<Type extends MetricEvent['type']> = Extract<MetricEvent, { type: Type }>['data']
type AttachmentData = Data<'account.attached.v1'>
type CostData = Data<'cost.recorded.v1'>

// What metrics need of an event, as JSON: days since 1970, months since year 0, amounts in minor units. `id` is the event's.
export type Transaction = {
  type: 'transaction'
  id: string
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
export type Attachment = {
  type: 'attached' | 'detached'
  id: string
  partnerId: string
  role: AttachmentData['role']
  day: number
}
export type Milestone = {
  type: 'milestone'
  id: string
  partnerId: string
  milestone: Data<'partner.milestone-reached.v1'>['milestone']
  day: number
}
export type Cost = {
  type: 'cost'
  id: string
  purpose: CostData['purpose']
  channel: CostData['channel']
  amount: number
  currency: string
  month: number
  partnerId?: string
}
export type PublishedRate = {
  type: 'rate'
  id: string
  base: string
  quote: string
  rate: string
  day: number
  recordedAt: string
}
export type Fact = Transaction | Attachment | Milestone | Cost | PublishedRate

/** An instant as text that sorts by time: seconds always, no trailing zeros, no Z. */
export const sortableInstant = (instant: string) => {
  const text = instant.slice(0, -1)
  if (text.length === 16) return `${text}:00`
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

const transaction = (id: string, data: TransactionData): Transaction => {
  const { transactionId, ledger, kind, marketplace, productId, amount, partnerId, service, corrects } = data
  const money = { amount: amount.amount, currency: amount.currency }
  const what = { transactionId, ledger, kind, marketplace, productId }
  const fact: Transaction = { type: 'transaction', id, ...what, ...money, day: dayOf(data.on) }
  if (partnerId) fact.partnerId = partnerId
  if (service) fact.service = { from: dayOf(service.from), to: dayOf(service.to) }
  if (corrects) fact.corrects = corrects
  return fact
}

const cost = (id: string, { purpose, channel, amount, period, partnerId }: CostData): Cost => ({
  type: 'cost',
  id,
  purpose,
  channel,
  amount: amount.amount,
  currency: amount.currency,
  month: monthIndex(period),
  ...(partnerId && { partnerId }),
})

const attachment = (type: Attachment['type'], id: string, { partnerId, role, from }: AttachmentData): Attachment => ({
  type,
  id,
  partnerId,
  role,
  day: dayOf(from),
})

/** The fact that an event tells. */
export const factOf = (event: MetricEvent): Fact => {
  const { id, type, data } = event
  switch (type) {
    case 'transaction.recorded.v1':
      return transaction(id, data)
    case 'account.attached.v1':
      return attachment('attached', id, data)
    case 'account.detached.v1':
      return attachment('detached', id, data)
    case 'partner.milestone-reached.v1':
      return { type: 'milestone', id, partnerId: data.partnerId, milestone: data.milestone, day: dayOf(data.on) }
    case 'cost.recorded.v1':
      return cost(id, data)
    case 'rate.published.v1':
      return rate(id, event.recordedat, data)
  }
}

const rate = (id: string, recordedat: string, { base, quote, rate, on }: Data<'rate.published.v1'>): PublishedRate => ({
  type: 'rate',
  id,
  base,
  quote,
  rate,
  day: dayOf(on),
  recordedAt: sortableInstant(recordedat),
})
