import * as fc from 'fast-check'
import type { MetricEvent } from '../../events/metrics.ts'
import { AttachmentRole, Channel, CostChannel, CostPurpose, Ledger, Milestone, TransactionKind } from '../../events/vocabulary.ts'

const anyOf = <Word extends string>({ options }: { options: readonly Word[] }) => fc.constantFrom(...options)
const id = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 20,
})
const day = fc.integer({ min: 10_957, max: 44_400 }).map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10))
const month = day.map((date) => date.slice(0, 7))
const currency = fc.constantFrom('USD', 'EUR', 'JPY', 'KWD', 'CLF')
const money = fc.record({ amount: fc.maxSafeInteger(), currency })
const service = fc.tuple(day, fc.integer({ min: 1, max: 3000 })).map(([from, days]) => ({
  from,
  to: new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10),
}))
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 })

/** An instant to any fraction of a second. */
const instant = fc
  .tuple(day, fc.integer({ min: 0, max: 86_399 }), fc.constantFrom('', '.0', '.000', '.5', '.123', '.123456', '.123456789'))
  .map(([date, second, fraction]) => `${date}T${new Date(second * 1000).toISOString().slice(11, 19)}${fraction}Z`)

const required = {
  'partner.milestone-reached.v1': { partnerId: id, milestone: anyOf(Milestone), on: day },
  'account.attached.v1': { accountId: id, partnerId: id, role: anyOf(AttachmentRole), from: day },
  'account.detached.v1': { accountId: id, partnerId: id, role: anyOf(AttachmentRole), from: day },
  'transaction.recorded.v1': {
    transactionId: id,
    ledger: anyOf(Ledger),
    kind: anyOf(TransactionKind),
    accountId: id,
    productId: id,
    marketplace: anyOf(Channel),
    amount: money,
    on: day,
    service,
  },
  'cost.recorded.v1': {
    costId: id,
    purpose: anyOf(CostPurpose),
    channel: anyOf(CostChannel),
    category: text,
    amount: money,
    period: month,
  },
  'rate.published.v1': {
    base: fc.constant('EUR'),
    quote: fc.constant('USD'),
    on: day,
    rate: fc.constantFrom('1', '1.0850', '0.000000001'),
  },
} satisfies Record<MetricEvent['type'], Record<string, fc.Arbitrary<unknown>>>

const optional: Record<string, Record<string, fc.Arbitrary<unknown>>> = {
  'transaction.recorded.v1': { partnerId: id, offerId: id, agreementId: id, corrects: id },
  'cost.recorded.v1': { partnerId: id, corrects: id },
}

const eventOfType = (type: MetricEvent['type']) => {
  const always: Record<string, fc.Arbitrary<unknown>> = required[type]
  const data = fc.record({ ...always, ...optional[type] }, { requiredKeys: Object.keys(always) })
  const envelope = { id, source: text, subject: text, time: instant, recordedat: instant, data }
  const cause = fc.constantFrom('api' as const, 'event' as const, 'webhook' as const, 'schedule' as const)
  const requiredKeys = Object.keys(envelope) as (keyof typeof envelope)[]
  return fc
    .record({ ...envelope, cause }, { requiredKeys })
    .map((event) => ({ specversion: '1.0' as const, type, ...event }) as MetricEvent)
}

/** Any metric event, with every field that the catalogue knows. */
export const fullEvent: fc.Arbitrary<MetricEvent> = fc.oneof(
  ...Object.keys(required).map((type) => eventOfType(type as MetricEvent['type'])),
)
