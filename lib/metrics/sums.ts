import type { Account } from './account.ts'
import {
  type Aggregates,
  add,
  addDay,
  count,
  daysIn,
  emptyAggregates,
  type Monthly,
  PROGRAMME,
  type Series,
  seriesOf,
} from './aggregate.ts'
import { addCustomer } from './cac.ts'
import type { RateTable } from './rates.ts'

type Cell = { month: number; measure: number; value: number }

/** The sums of a scope that are not zero. */
export const cellsIn = function* ({ first, width, cells }: Series): Generator<Cell, undefined> {
  for (const [at, value] of cells.entries())
    if (value !== 0) yield { month: first + Math.floor(at / width), measure: at % width, value }
}

/** The month in which an account became a customer; undefined if it never did. */
export const customerSince = (account: Account, rates: RateTable): number | undefined => {
  const own = emptyAggregates()
  addCustomer(own, account, rates)
  const series = own.monthly.customers.get(PROGRAMME)
  return series && cellsIn(series).next().value?.month
}

/** Whether some amount has no exchange rate: then there are no metrics, only the pairs that are missing. */
export const lacksRates = ({ named }: Aggregates) => named['missing-rates'].size > 0

type IsWanted = (family: Monthly, month: number, scope: string) => boolean

const addMonths = (into: Aggregates, { monthly }: Aggregates, isWanted: IsWanted) => {
  for (const scopes of Object.values(monthly)) {
    for (const series of scopes.values()) {
      const { family, scope } = series
      for (const { month, measure, value } of cellsIn(series))
        if (isWanted(family, month, scope)) add(seriesOf(into, family, scope), month, measure, value)
    }
  }
}

/** Aggregates with those monthly sums that are wanted, and all that is counted by day and by name. */
export const pruned = (from: Aggregates, isWanted: IsWanted): Aggregates => {
  const into = emptyAggregates()
  addMonths(into, from, isWanted)
  for (const family of ['onboarding', 'first-revenue', 'last-day'] as const)
    for (const scope of from.daily[family].keys()) for (const day of daysIn(from, family, scope)) addDay(into, family, day, scope)
  for (const family of ['events', 'first-month', 'missing-rates'] as const)
    for (const [name, times] of from.named[family]) count(into, family, name, times)
  return into
}
