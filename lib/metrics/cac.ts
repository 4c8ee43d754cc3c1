import { allocate, exact } from '../core/money.ts'
import { monthText } from '../core/period.ts'
import type { Account } from './account.ts'
import { type Aggregates, add, type Family, itemOf, itemsIn, PROGRAMME, read } from './aggregate.ts'
import { creditOn } from './attachment.ts'
import { lastDay } from './calendar.ts'
import type { Cost } from './fact.ts'
import { monthsIn, recurringOf } from './mrr.ts'
import { convert, type RateTable } from './rates.ts'
import { flag, type Ratio, ratio } from './ratio.ts'

export type Flagged = Ratio & { rateExtrapolated?: true }
export type AcquisitionCost = { from: string; to: string; partner: Flagged; direct: Flagged; blended: Flagged }

/** A new customer in its first month with recurring revenue; partner-engaged if a partner sources or influences it by then. */
export const addCustomer = (aggregates: Aggregates, { spans, recurring }: Account, rates: RateTable) => {
  const month = monthsIn(recurring).find((month) => recurringOf(recurring, month, rates, lastDay(month)).amount > 0)
  if (month === undefined) return
  const { sourcing, influencing } = creditOn(spans, lastDay(month))
  add(itemOf(aggregates, 'customers', month), sourcing || influencing.length > 0 ? 'partner' : 'direct', 1)
}

export const addSpend = (aggregates: Aggregates, costs: Cost[], rates: RateTable) => {
  for (const { purpose, channel, amount, currency, month } of costs) {
    if (purpose !== 'acquisition') continue
    const item = itemOf(aggregates, 'spend', month)
    const value = convert(rates, amount, currency, lastDay(month))
    add(item, channel, value.amount)
    if (value.extrapolated) add(item, `${channel}-extrapolated`, 1)
  }
}

/** The acquisition cost of a new customer over a range of months; `shared` spend follows the new customers. */
export const acquisitionCostOf = (aggregates: Aggregates, from: number, to: number): AcquisitionCost => {
  const total = (family: Family, measure: string) => {
    let sum = 0
    for (let month = from; month <= to; month++) sum += read(itemsIn(aggregates, family, month).get(PROGRAMME), measure)
    return exact(sum, `${family} ${measure} from ${monthText(from)} to ${monthText(to)}`)
  }
  const flagged = (channel: Cost['channel']) => total('spend', `${channel}-extrapolated`) > 0
  const [partners, directs] = [total('customers', 'partner'), total('customers', 'direct')]
  const shared = allocate(total('spend', 'shared'), partners + directs === 0 ? [1, 1] : [partners, directs])
  const spend = { partner: total('spend', 'partner') + (shared[0] ?? 0), direct: total('spend', 'direct') + (shared[1] ?? 0) }
  const flags = { partner: flagged('partner') || flagged('shared'), direct: flagged('direct') || flagged('shared') }
  return {
    from: monthText(from),
    to: monthText(to),
    partner: { ...ratio(spend.partner, partners), ...flag(flags.partner) },
    direct: { ...ratio(spend.direct, directs), ...flag(flags.direct) },
    blended: { ...ratio(spend.partner + spend.direct, partners + directs), ...flag(flags.partner || flags.direct) },
  }
}
