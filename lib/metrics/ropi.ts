import { exact, scale } from '../core/money.ts'
import { monthText } from '../core/period.ts'
import { type Aggregates, add, type Item, itemOf, itemsIn, PROGRAMME, read } from './aggregate.ts'
import { lastDay } from './calendar.ts'
import type { Cost } from './fact.ts'
import { convert, type RateTable } from './rates.ts'
import { flag, quotientText, type Ratio, ratio } from './ratio.ts'

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

/** Payouts and costs of single partners; what is shared or names no partner belongs to none. */
export const addPartnerCost = (aggregates: Aggregates, costs: Cost[], rates: RateTable) => {
  for (const { purpose, channel, partnerId, amount, currency, month } of costs) {
    if (!partnerId || channel === 'shared') continue
    const item = itemOf(aggregates, 'partner-cost', month, partnerId)
    const value = convert(rates, amount, currency, lastDay(month))
    add(item, purpose === 'payout' ? 'payouts' : 'cost', value.amount)
    add(item, 'entries', 1)
    if (value.extrapolated) add(item, 'extrapolated', 1)
  }
}

const plus = (flow: Flow | undefined, revenue: Item | undefined, cost: Item | undefined): Flow => ({
  revenue: (flow?.revenue ?? 0) + read(revenue, 'sourced') + read(revenue, 'influenced'),
  payouts: (flow?.payouts ?? 0) + read(cost, 'payouts'),
  cost: (flow?.cost ?? 0) + read(cost, 'cost'),
  entries: (flow?.entries ?? 0) + read(revenue, 'credits') + read(cost, 'entries'),
  extrapolated: (flow?.extrapolated ?? 0) + read(revenue, 'credits-extrapolated') + read(cost, 'extrapolated'),
})

const flowsUpTo = (aggregates: Aggregates, last: number): Map<string, Flow> => {
  const flows = new Map<string, Flow>()
  for (let month = last - MONTHS + 1; month <= last; month++) {
    for (const [scope, item] of itemsIn(aggregates, 'revenue', month)) flows.set(scope, plus(flows.get(scope), item, undefined))
    for (const [scope, item] of itemsIn(aggregates, 'partner-cost', month))
      flows.set(scope, plus(flows.get(scope), undefined, item))
  }
  flows.delete(PROGRAMME)
  return flows
}

/** Profit of a partner over what the partner costs, in the 12 months up to and including this one. */
export const returnsOf = (aggregates: Aggregates, month: number, grossMargin: number): PartnerReturn[] => {
  const returns: PartnerReturn[] = []
  for (const [partnerId, flow] of flowsUpTo(aggregates, month)) {
    if (flow.entries <= 0) continue
    const where = `return on ${partnerId} in ${monthText(month)}`
    const [revenue, payouts, cost] = [exact(flow.revenue, where), exact(flow.payouts, where), exact(flow.cost, where)]
    const profit = exact(scale(revenue, { numerator: grossMargin, denominator: MARGIN_UNITS }) - payouts, where)
    returns.push({
      month: monthText(month),
      partnerId,
      revenue: String(revenue),
      payouts: String(payouts),
      ratio: ratio(profit, cost),
      net: cost === 0 ? null : quotientText(BigInt(profit) - BigInt(cost), BigInt(cost)),
      ...flag(flow.extrapolated > 0),
    })
  }
  return returns
}
