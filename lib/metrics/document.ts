import { dateText, monthIndex, monthText } from '../core/calendar.ts'
import { type Aggregates, daysIn, type Named, WINDOWS } from './aggregate.ts'
import { type AcquisitionCost, acquisitionCostOf } from './cac.ts'
import { dayOf, monthOf } from './calendar.ts'
import { type Retention, retentionOf } from './nrr.ts'
import { quotientText } from './ratio.ts'
import { type PartnerRevenue, partnerRevenueOf, type TotalRevenue, totalRevenueOf } from './revenue.ts'
import { MARGIN_UNITS, type PartnerReturn, returnsOf } from './ropi.ts'
import { type TimeToValue, timeToValueOf } from './ttv.ts'

export type Settings = {
  currency: string
  /** In ten-thousandths. */
  grossMargin: number
  /** An ISO instant; what was recorded later is not known. */
  asOf?: string | undefined
  /** List this month only. */
  period?: string | undefined
}

export type MetricsDocument = {
  definitions: 1
  currency: string
  grossMargin: string
  asOf: string | null
  asOfDay: string | null
  months: { from: string | null; to: string | null }
  knownEvents: number
  nrr: Retention[]
  revenue: PartnerRevenue[]
  revenueTotals: TotalRevenue[]
  ttv: TimeToValue[]
  cac: AcquisitionCost[]
  ropi: PartnerReturn[]
}
export type MissingRates = { error: 'missing-rates'; pairs: string[] }

/** What is listed: from the first month with revenue, a booking or a cost to the month of the asOf day. */
export type Bounds = { first: number | undefined; asOfDay: number | undefined; knownEvents: number }

const totals = (aggregates: Aggregates, family: Named) => [...aggregates.named[family]].filter(([, count]) => count > 0)

const latestDay = (aggregates: Aggregates): number | undefined => {
  const latest = daysIn(aggregates, 'last-day').reduce((a, b) => Math.max(a, b), -Infinity)
  return latest === -Infinity ? undefined : latest
}

const boundsOf = (aggregates: Aggregates, asOf?: string): Bounds => {
  const [first] = totals(aggregates, 'first-month')
    .map(([month]) => month)
    .sort()
  return {
    first: first === undefined ? undefined : monthIndex(first),
    asOfDay: asOf === undefined ? latestDay(aggregates) : dayOf(asOf),
    knownEvents: totals(aggregates, 'events').reduce((sum, [, count]) => sum + count, 0),
  }
}

/** The currency pairs without any rate; undefined when none is missing. */
const missingRatesIn = (aggregates: Aggregates, currency: string): MissingRates | undefined => {
  const pairs = totals(aggregates, 'missing-rates')
    .map(([base]) => `${base}/${currency}`)
    .sort()
  return pairs.length > 0 ? { error: 'missing-rates', pairs } : undefined
}

const monthsListed = ({ first, asOfDay }: Bounds): number[] => {
  if (first === undefined || asOfDay === undefined) return []
  return Array.from({ length: Math.max(0, monthOf(asOfDay) - first + 1) }, (_, index) => first + index)
}

type ByPartner = { partnerId: string }
const byPartner = (a: ByPartner, b: ByPartner) => (a.partnerId < b.partnerId ? -1 : Number(a.partnerId > b.partnerId))

const acquisitionCosts = (aggregates: Aggregates, listed: number[], period: string | undefined): AcquisitionCost[] => {
  const [first, last] = [listed[0], listed.at(-1)]
  if (first === undefined || last === undefined) return []
  const all = listed.map((month) => acquisitionCostOf(aggregates, month, month))
  if (period !== undefined) return all.filter(({ from }) => from === period)
  return first === last ? all : [...all.slice(0, 1), acquisitionCostOf(aggregates, first, last), ...all.slice(1)]
}

/** The same sums, scopes in the order of their ids: then the rows of a month mostly come in order, and sorting them takes little. */
const ordered = ({ monthly, ...others }: Aggregates): Aggregates => {
  const families = Object.entries(monthly).map(([family, scopes]) => [
    family,
    new Map([...scopes].sort(([a], [b]) => (a < b ? -1 : 1))),
  ])
  return { ...others, monthly: Object.fromEntries(families) }
}

/** All metrics of all listed months. */
export const documentOf = (sums: Aggregates, settings: Settings): MetricsDocument | MissingRates => {
  const aggregates = ordered(sums)
  const { currency, grossMargin, asOf, period } = settings
  const missing = missingRatesIn(aggregates, currency)
  if (missing) return missing
  const bounds = boundsOf(aggregates, asOf)
  const { first, asOfDay, knownEvents } = bounds
  const listed = monthsListed(bounds)
  const months = period === undefined ? listed : listed.filter((month) => month === monthIndex(period))
  const ttv = asOfDay === undefined ? [] : timeToValueOf(aggregates, asOfDay)
  return {
    definitions: 1,
    currency,
    grossMargin: quotientText(BigInt(grossMargin), BigInt(MARGIN_UNITS)),
    asOf: asOf ?? null,
    asOfDay: asOfDay === undefined ? null : dateText(asOfDay),
    months: {
      from: first === undefined ? null : monthText(first),
      to: asOfDay === undefined ? null : monthText(monthOf(asOfDay)),
    },
    knownEvents,
    nrr: months.flatMap((month) => WINDOWS.flatMap((window) => retentionOf(aggregates, month, window)).sort(byPartner)),
    revenue: months.flatMap((month) => partnerRevenueOf(aggregates, month).sort(byPartner)),
    revenueTotals: months.map((month) => totalRevenueOf(aggregates, month)),
    ttv: ttv.filter(({ cohort }) => period === undefined || cohort === 'all' || cohort === period),
    cac: acquisitionCosts(aggregates, listed, period),
    ropi: months.flatMap((month) => returnsOf(aggregates, month, grossMargin).sort(byPartner)),
  }
}

/** Most objects are made in order: then nothing has to be copied. */
const isSorted = (value: object): boolean => {
  let before = ''
  // Keys one by one: a list of them would have to be made for each object.
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key]
    if (key < before || Array.isArray(member) || (typeof member === 'object' && member !== null && !isSorted(member)))
      return false
    before = key
  }
  return true
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object' || isSorted(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  )
}

/** JSON with sorted keys, one element of a top-level list a line: equal documents are equal texts. */
export const canonical = (document: object): string => {
  const members = Object.entries(document)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => {
      const text = (member: unknown) => JSON.stringify(sorted(member))
      const lines = Array.isArray(value) && value.length > 0 ? `[\n${value.map(text).join(',\n')}\n]` : text(value)
      return `${JSON.stringify(key)}: ${lines}`
    })
  return `{\n${members.join(',\n')}\n}\n`
}
