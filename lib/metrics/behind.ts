import { lastDay, monthOf } from './calendar.ts'
import type { Cost, Fact, Transaction } from './fact.ts'
import { partsOf } from './mrr.ts'
import { type RateTable, rateOn } from './rates.ts'
import { emptyRow, type Row } from './row.ts'
import { type Counted, correctedBy, countedFactsIn } from './transaction.ts'
import { monthsOf, type ValueName } from './value.ts'

/** Days at whose rates an amount is converted. */
type Use = { fact: Transaction; days: number[] }

const isRecurring = ({ booking, kind }: Counted) => booking || kind === 'usage'

const touches = (counted: Counted, ...months: number[]) => {
  const { first, amounts } = partsOf(counted)
  return months.some((month) => first <= month && month < first + amounts.length)
}

const lastDaysFrom = (first: number, last: number) =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => lastDay(first + index))

/**
 * When an amount is converted for a value; undefined where it has no part in it. Retention takes both ends at the rate of the base
 * month; whether a customer is new is judged month by month up to the one in question. `until` is the last day of first revenue.
 */
const daysOf = (counted: Counted, name: ValueName, until: number): number[] | undefined => {
  const { booking, day, creditDay } = counted
  const { base, first, last } = monthsOf(name)
  const month = monthOf(day)
  switch (name.metric) {
    case 'nrr':
      return isRecurring(counted) && touches(counted, base, last) ? [lastDay(base)] : undefined
    case 'cac':
      return isRecurring(counted) && partsOf(counted).first <= last ? lastDaysFrom(partsOf(counted).first, last) : undefined
    case 'ttv':
      return !booking && day <= until ? [creditDay] : undefined
    default:
      return !booking && first <= month && month <= last ? [creditDay] : undefined
  }
}

const isTransaction = (fact: Fact): fact is Transaction => fact.type === 'transaction'

/** Those of the transactions that some of the others name or are named by: what is taken back has kind and day of the original. */
const related = (all: Transaction[], chosen: Transaction[], isFirstRevenue: boolean): Transaction[] => {
  const wanted = new Set(chosen.map(correctedBy))
  const originals = all.filter(({ transactionId }) => wanted.has(transactionId))
  // First revenue is what was not taken back later.
  const ids = new Set([...chosen, ...originals].map(({ transactionId }) => transactionId))
  const returns = isFirstRevenue ? all.filter((fact) => ids.has(correctedBy(fact) ?? '')) : []
  return [...originals, ...returns]
}

const transactionUses = (row: Row, name: ValueName, until: number, earlier: Row): Use[] => {
  const all = [...[...row.facts.values()].filter(isTransaction), ...row.foreign.values()]
  const chosen = [...countedFactsIn(row), ...countedFactsIn(earlier)].flatMap(({ fact, counted }) => {
    const days = daysOf(counted, name, until)
    return days ? [{ fact, days }] : []
  })
  const others = related(
    all,
    chosen.map(({ fact }) => fact),
    name.metric === 'ttv',
  )
  return [...chosen, ...others.map((fact) => ({ fact, days: [fact.day] }))]
}

const isCostOf = ({ purpose, channel, month, partnerId }: Cost, name: ValueName) => {
  const { first, last } = monthsOf(name)
  const isInMonths = first <= month && month <= last
  if (name.metric === 'cac') return isInMonths && purpose === 'acquisition'
  return name.metric === 'ropi' && isInMonths && channel !== 'shared' && partnerId === name.partnerId
}

/** Whether a fact that is no transaction has a part in a value; attachments have if they hold on a day that matters. */
const isOther = (fact: Fact, name: ValueName, latest: number): boolean => {
  if (fact.type === 'cost') return isCostOf(fact, name)
  if (fact.type === 'milestone') return name.metric === 'ttv' && fact.milestone === 'onboarding-complete'
  return (fact.type === 'attached' || fact.type === 'detached') && fact.day <= latest
}

/** What of a row a value is made of: its own facts, foreign ones that it corrects or is corrected by, and rates, all by event id. */
export type Behind = { factIds: Set<string>; rateIds: Set<string> }

/**
 * What is behind a value in a row. The engine makes the same value of these facts and rates alone. With the row as it was earlier also
 * what counts no more: an original that comes late may turn out to be a tax, and what takes it back with it.
 */
export const behind = (row: Row, name: ValueName, until: number, rates: RateTable, earlier = emptyRow()): Behind => {
  const uses = transactionUses(row, name, until, earlier)
  const latest = uses.reduce((day, { days }) => Math.max(day, ...days), -Infinity)
  const others = [...row.facts.values()].filter((fact) => isOther(fact, name, latest))
  const costs = others.filter((fact) => fact.type === 'cost')
  const converted = [
    ...uses.flatMap(({ fact, days }) => days.map((day) => ({ currency: fact.currency, day }))),
    ...costs.map(({ currency, month }) => ({ currency, day: lastDay(month) })),
  ]
  return {
    factIds: new Set([...uses.map(({ fact }) => fact.id), ...others.map(({ id }) => id)]),
    rateIds: new Set(converted.flatMap(({ currency, day }) => rateOn(rates, currency, day)?.id ?? [])),
  }
}
