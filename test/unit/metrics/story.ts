import type { CostData, MetricEvent, TransactionData } from '../../../events/metrics.ts'
import type { MetricsDocument, Settings } from '../../../lib/metrics/document.ts'
import { metricsOf } from '../../support/rows-engine.ts'

type Data<Type extends MetricEvent['type']> = Extract<MetricEvent, { type: Type }>['data']
type Role = Data<'account.attached.v1'>['role']

let count = 0
const envelope = () => {
  const id = `evt-${String(++count).padStart(6, '0')}`
  const time = '2020-01-01T00:00:00Z'
  return { specversion: '1.0' as const, id, source: '/test', subject: 'test', time, recordedat: time }
}

const money = (amount: number, currency = 'USD') => ({ amount, currency })
const transaction = (data: Omit<TransactionData, 'transactionId' | 'productId' | 'marketplace'> & { transactionId?: string }) => {
  const { transactionId = `tx-${++count}` } = data
  const all = { productId: 'prod-1', marketplace: 'aws' as const, ...data, transactionId }
  return { ...envelope(), type: 'transaction.recorded.v1' as const, data: all }
}
type TransactionMore = Partial<Omit<TransactionData, 'amount'>> & { currency?: string }

/** What a reader sees of a test is the story: who, how much, when. The rest is here. */
export const booked = (
  accountId: string,
  amount: number,
  from: string,
  to: string,
  { currency, ...more }: TransactionMore = {},
) =>
  transaction({
    ledger: 'booked',
    kind: 'contract',
    accountId,
    amount: money(amount, currency),
    on: from,
    service: { from, to },
    ...more,
  })
export const billed = (accountId: string, amount: number, on: string, { currency, ...more }: TransactionMore = {}) =>
  transaction({ ledger: 'billed', kind: 'contract', accountId, amount: money(amount, currency), on, ...more })
export const attached = (accountId: string, partnerId: string, role: Role, from: string) => ({
  ...envelope(),
  type: 'account.attached.v1' as const,
  data: { accountId, partnerId, role, from },
})
export const detached = (accountId: string, partnerId: string, role: Role, from: string) => ({
  ...envelope(),
  type: 'account.detached.v1' as const,
  data: { accountId, partnerId, role, from },
})
export const onboarded = (partnerId: string, on: string) => ({
  ...envelope(),
  type: 'partner.milestone-reached.v1' as const,
  data: { partnerId, milestone: 'onboarding-complete' as const, on },
})
export const cost = (
  purpose: CostData['purpose'],
  channel: CostData['channel'],
  amount: number,
  period: string,
  { currency, ...more }: Partial<Omit<CostData, 'amount'>> & { currency?: string } = {},
) => ({
  ...envelope(),
  type: 'cost.recorded.v1' as const,
  data: { costId: `cost-${++count}`, category: 'test', purpose, channel, amount: money(amount, currency), period, ...more },
})
export const published = (base: string, quote: string, on: string, rate: string, recordedat = '2020-01-01T00:00:00Z') => ({
  ...envelope(),
  recordedat,
  type: 'rate.published.v1' as const,
  data: { base, quote, on, rate },
})

/** All metrics of a story. */
export const metrics = (events: MetricEvent[], settings: Partial<Settings> = {}): MetricsDocument => {
  const document = metricsOf(events, { currency: 'USD', grossMargin: 8000, ...settings })
  if ('error' in document) throw new Error(`missing rates ${document.pairs}`)
  return document
}

/** The row of a list for a month and a partner. */
export const rowOf = <T extends { month: string; partnerId: string }>(
  rows: T[],
  month: string,
  partnerId: string,
): T | undefined => rows.find((row) => row.month === month && row.partnerId === partnerId)
