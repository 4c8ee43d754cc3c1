import { monthText } from '../core/period.ts'
import { type Account, accountOf } from './account.ts'
import { type Aggregates, add, type Contribution, contributionsIn, emptyAggregates, itemOf, NO_MONTH } from './aggregate.ts'
import { addCustomer, addSpend } from './cac.ts'
import { monthOf } from './calendar.ts'
import type { Cost, Fact, Milestone } from './fact.ts'
import { addRetention } from './nrr.ts'
import { hasRate, type RateTable } from './rates.ts'
import { addRevenue } from './revenue.ts'
import { addPartnerCost } from './ropi.ts'
import type { Row } from './row.ts'
import { addDay, addFirstRevenue, addOnboarding } from './ttv.ts'

type Parts = { account: Account; milestones: Milestone[]; costs: Cost[] }

const factsOf = <Type extends Fact['type']>({ facts }: Row, type: Type) =>
  [...facts.values()].filter((fact): fact is Extract<Fact, { type: Type }> => fact.type === type)

const missingRates = ({ account, costs }: Parts, rates: RateTable): Set<string> => {
  const used = [...account.counted.map(({ fact }) => fact), ...costs].map(({ currency }) => currency)
  return new Set(used.filter((currency) => !hasRate(rates, currency)))
}

const addEvents = (aggregates: Aggregates, row: Row) => {
  const item = itemOf(aggregates, 'events', NO_MONTH)
  for (const fact of row.facts.values()) {
    const month = fact.type === 'cost' ? fact.month : monthOf(fact.day)
    add(item, String(Math.floor(month / 12)), 1)
  }
}

/** The smallest month and the largest day that the row knows of. */
const addBounds = (aggregates: Aggregates, { account, milestones, costs }: Parts) => {
  const starts = account.counted.map(({ fact }) => monthOf(Math.min(fact.day, fact.service?.from ?? fact.day)))
  const first = [...starts, ...costs.map(({ month }) => month)].reduce((a, b) => Math.min(a, b), Infinity)
  if (first < Infinity) add(itemOf(aggregates, 'first-month', NO_MONTH), monthText(first), 1)
  const known = [...account.counted.map(({ fact }) => fact), ...account.attachments, ...milestones]
  const last = known.reduce((latest, { day }) => Math.max(latest, day), -Infinity)
  if (last > -Infinity) addDay(aggregates, 'last-day', last)
}

/**
 * Adds what a row contributes: a function of its facts and the rates alone, so that the sum over rows is all there is.
 * Who never reads retention after the month `until` need not have it added.
 */
export const addRow = (aggregates: Aggregates, row: Row, rates: RateTable, until = Infinity) => {
  addEvents(aggregates, row)
  const parts = { account: accountOf(row), milestones: factsOf(row, 'milestone'), costs: factsOf(row, 'cost') }
  const missing = missingRates(parts, rates)
  for (const currency of missing) add(itemOf(aggregates, 'missing-rates', NO_MONTH), currency, 1)
  if (missing.size > 0) return
  addBounds(aggregates, parts)
  addRetention(aggregates, parts.account, rates, until)
  addRevenue(aggregates, parts.account, rates)
  addFirstRevenue(aggregates, parts.account)
  addCustomer(aggregates, parts.account, rates)
  addOnboarding(aggregates, parts.milestones)
  addSpend(aggregates, parts.costs, rates)
  addPartnerCost(aggregates, parts.costs, rates)
}

/** What a row contributes, each address once. */
export const contributionsOf = (row: Row, rates: RateTable): Contribution[] => {
  const aggregates = emptyAggregates()
  addRow(aggregates, row, rates)
  return contributionsIn(aggregates)
}
