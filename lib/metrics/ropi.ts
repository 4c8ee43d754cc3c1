import { exact, scale } from '../core/amount.ts'
import { monthText } from '../core/calendar.ts'
import { type Aggregates, add, measureOf, PROGRAMME, read, type Series, seriesOf } from './aggregate.ts'
import { lastDay } from './calendar.ts'
import type { Cost, Untold } from './fact.ts'
import { convert, type RateTable } from './rates.ts'
import { flag, quotientText, type Ratio, ratio } from './ratio.ts'
import { creditIn } from './revenue.ts'

export type PartnerReturn = {
  month: string
  partnerId: string
  revenue: string
  payouts: string
  ratio: Ratio
  net: string | null
  rateExtrapolated?: true
}

type Flow = { revenue: number; payouts: number; cost: number; entries: number; extrapolated: number }

/** Ten-thousandths: 0.8000 is 8000. */
export const MARGIN_UNITS = 10_000

const MONTHS = 12

const PAYOUTS = measureOf('partner-cost', 'payouts')
const COST = measureOf('partner-cost', 'cost')
const ENTRIES = measureOf('partner-cost', 'entries')
const EXTRAPOLATED = measureOf('partner-cost', 'extrapolated')

/** Payouts and costs of single partners; what is shared or names no partner belongs to none. */
export const addPartnerCost = (aggregates: Aggregates, costs: Untold<Cost>[], rates: RateTable) => {
  for (const { purpose, channel, partnerId, amount, currency, month } of costs) {
    if (!partnerId || channel === 'shared') continue
    const series = seriesOf(aggregates, 'partner-cost', partnerId)
    const value = convert(rates, amount, currency, lastDay(month))
    add(series, month, purpose === 'payout' ? PAYOUTS : COST, value.amount)
    add(series, month, ENTRIES, 1)
    if (value.extrapolated) add(series, month, EXTRAPOLATED, 1)
  }
}

/** The sums of a partner over the 12 months that end with `last`. */
const flowOf = (revenue: Series | undefined, cost: Series | undefined, last: number): Flow => {
  const flow = { revenue: 0, payouts: 0, cost: 0, entries: 0, extrapolated: 0 }
  for (let month = last - MONTHS + 1; month <= last; month++) {
    const { sourced, influenced, credits, extrapolated } = creditIn(revenue, month)
    flow.revenue += sourced + influenced
    flow.payouts += read(cost, month, PAYOUTS)
    flow.cost += read(cost, month, COST)
    flow.entries += credits + read(cost, month, ENTRIES)
    flow.extrapolated += extrapolated + read(cost, month, EXTRAPOLATED)
  }
  return flow
}

const differenceOf = (a: number, b: number) => (Number.isSafeInteger(a - b) ? a - b : BigInt(a) - BigInt(b))

const returnOf = (partnerId: string, month: number, flow: Flow, grossMargin: number): PartnerReturn => {
  const where = `return on ${partnerId} in ${monthText(month)}`
  const [revenue, payouts, cost] = [exact(flow.revenue, where), exact(flow.payouts, where), exact(flow.cost, where)]
  const profit = exact(scale(revenue, { numerator: grossMargin, denominator: MARGIN_UNITS }) - payouts, where)
  return {
    month: monthText(month),
    net: cost === 0 ? null : quotientText(differenceOf(profit, cost), cost),
    partnerId,
    payouts: String(payouts),
    ...flag(flow.extrapolated > 0),
    ratio: ratio(profit, cost),
    revenue: String(revenue),
  }
}

/** Profit of a partner over what the partner costs, in the 12 months up to and including this one. */
export const returnsOf = (aggregates: Aggregates, month: number, grossMargin: number): PartnerReturn[] => {
  const returns: PartnerReturn[] = []
  const { revenue: revenues, 'partner-cost': costs } = aggregates.monthly
  const addReturn = (partnerId: string, revenue: Series | undefined, cost: Series | undefined) => {
    const flow = flowOf(revenue, cost, month)
    if (partnerId !== PROGRAMME && flow.entries > 0) returns.push(returnOf(partnerId, month, flow, grossMargin))
  }
  for (const [partnerId, revenue] of revenues) addReturn(partnerId, revenue, costs.get(partnerId))
  for (const [partnerId, cost] of costs) if (!revenues.has(partnerId)) addReturn(partnerId, undefined, cost)
  return returns
}
