import { MonthText } from '../core/period.ts'
import * as z from '../core/schema.ts'

export const Kind = z.enum([
  'booking-off-grid',
  'cancelled-in-one-sum',
  'billed-not-booked',
  'renewed-late',
  'signed-never-paid',
  'corrected-too-much',
  'corrects-unknown',
  'unknown-currency',
  'rate-missing',
  'date-out-of-range',
  'amount-too-large',
  'sum-too-large',
  'id-twice',
])
export type Kind = z.infer<typeof Kind>

/** error: numbers cannot be told, or not all of them; warning: they are probably not what was meant; notice: they may be right. */
const SEVERITIES = {
  'booking-off-grid': 'warning',
  'cancelled-in-one-sum': 'warning',
  'billed-not-booked': 'warning',
  'renewed-late': 'notice',
  'signed-never-paid': 'notice',
  'corrected-too-much': 'warning',
  'corrects-unknown': 'warning',
  'unknown-currency': 'warning',
  'rate-missing': 'error',
  'date-out-of-range': 'warning',
  'amount-too-large': 'warning',
  'sum-too-large': 'error',
  'id-twice': 'error',
} as const satisfies Record<Kind, 'error' | 'warning' | 'notice'>

const Recurring = z.object({
  month: MonthText,
  booked: z.described(z.int(), 'recurring revenue of the account as it is booked, at the rate of the last day of the month'),
  corrected: z.described(z.int(), 'what it would be'),
})
const Retention = z.object({
  month: MonthText,
  window: z.int(),
  start: z.described(z.int(), 'what the denominator of the programme would have more, or less'),
  end: z.described(z.int(), 'what the numerator of NRR would have more, or less'),
})

/** What would change if it were put right; in minor units of the reporting currency. */
export const Effect = z.discriminatedUnion('isKnown', [
  z.object({
    isKnown: z.literal(true),
    remedy: z.described(z.string(), 'what is taken for right'),
    mrr: z.array(Recurring),
    nrr: z.array(Retention),
  }),
  z.object({ isKnown: z.literal(false), reason: z.described(z.string(), 'why it cannot be computed') }),
])
export type Effect = z.infer<typeof Effect>

export const Finding = z.named(
  z.object({
    kind: Kind,
    severity: z.enum(['error', 'warning', 'notice']),
    row: z.described(z.string(), 'the row of metrics, mostly ACCOUNT#…'),
    eventIds: z.described(z.array(z.string()), 'the events behind it, the first of them'),
    months: z.described(z.array(MonthText), 'the months that it touches, or would if it were put right'),
    message: z.described(z.string(), 'what is wrong, and what to do'),
    effect: Effect,
  }),
  'DataFinding',
)
export type Finding = z.infer<typeof Finding>

const MOST_EVENTS = 50

type Told = { kind: Kind; row: string; eventIds: string[]; months: string[]; message: string; effect: Effect }

/** A finding with the severity of its kind; months in order, each once. */
export const finding = ({ kind, row, eventIds, months, message, effect }: Told): Finding => ({
  kind,
  severity: SEVERITIES[kind],
  row,
  eventIds: eventIds.slice(0, MOST_EVENTS),
  months: [...new Set(months)].sort(),
  message,
  effect,
})

export const unknown = (reason: string): Effect => ({ isKnown: false, reason })

/** What changes no metric but revenue by date. */
export const noEffect = (remedy: string): Effect => ({ isKnown: true, remedy, mrr: [], nrr: [] })
