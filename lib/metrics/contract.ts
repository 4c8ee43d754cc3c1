import { Id } from '../../events/vocabulary.ts'
import type { Contract } from '../core/contract.ts'
import { PageQuery } from '../core/page.ts'
import { Instant, MonthText } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { CUTS } from './cut.ts'
import { Evidence } from './evidence.ts'
import { Line } from './lineage.ts'

const Ratio = z.object({
  numerator: z.string(),
  denominator: z.string(),
  value: z.nullable(z.string()),
  reason: z.optional(z.string()),
  rateExtrapolated: z.optional(z.boolean()),
})
const head = { definitions: z.literal(1), currency: z.string(), asOf: z.optional(Instant), asOfDay: z.nullable(z.string()) }
const flag = { rateExtrapolated: z.optional(z.boolean()) }
const answer = <Rows extends z.ZodMiniType>(rows: Rows) => z.object({ ...head, rows: z.array(rows) })

const Retention = z.object({
  month: z.string(),
  partnerId: z.string(),
  window: z.int(),
  accounts: z.int(),
  nrr: Ratio,
  grr: Ratio,
  ...flag,
})
const Revenue = z.object({
  month: z.string(),
  partnerId: z.string(),
  sourced: z.string(),
  influenced: z.string(),
  touched: z.string(),
  ...flag,
})
const Total = z.object({
  month: z.string(),
  sourced: z.string(),
  influenced: z.string(),
  direct: z.string(),
  total: z.string(),
  ...flag,
})
const Survival = z.nullable(z.string())
const TimeToValue = z.object({
  cohort: z.string(),
  n: z.int(),
  events: z.int(),
  median: z.nullable(z.int()),
  s30: Survival,
  s90: Survival,
  s180: Survival,
  s365: Survival,
})
const Cac = z.object({ from: z.string(), to: z.string(), partner: Ratio, direct: Ratio, blended: Ratio })
const Ropi = z.object({
  month: z.string(),
  partnerId: z.string(),
  revenue: z.string(),
  payouts: z.string(),
  ratio: Ratio,
  net: z.nullable(z.string()),
  ...flag,
})

const { definitions, currency, asOfDay } = head
const value = z.described(
  z.string(),
  'of the cut; "not stated" are partners without one, "never a customer" accounts without recurring revenue',
)
const without = { month: true, partnerId: true } as const
const cutOf = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.array(z.object({ value, ...shape }))
const Cut = z.object({
  definitions,
  currency,
  asOfDay,
  knownEvents: z.described(z.optional(z.int()), 'how many events the answer is made of'),
  by: z.enum(CUTS),
  period: z.string(),
  nrr: cutOf(z.omit(Retention, without).shape),
  revenue: z.array(
    z.union([
      z.object({ value, ...z.omit(Total, { month: true }).shape }),
      z.object({ value, ...z.omit(Revenue, without).shape }),
    ]),
  ),
  revenueTotals: z.array(Total),
  ttv: z.optional(cutOf(z.omit(TimeToValue, { cohort: true }).shape)),
  cac: z.optional(cutOf({ partner: Ratio })),
  ropi: z.optional(cutOf(z.omit(Ropi, without).shape)),
})

const LifetimeValue = z.object({
  cohort: z.described(z.string(), 'the month in which they became customers, or all'),
  customers: z.int(),
  months: z.array(z.object({ month: z.int(), customers: z.int(), value: Ratio })),
  ...flag,
})

const CutPeriod = z.strictObject({ period: MonthText, partnerId: z.optional(Id) })

const AsOf = z.described(
  z.optional(z.mapped(Instant, (instant) => new Date(instant).toISOString())),
  'what was known at this instant; without it what is known now',
)
const Period = z.strictObject({ period: MonthText, asOf: AsOf })
const PartnerPeriod = z.extend(Period, { partnerId: z.optional(Id) })
const Window = z.optional(z.enum(['1', '3', '12']))

export const LineageQuery = z.extend(PageQuery, {
  period: MonthText,
  asOf: AsOf,
  partnerId: z.described(z.optional(Id), 'without it the value of the whole programme'),
  window: z.described(Window, 'of nrr: 12 unless it says otherwise'),
})
export type LineageQuery = z.infer<typeof LineageQuery>

/** The fields beside the lines are those of the first page; where the lines go on there is a cursor. */
export const Lineage = z.named(
  z.object({
    definitions: z.described(z.optional(z.literal(1)), 'the version of the definitions'),
    currency: z.optional(z.string()),
    grossMargin: z.optional(z.string()),
    asOfDay: z.optional(z.nullable(z.string())),
    knownEvents: z.optional(z.int()),
    value: z.described(z.optional(z.unknown()), 'the row of the metric; null where there is none'),
    items: z.array(Line),
    rates: z.described(z.array(Evidence), 'the exchange rates that these lines are converted with'),
    cursor: z.optional(z.string()),
  }),
  'Lineage',
)
export type Lineage = z.infer<typeof Lineage>

const get = { method: 'GET', scope: 'metrics.read', status: 200 } as const

export const contract = {
  getMetrics: {
    ...get,
    path: '/metrics',
    summary: 'All metrics in one document, of one month or of all; the same that the batch engine computes',
    query: z.strictObject({ period: z.optional(MonthText), asOf: AsOf }),
    result: z.record(z.string(), z.unknown()),
  },
  getTtv: {
    ...get,
    path: '/metrics/ttv',
    summary: 'Time to first revenue by cohort',
    query: Period,
    result: answer(TimeToValue),
  },
  getCac: {
    ...get,
    path: '/metrics/cac',
    summary: 'Acquisition cost: partner-engaged, direct, blended',
    query: Period,
    result: answer(Cac),
  },
  getNrr: {
    ...get,
    path: '/metrics/nrr',
    summary: 'Net and gross revenue retention of partner-attached accounts',
    query: z.extend(PartnerPeriod, { window: Window }),
    result: answer(Retention),
  },
  getRopi: {
    ...get,
    path: '/metrics/ropi',
    summary: 'Return on partner investment over 12 months',
    query: PartnerPeriod,
    result: answer(Ropi),
  },
  getRevenue: {
    ...get,
    path: '/metrics/revenue',
    summary: 'Sourced, influenced and touched revenue by partner, and the totals',
    query: PartnerPeriod,
    result: z.extend(answer(Revenue), { totals: z.array(Total) }),
  },
  getLineage: {
    ...get,
    path: '/metrics/{name}/lineage',
    summary:
      'The rows behind a value of ttv, cac, nrr, ropi or revenue, with their facts and rates; computing from these gives it again',
    query: LineageQuery,
    result: Lineage,
  },
} as const satisfies Contract

/** Answers that are made of all rows, in a function with room for that. */
export const cutContract = {
  cutMetrics: {
    ...get,
    path: '/metrics/cuts',
    summary: 'The metrics of a month by partner type, tier, region, marketplace, product or cohort',
    query: z.extend(CutPeriod, { by: z.enum(CUTS) }),
    result: Cut,
  },
  getLifetimeValue: {
    ...get,
    path: '/metrics/lifetime-value',
    summary: 'What customers that partners brought have paid since their start, at the gross margin, by cohort and month',
    query: CutPeriod,
    result: z.extend(answer(LifetimeValue), { period: z.string() }),
  },
} as const satisfies Contract
