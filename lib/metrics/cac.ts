import { allocate, exact } from '../core/amount.ts'
import { monthText } from '../core/calendar.ts'
import type { Account } from './account.ts'
import { type Aggregates, add, type Monthly, measureOf, PROGRAMME, read, seriesOf } from './aggregate.ts'
import { creditOn } from './attachment.ts'
import { lastDay } from './calendar.ts'
import type { Cost, Untold } from './fact.ts'
import { boundsOf, type Recurring, recurringOf } from './mrr.ts'
import { convert, type RateTable } from './rates.ts'
import { flag, type Ratio, ratio } from './ratio.ts'

export type Flagged = Ratio & { rateExtrapolated?: true }
export type AcquisitionCost = { from: string; to: string; partner: Flagged; direct: Flagged; blended: Flagged }

const NEW = { partner: measureOf('customers', 'partner'), direct: measureOf('customers', 'direct') }
const SPENT = {
  partner: measureOf('spend', 'partner'),
  direct: measureOf('spend', 'direct'),
  shared: measureOf('spend', 'shared'),
}
const EXTRAPOLATED = {
  partner: measureOf('spend', 'partner-extrapolated'),
  direct: measureOf('spend', 'direct-extrapolated'),
  shared: measureOf('spend', 'shared-extrapolated'),
}

const firstPaying = (recurring: Recurring, rates: RateTable): number | undefined => {
  const { first, last } = boundsOf(recurring)
  for (let month = first; month <= last; month++) {
    if (recurringOf(recurring, month, rates, lastDay(month)).amount > 0) return month
  }
  return undefined
}

/** A new customer in its first month with recurring revenue; partner-engaged if a partner sources or influences it by then. */
export const addCustomer = (aggregates: Aggregates, { spans, recurring }: Account, rates: RateTable) => {
  const month = firstPaying(recurring, rates)
  if (month === undefined) return
  const { sourcing, influencing } = creditOn(spans, lastDay(month))
  add(seriesOf(aggregates, 'customers'), month, sourcing || influencing.length > 0 ? NEW.partner : NEW.direct, 1)
}

export const addSpend = (aggregates: Aggregates, costs: Untold<Cost>[], rates: RateTable) => {
  for (const { purpose, channel, amount, currency, month } of costs) {
    if (purpose !== 'acquisition') continue
    const series = seriesOf(aggregates, 'spend')
    const value = convert(rates, amount, currency, lastDay(month))
    add(series, month, SPENT[channel], value.amount)
    if (value.extrapolated) add(series, month, EXTRAPOLATED[channel], 1)
  }
}

/** The acquisition cost of a new customer over a range of months; `shared` spend follows the new customers. */
export const acquisitionCostOf = (aggregates: Aggregates, from: number, to: number): AcquisitionCost => {
  const total = (family: Monthly, measure: number) => {
    const series = aggregates.monthly[family].get(PROGRAMME)
    let sum = 0
    for (let month = from; month <= to; month++) sum += read(series, month, measure)
    return exact(sum, `${family} from ${monthText(from)} to ${monthText(to)}`)
  }
  const flagged = (channel: Cost['channel']) => total('spend', EXTRAPOLATED[channel]) > 0
  const [partners, directs] = [total('customers', NEW.partner), total('customers', NEW.direct)]
  const shared = allocate(total('spend', SPENT.shared), partners === directs ? [1, 1] : [partners, directs])
  const [partner, direct] = [total('spend', SPENT.partner), total('spend', SPENT.direct)]
  const spend = { partner: partner + (shared[0] ?? 0), direct: direct + (shared[1] ?? 0) }
  const flags = { partner: flagged('partner') || flagged('shared'), direct: flagged('direct') || flagged('shared') }
  return {
    from: monthText(from),
    to: monthText(to),
    partner: { ...ratio(spend.partner, partners), ...flag(flags.partner) },
    direct: { ...ratio(spend.direct, directs), ...flag(flags.direct) },
    blended: { ...ratio(spend.partner + spend.direct, partners + directs), ...flag(flags.partner || flags.direct) },
  }
}
