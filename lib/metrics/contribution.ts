import { monthText } from '../core/calendar.ts'
import { type Account, accountOf } from './account.ts'
import { type Aggregates, addDay, type Contribution, contributionsIn, count, emptyAggregates } from './aggregate.ts'
import { addCustomer, addSpend } from './cac.ts'
import { monthOf } from './calendar.ts'
import type { Cost, Fact, Milestone, Untold } from './fact.ts'
import { addRetention } from './nrr.ts'
import { hasRate, type RateTable } from './rates.ts'
import { addRevenue } from './revenue.ts'
import { addPartnerCost } from './ropi.ts'
import type { Row } from './row.ts'
import { addFirstRevenue, addOnboarding } from './ttv.ts'

type Parts = { account: Account; milestones: Untold<Milestone>[]; costs: Untold<Cost>[] }

const factsOf = <Type extends Fact['type']>({ facts }: Row, type: Type) =>
  [...facts.values()].filter((fact): fact is Extract<Fact, { type: Type }> => fact.type === type)

const partsIn = (row: Row): Parts => ({
  account: accountOf(row),
  milestones: factsOf(row, 'milestone'),
  costs: factsOf(row, 'cost'),
})

const missingRates = ({ account, costs }: Parts, rates: RateTable): string[] => {
  const missing = new Set<string>()
  for (const { currency } of account.counted) if (!hasRate(rates, currency)) missing.add(currency)
  for (const { currency } of costs) if (!hasRate(rates, currency)) missing.add(currency)
  return [...missing]
}

/** Events are counted by the year in which they count: so it is known which years there are. */
export const addEvents = (aggregates: Aggregates, year: number, events: number) =>
  count(aggregates, 'events', String(year), events)

const yearOf = (fact: Fact) => Math.floor((fact.type === 'cost' ? fact.month : monthOf(fact.day)) / 12)

/** The smallest month and the largest day that the row knows of. */
const addBounds = (aggregates: Aggregates, { account, milestones, costs }: Parts) => {
  let [firstDay, last] = [Infinity, account.lastAttachment]
  for (const { day, service } of account.counted) {
    firstDay = Math.min(firstDay, day, service?.from ?? day)
    last = Math.max(last, day)
  }
  let first = firstDay < Infinity ? monthOf(firstDay) : Infinity
  for (const { month } of costs) first = Math.min(first, month)
  for (const { day } of milestones) last = Math.max(last, day)
  if (first < Infinity) count(aggregates, 'first-month', monthText(first))
  if (last > -Infinity) addDay(aggregates, 'last-day', last)
}

/** Adds what the parts of a row contribute, but for the number of its events. */
export const addParts = (aggregates: Aggregates, parts: Parts, rates: RateTable, until: number) => {
  const missing = missingRates(parts, rates)
  for (const currency of missing) count(aggregates, 'missing-rates', currency)
  if (missing.length > 0) return
  addBounds(aggregates, parts)
  addRetention(aggregates, parts.account, rates, until)
  addRevenue(aggregates, parts.account, rates)
  addFirstRevenue(aggregates, parts.account)
  addCustomer(aggregates, parts.account, rates)
  addOnboarding(aggregates, parts.milestones)
  addSpend(aggregates, parts.costs, rates)
  addPartnerCost(aggregates, parts.costs, rates)
}

/**
 * Adds what a row contributes: a function of its facts and the rates alone, so that the sum over rows is all there is.
 * Who never reads retention after the month `until` need not have it added.
 */
export const addRow = (aggregates: Aggregates, row: Row, rates: RateTable, until = Infinity) => {
  for (const fact of row.facts.values()) addEvents(aggregates, yearOf(fact), 1)
  addParts(aggregates, partsIn(row), rates, until)
}

/** What a row contributes, each address once. */
export const contributionsOf = (row: Row, rates: RateTable): Contribution[] => {
  const aggregates = emptyAggregates()
  addRow(aggregates, row, rates)
  return contributionsIn(aggregates)
}
