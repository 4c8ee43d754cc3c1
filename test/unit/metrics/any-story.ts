import * as fc from 'fast-check'
import type { MetricEvent } from '../../../events/metrics.ts'
import { attached, billed, booked, cost, detached, onboarded, published } from './story.ts'

/** Rates of every currency of the stories. */
export const RATES = [published('EUR', 'USD', '2025-02-01', '1.0850'), published('JPY', 'USD', '2025-01-01', '0.0068')]

const account = fc.constantFrom('a', 'b', 'c')
const partner = fc.constantFrom('p', 'q', 'r')
const role = fc.constantFrom('sourced' as const, 'influenced' as const, 'managed' as const)
const day = fc.integer({ min: 0, max: 799 }).map((n) => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10))
const days = fc.tuple(day, day).filter(([from, to]) => from < to)
const amount = fc.integer({ min: -9999, max: 99_999 })
const currency = fc.constantFrom('USD', 'EUR', 'JPY')
const kind = fc.constantFrom('contract' as const, 'usage' as const, 'one-time' as const, 'tax' as const)
const number = fc.integer({ min: 1, max: 12 })

/** An event of few accounts and partners, so that they meet; corrections name what some other account may have, or nobody. */
export const event: fc.Arbitrary<MetricEvent> = fc.oneof(
  fc.tuple(account, partner, role, day).map((args) => attached(...args)),
  fc.tuple(account, partner, role, day).map((args) => detached(...args)),
  fc.tuple(partner, day).map((args) => onboarded(...args)),
  fc.tuple(account, amount, days, currency).map(([id, size, [from, to], currency]) => booked(id, size, from, to, { currency })),
  fc
    .tuple(account, amount, day, kind, currency, number)
    .map(([id, size, on, kind, currency, n]) => billed(id, size, on, { kind, currency, transactionId: `t${n}` })),
  fc
    .tuple(account, amount, day, partner, number)
    .map(([id, size, on, partnerId, n]) => billed(id, size, on, { kind: 'refund', partnerId, corrects: `t${n}` })),
  fc
    .tuple(fc.constantFrom('acquisition' as const, 'support' as const, 'payout' as const), amount, day, currency)
    .map(([purpose, size, on, currency]) => cost(purpose, 'partner', size, on.slice(0, 7), { currency, partnerId: 'p' })),
)
export const story = fc.array(event, { maxLength: 25 })
