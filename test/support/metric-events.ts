import * as fc from 'fast-check'
import type { MetricEvent } from '../../events/metrics.ts'
import { attached, billed, booked, cost, detached, onboarded, published } from '../unit/metrics/story.ts'

const account = fc.constantFrom('acc-1', 'acc-2', 'acc-3')
const partner = fc.constantFrom('p', 'q', 'r')
const role = fc.constantFrom('sourced' as const, 'influenced' as const, 'managed' as const)
const date = fc.integer({ min: 0, max: 150 }).map((n) => new Date(Date.UTC(2025, 9, 1 + n)).toISOString().slice(0, 10))
const span = fc.tuple(date, date).filter(([from, to]) => from < to)
const amount = fc.integer({ min: -9999, max: 99_999 })
const currency = fc.constantFrom('USD', 'EUR', 'JPY')
const number = fc.integer({ min: 1, max: 8 }).map((n) => `tx-${n}`)
const kind = fc.constantFrom('contract' as const, 'usage' as const, 'one-time' as const, 'tax' as const)
const purpose = fc.constantFrom('acquisition' as const, 'support' as const, 'payout' as const)
const channel = fc.constantFrom('partner' as const, 'direct' as const, 'shared' as const)
const rate = fc.integer({ min: 1, max: 30_000 }).map((n) => (n / 10_000).toFixed(4))
const recordedAt = fc.constantFrom('2026-03-01T08:00:00Z', '2026-03-01T08:00:00.5Z', '2027-01-01T00:00:00Z')

/** Any event that metrics are made of; few ids, so that refunds find what they correct, also in other accounts. */
export const metricEvent: fc.Arbitrary<MetricEvent> = fc.oneof(
  fc.tuple(account, partner, role, date).map((args) => attached(...args)),
  fc.tuple(account, partner, role, date).map((args) => detached(...args)),
  fc.tuple(partner, date).map((args) => onboarded(...args)),
  fc
    .tuple(account, amount, span, currency, number)
    .map(([id, size, [from, to], currency, transactionId]) => booked(id, size, from, to, { currency, transactionId })),
  fc
    .tuple(account, amount, date, kind, currency, number)
    .map(([id, size, on, kind, currency, transactionId]) => billed(id, size, on, { kind, currency, transactionId })),
  fc
    .tuple(account, amount, date, partner, currency, number, number)
    .map(([id, size, on, partnerId, currency, transactionId, corrects]) =>
      billed(id, size, on, { kind: 'refund', partnerId, currency, transactionId: `re-${transactionId}`, corrects }),
    ),
  fc
    .tuple(purpose, channel, amount, date, currency, fc.option(partner, { nil: undefined }))
    .map(([purpose, channel, size, on, currency, partnerId]) =>
      cost(purpose, channel, size, on.slice(0, 7), { currency, ...(partnerId && { partnerId }) }),
    ),
  fc
    .tuple(fc.constantFrom('EUR', 'JPY'), fc.constantFrom('USD', 'GBP'), date, rate, recordedAt)
    .map((args) => published(...args)),
)

/** Rates of every currency of these events, whichever rates are among them. */
export const RATES = [published('EUR', 'USD', '2025-10-10', '1.0850'), published('JPY', 'USD', '2025-10-05', '0.0068')]

export const story = fc.array(metricEvent, { maxLength: 25, size: 'max' })
