import { splitEqually } from '../core/amount.ts'
import { monthText } from '../core/calendar.ts'
import type { Account } from './account.ts'
import { type Aggregates, addAt, measureOf, PROGRAMME, placeIn, read, type Series, seriesOf } from './aggregate.ts'
import { creditOn } from './attachment.ts'
import { monthOf } from './calendar.ts'
import { type Converted, convert, type RateTable } from './rates.ts'
import { flag } from './ratio.ts'
import type { Counted } from './transaction.ts'

export type PartnerRevenue = {
  month: string
  partnerId: string
  sourced: string
  influenced: string
  touched: string
  rateExtrapolated?: true
}
export type TotalRevenue = {
  month: string
  sourced: string
  influenced: string
  direct: string
  total: string
  rateExtrapolated?: true
}

const SOURCED = measureOf('revenue', 'sourced')
const INFLUENCED = measureOf('revenue', 'influenced')
const DIRECT = measureOf('revenue', 'direct')
const TOUCHED = measureOf('revenue', 'touched')
const CREDITS = measureOf('revenue', 'credits')
const CREDITS_EXTRAPOLATED = measureOf('revenue', 'credits-extrapolated')
const TOUCHES = measureOf('revenue', 'touches')
const TOUCHES_EXTRAPOLATED = measureOf('revenue', 'touches-extrapolated')

const addShare = (series: Series, month: number, share: number, { amount, extrapolated }: Converted) => {
  const place = placeIn(series, month)
  addAt(series, place, share, amount)
  addAt(series, place, share === TOUCHED ? TOUCHES : CREDITS, 1)
  if (extrapolated) addAt(series, place, share === TOUCHED ? TOUCHES_EXTRAPOLATED : CREDITS_EXTRAPOLATED, 1)
}

const addInfluenced = (aggregates: Aggregates, month: number, partnerIds: string[], { amount, extrapolated }: Converted) => {
  const parts = splitEqually(amount, partnerIds.length)
  partnerIds.forEach((partnerId, index) => {
    addShare(seriesOf(aggregates, 'revenue', partnerId), month, INFLUENCED, { amount: parts[index] ?? 0, extrapolated })
  })
}

const addTransaction = (aggregates: Aggregates, spans: Account['spans'], transaction: Counted, rates: RateTable) => {
  const { amount, currency, day, sellerId, creditDay } = transaction
  const month = monthOf(day)
  const value = convert(rates, amount, currency, creditDay)
  const { sourcing, influencing } = creditOn(spans, creditDay)
  const partnerId = sellerId ?? sourcing
  const share = partnerId ? SOURCED : influencing.length > 0 ? INFLUENCED : DIRECT
  addShare(seriesOf(aggregates, 'revenue'), month, share, value)
  if (partnerId) addShare(seriesOf(aggregates, 'revenue', partnerId), month, SOURCED, value)
  else addInfluenced(aggregates, month, influencing, value)
  if (sourcing && sourcing !== partnerId) addShare(seriesOf(aggregates, 'revenue', sourcing), month, TOUCHED, value)
  for (const other of influencing) {
    if (other !== partnerId) addShare(seriesOf(aggregates, 'revenue', other), month, TOUCHED, value)
  }
}

/** Primary credit, which adds up to the revenue, and the touch view, which does not. */
export const addRevenue = (aggregates: Aggregates, { spans, counted }: Account, rates: RateTable) => {
  for (const transaction of counted) if (!transaction.booking) addTransaction(aggregates, spans, transaction, rates)
}

/** What a scope gets by primary credit in a month, and how many transactions give it. */
export const creditIn = (series: Series | undefined, month: number) => ({
  sourced: read(series, month, SOURCED),
  influenced: read(series, month, INFLUENCED),
  credits: read(series, month, CREDITS),
  extrapolated: read(series, month, CREDITS_EXTRAPOLATED),
})

const partnerRevenue = (partnerId: string, series: Series, month: number): PartnerRevenue[] => {
  const { sourced, influenced, credits, extrapolated } = creditIn(series, month)
  if (credits + read(series, month, TOUCHES) <= 0) return []
  const touched = String(read(series, month, TOUCHED))
  const flagged = flag(extrapolated + read(series, month, TOUCHES_EXTRAPOLATED) > 0)
  return [{ influenced: String(influenced), month: monthText(month), partnerId, ...flagged, sourced: String(sourced), touched }]
}

/** The revenue of the partners in a month. */
export const partnerRevenueOf = (aggregates: Aggregates, month: number): PartnerRevenue[] =>
  [...aggregates.monthly.revenue].flatMap(([scope, series]) => (scope === PROGRAMME ? [] : partnerRevenue(scope, series, month)))

/** The revenue of a month by primary credit. */
export const totalRevenueOf = (aggregates: Aggregates, month: number): TotalRevenue => {
  const series = aggregates.monthly.revenue.get(PROGRAMME)
  const { sourced, influenced, extrapolated } = creditIn(series, month)
  const direct = read(series, month, DIRECT)
  return {
    month: monthText(month),
    sourced: String(sourced),
    influenced: String(influenced),
    direct: String(direct),
    total: String(BigInt(sourced) + BigInt(influenced) + BigInt(direct)),
    ...flag(extrapolated > 0),
  }
}
