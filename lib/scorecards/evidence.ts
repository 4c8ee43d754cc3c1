import { exact } from '../core/money.ts'
import { accountOf } from '../metrics/account.ts'
import {
  type Aggregates,
  emptyAggregates,
  type Family,
  type Item,
  itemsIn,
  NO_MONTH,
  PROGRAMME,
  read,
} from '../metrics/aggregate.ts'
import { creditOn } from '../metrics/attachment.ts'
import { lastDay } from '../metrics/calendar.ts'
import { addRow } from '../metrics/contribution.ts'
import { addWanted, customerSince } from '../metrics/cut.ts'
import { addRetention } from '../metrics/nrr.ts'
import type { RateTable } from '../metrics/rates.ts'
import type { Row } from '../metrics/row.ts'

const MONTHS = 12
const WINDOW = 'retention-12'

/** What rows amount to for scorecards of a month; measures are by partner. */
export type Evidence = {
  /** Everything that the metrics know, as far as a month's cards need it. */
  whole: Aggregates
  /** Retention of the accounts that a partner manages. */
  managed: Aggregates
  /** Accounts of the 12-month cohort that still pay. */
  renewed: Map<string, number>
  /** New customers of the 12 months. */
  sourced: Map<string, number>
}

export const emptyEvidence = (): Evidence => ({
  whole: emptyAggregates(),
  managed: emptyAggregates(),
  renewed: new Map(),
  sourced: new Map(),
})

const countOne = (counts: Map<string, number>, partnerId: string) => counts.set(partnerId, (counts.get(partnerId) ?? 0) + 1)

const isWanted =
  (month: number) =>
  ({ family, month: at }: Item): boolean => {
    if (at === NO_MONTH || ['last-day', 'onboarding', 'first-revenue'].includes(family)) return true
    if (family === WINDOW) return at === month
    return (family === 'revenue' || family === 'partner-cost') && month - MONTHS < at && at <= month
  }

/** A row is one account, so a partner's cohort in it is that account. */
const addRenewed = ({ renewed }: Evidence, own: Aggregates, month: number) => {
  for (const [scope, item] of itemsIn(own, WINDOW, month))
    if (scope !== PROGRAMME && read(item, 'now') > 0) countOne(renewed, scope)
}

const addSourced = ({ sourced }: Evidence, row: Row, own: Aggregates, month: number) => {
  const since = customerSince(own)
  if (since === undefined || since > month || since <= month - MONTHS) return
  const { sourcing } = creditOn(accountOf(row).spans, lastDay(since))
  if (sourcing !== undefined) countOne(sourced, sourcing)
}

const addManaged = ({ managed }: Evidence, row: Row, rates: RateTable, month: number) => {
  const account = accountOf(row)
  const spans = account.spans.filter(({ role }) => role === 'managed')
  const own = emptyAggregates()
  addRetention(own, { ...account, spans }, rates, month)
  addWanted(managed, own, isWanted(month))
}

/** Adds a row to the evidence; each row once. */
export const addEvidence = (evidence: Evidence, row: Row, rates: RateTable, month: number) => {
  const own = emptyAggregates()
  addRow(own, row, rates, month)
  addWanted(evidence.whole, own, isWanted(month))
  if (own.has('missing-rates')) return
  addRenewed(evidence, own, month)
  addSourced(evidence, row, own, month)
  addManaged(evidence, row, rates, month)
}

/** The revenue of a partner in the 12 months, in one of the views. */
export const revenueOf = ({ whole }: Evidence, partnerId: string, month: number, share: 'sourced' | 'influenced' | 'touched') => {
  let [sum, extrapolated] = [0, false]
  const view = share === 'touched' ? 'touches' : 'credits'
  for (let at = month - MONTHS + 1; at <= month; at++) {
    const item = itemsIn(whole, 'revenue', at).get(partnerId)
    sum += read(item, share)
    extrapolated ||= read(item, `${view}-extrapolated`) > 0
  }
  return { amount: exact(sum, `${share} revenue of ${partnerId}`), extrapolated }
}

/** The days of one partner alone, for the measures of partners that are made of them. */
export const daysOf = ({ whole }: Evidence, partnerId: string): Aggregates => {
  const alone = (family: Family) => [family, new Map([[partnerId, whole.get(family)?.get(partnerId) ?? new Map()]])] as const
  return new Map([alone('onboarding'), alone('first-revenue')])
}
