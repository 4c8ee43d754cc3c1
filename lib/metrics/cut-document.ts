import { dayNumber, monthText } from '../core/period.ts'
import { type Aggregates, emptyAggregates, PROGRAMME, WINDOWS } from './aggregate.ts'
import { type AcquisitionCost, acquisitionCostOf } from './cac.ts'
import { type Cut, isOfPartners } from './cut.ts'
import { type CutQuery, type CutSums, scopeOf } from './cut-sums.ts'
import { documentOf, type MetricsDocument, type MissingRates, type Settings } from './document.ts'
import { type Retention, retentionOf } from './nrr.ts'
import { creditIn, type PartnerRevenue, partnerRevenueOf, type TotalRevenue, totalRevenueOf } from './revenue.ts'
import { type PartnerReturn, returnsOf } from './ropi.ts'
import type { Survival } from './survival.ts'
import { type TimeToValue, timeToValueOf } from './ttv.ts'

type Of<Row> = { value: string } & Omit<Row, 'month' | 'partnerId' | 'cohort'>
type CustomerCost = { value: string; partner: AcquisitionCost['partner'] }

/** A list that the definition does not give for a cut is absent. */
export type CutDocument = {
  definitions: 1
  currency: string
  asOfDay: string | null
  /** How many events the answer is made of. */
  knownEvents: number
  by: Cut
  period: string
  nrr: Of<Retention>[]
  revenue: (Of<TotalRevenue> | Of<PartnerRevenue>)[]
  revenueTotals: TotalRevenue[]
  ttv?: ({ value: string } & Survival)[]
  cac?: CustomerCost[]
  ropi?: Of<PartnerReturn>[]
}

/** A value, its sums, and the scope in them that is told. */
type Told = { value: string; piece: Aggregates; scope: string }

const nameOf = (scope: string) => (scope === PROGRAMME ? 'all' : scope)

const under =
  (value: string) =>
  <Row extends { month?: string; partnerId?: string; cohort?: string }>({
    month: _,
    partnerId: __,
    cohort: ___,
    ...row
  }: Row) => ({
    value,
    ...row,
  })

const retentionIn = ({ value, piece, scope }: Told, month: number): Of<Retention>[] =>
  WINDOWS.flatMap((window) => retentionOf(piece, month, window))
    .filter((row) => row.partnerId === nameOf(scope) && row.accounts > 0)
    .map(under(value))

const revenueIn = ({ value, piece, scope }: Told, month: number): CutDocument['revenue'] => {
  if (scope === PROGRAMME) {
    const { credits } = creditIn(piece.monthly.revenue.get(PROGRAMME), month)
    return credits > 0 ? [under(value)(totalRevenueOf(piece, month))] : []
  }
  return partnerRevenueOf(piece, month)
    .filter(({ partnerId }) => partnerId === scope)
    .map(under(value))
}

const daysIn = (rows: TimeToValue[], nameIn: (cohort: string) => string | undefined) =>
  rows.flatMap((row) => {
    const value = nameIn(row.cohort)
    return value === undefined || row.n === 0 ? [] : [under(value)(row)]
  })

/** Partners of a group from their own start; for marketplaces and products all partners start, and those without a sale there wait. */
const timeToValueIn = ({ value, piece }: Told, { cut }: CutQuery, whole: Aggregates, asOfDay: number) => {
  const started = isOfPartners(cut) ? piece : { ...piece, daily: { ...piece.daily, onboarding: whole.daily.onboarding } }
  return daysIn(timeToValueOf(started, asOfDay), (cohort) => (cohort === 'all' ? value : undefined))
}

const costsIn = ({ value, piece }: Told, month: number): CustomerCost[] => {
  const { partner } = acquisitionCostOf(piece, month, month)
  return partner.numerator === '0' && partner.denominator === '0' ? [] : [{ value, partner }]
}

const returnsIn = ({ value, piece }: Told, month: number, grossMargin: number) =>
  returnsOf(piece, month, grossMargin).map(under(value))

const headOf = ({ definitions, currency, asOfDay, knownEvents }: MetricsDocument) => ({
  definitions,
  currency,
  asOfDay,
  knownEvents,
})

/** The metrics of a month by a cut, or the exchange rates that are missing. */
export const cutDocumentOf = (
  { whole, pieces }: CutSums,
  query: CutQuery,
  settings: Omit<Settings, 'period'>,
): CutDocument | MissingRates => {
  const { cut, month, partnerId } = query
  const document = documentOf(whole, { ...settings, period: monthText(month) })
  if ('error' in document) return document
  // As in the document of the programme, a month past the last known day has no rows.
  const values = document.revenueTotals.length === 0 ? [] : [...pieces.keys()].sort()
  const told = values.map(
    (value): Told => ({ value, piece: pieces.get(value) ?? emptyAggregates(), scope: scopeOf(query, value) }),
  )
  const asOfDay = document.asOfDay === null ? undefined : dayNumber(document.asOfDay)
  const days = (day: number) =>
    cut === 'cohort'
      ? daysIn(timeToValueOf(whole, day), (cohort) => (cohort === 'all' ? undefined : cohort))
      : told.flatMap((each) => timeToValueIn(each, query, whole, day))
  return {
    ...headOf(document),
    by: cut,
    period: monthText(month),
    nrr: told.flatMap((each) => retentionIn(each, month)),
    revenue: told.flatMap((each) => revenueIn(each, month)),
    revenueTotals: partnerId === undefined ? document.revenueTotals : [],
    ...(partnerId === undefined && { ttv: asOfDay === undefined ? [] : days(asOfDay) }),
    ...(isOfPartners(cut) && {
      cac: told.flatMap((each) => costsIn(each, month)),
      ropi: told.flatMap((each) => returnsIn(each, month, settings.grossMargin)),
    }),
  }
}
