import { MonthText } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { type Contribution, daysIn, emptyAggregates, PROGRAMME } from './aggregate.ts'
import { behind } from './behind.ts'
import { addRow } from './contribution.ts'
import { Evidence, evidenceOf, factIn } from './evidence.ts'
import type { PublishedRate, Transaction } from './fact.ts'
import { type RateTable, rateTable } from './rates.ts'
import { emptyRow, type Row } from './row.ts'
import { contributionsBehind, monthsOf, sectionOf, type Value, type ValueName, valueIn } from './value.ts'

/** A part of a sum; without a month it is of all of them, without a partner of the whole programme. */
export const Part = z.named(
  z.object({
    family: z.described(
      z.string(),
      'which sums: retention-12, revenue, customers, spend, partner-cost, onboarding, first-revenue …',
    ),
    month: z.optional(MonthText),
    partnerId: z.optional(z.string()),
    measure: z.described(
      z.string(),
      'which of them: base, now, kept, sourced, payouts …; the day of the month where days are counted',
    ),
    amount: z.described(z.int(), 'in minor units of the reporting currency, or a count'),
  }),
  'Part',
)
export type Part = z.infer<typeof Part>

export const Subject = z.object({ kind: z.enum(['account', 'partner', 'costs', 'rates']), id: z.optional(z.string()) })
export type Subject = z.infer<typeof Subject>

/** One row behind a value: what it adds, and the facts that make it so. */
export const Line = z.named(
  z.object({
    row: Subject,
    parts: z.array(Part),
    facts: z.array(Evidence),
    foreign: z.described(
      z.array(Evidence),
      'transactions of other accounts that correct one of this row, or are corrected by one',
    ),
    withheld: z.described(z.optional(z.int()), 'facts of others that are not shown to a partner'),
  }),
  'LineageLine',
)
export type Line = z.infer<typeof Line>

export const partsIn = (contributions: Contribution[]): Part[] =>
  contributions.map(({ family, year, scope, cell, value: amount }) => ({
    family,
    ...(year > 0 && { month: `${year}-${cell.slice(0, 2)}` }),
    ...(scope !== PROGRAMME && { partnerId: scope }),
    measure: year > 0 ? cell.slice(3) : cell,
    amount,
  }))

/** The row that a key names, as people call it. */
export const subjectOf = (key: string): Subject => {
  const [kind = '', id] = [key.slice(0, key.indexOf('#')), key.slice(key.indexOf('#') + 1)]
  if (kind === 'ACCOUNT') return { kind: 'account', id }
  if (kind === 'PARTNER') return { kind: 'partner', id }
  return kind === 'COST' ? { kind: 'costs', id: id.replace(/^-#/, '') } : { kind: 'rates' }
}

/** The line of a row and the rates that it needs, by event id; undefined if the row adds nothing to the value. */
export const lineOf = (key: string, row: Row, name: ValueName, rates: RateTable) => {
  const aggregates = emptyAggregates()
  addRow(aggregates, row, rates, monthsOf(name).last)
  const parts = partsIn(contributionsBehind(aggregates, name))
  if (parts.length === 0) return undefined
  const scopes = [...aggregates.daily['first-revenue'].keys()]
  const latestRevenue = Math.max(...scopes.flatMap((scope) => daysIn(aggregates, 'first-revenue', scope)))
  const { factIds, rateIds } = behind(row, name, latestRevenue, rates)
  const shown = [row.facts, row.foreign].map((facts) => [...facts.values()].filter(({ id }) => factIds.has(id)).map(evidenceOf))
  const [facts = [], foreign = []] = shown
  return { line: { row: subjectOf(key), parts, facts, foreign }, rateIds }
}

const rowIn = ({ facts, foreign }: Pick<Line, 'facts' | 'foreign'>): Row => {
  const row = emptyRow()
  for (const fact of facts.map(factIn)) row.facts.set(fact.id, fact)
  for (const fact of foreign.map(factIn)) row.foreign.set(fact.id, fact as Transaction)
  return row
}

type Listed = { lines: Pick<Line, 'facts' | 'foreign'>[]; rates: Evidence[] }
type By = { currency: string; grossMargin: number; asOfDay: number }

/** The value that the engine computes from nothing but what lineage lists. */
export const recomputed = ({ lines, rates }: Listed, name: ValueName, { currency, ...by }: By): Value => {
  const table = rateTable(
    rates.map(factIn).filter((fact): fact is PublishedRate => fact.type === 'rate'),
    currency,
  )
  const aggregates = emptyAggregates()
  for (const line of lines) addRow(aggregates, rowIn(line), table, monthsOf(name).last)
  return valueIn(sectionOf(aggregates, name, by), name)
}
