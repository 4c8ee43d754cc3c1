import { monthText } from '../core/calendar.ts'
import type { Account } from './account.ts'
import {
  type Aggregates,
  addAt,
  measureOf,
  PROGRAMME,
  placeIn,
  read,
  type Series,
  seriesIn,
  WINDOWS,
  type Window,
} from './aggregate.ts'
import { attachedOn } from './attachment.ts'
import { lastDay } from './calendar.ts'
import { boundsOf, recurringOf } from './mrr.ts'
import type { Converted, RateTable } from './rates.ts'
import { flag, type Ratio, ratio } from './ratio.ts'

export type Retention = {
  month: string
  partnerId: string
  window: Window
  accounts: number
  nrr: Ratio
  grr: Ratio
  rateExtrapolated?: true
}

const FAMILIES = { 1: 'retention-1', 3: 'retention-3', 12: 'retention-12' } as const

// The three windows sum the same.
const [ACCOUNTS, BASE, NOW, KEPT, EXTRAPOLATED] = (['accounts', 'base', 'now', 'kept', 'extrapolated'] as const).map((measure) =>
  measureOf('retention-1', measure),
) as [number, number, number, number, number]

const addAccount = (series: Series, month: number, base: Converted, later: Converted) => {
  const now = Math.max(later.amount, 0)
  const place = placeIn(series, month)
  addAt(series, place, ACCOUNTS, 1)
  addAt(series, place, BASE, base.amount)
  addAt(series, place, NOW, now)
  addAt(series, place, KEPT, Math.min(now, base.amount))
  if (base.extrapolated || later.extrapolated) addAt(series, place, EXTRAPOLATED, 1)
}

/** A month in which an account is attached and pays, and to whom it is attached. */
type Cohort = { month: number; partners: string[]; base: Converted }

const cohortsOf = ({ spans, recurring }: Account, rates: RateTable, until: number): Cohort[] => {
  const cohorts: Cohort[] = []
  const { first, last } = boundsOf(recurring)
  for (let month = first; month <= last && month < until; month++) {
    const partners = attachedOn(spans, lastDay(month))
    if (partners.length === 0) continue
    const base = recurringOf(recurring, month, rates, lastDay(month))
    if (base.amount > 0) cohorts.push({ month, partners, base })
  }
  return cohorts
}

/**
 * Puts an account into the cohort of every month in which it is attached and pays; both ends at the rates of the base month.
 * Windows that end after `until` are left out.
 */
export const addRetention = (aggregates: Aggregates, account: Account, rates: RateTable, until: number) => {
  if (account.spans.length === 0) return
  const cohorts = cohortsOf(account, rates, until)
  for (const window of WINDOWS) {
    const family = FAMILIES[window]
    const scopes = aggregates.monthly[family]
    const programme = seriesIn(scopes, family)
    for (const { month, partners, base } of cohorts) {
      if (month + window > until) break
      const later = recurringOf(account.recurring, month + window, rates, lastDay(month))
      addAccount(programme, month + window, base, later)
      for (const partnerId of partners) addAccount(seriesIn(scopes, family, partnerId), month + window, base, later)
    }
  }
}

const retention = (series: Series | undefined, month: number, partnerId: string, window: Window): Retention => ({
  accounts: read(series, month, ACCOUNTS),
  grr: ratio(read(series, month, KEPT), read(series, month, BASE)),
  month: monthText(month),
  nrr: ratio(read(series, month, NOW), read(series, month, BASE)),
  partnerId,
  ...flag(read(series, month, EXTRAPOLATED) > 0),
  window,
})

/** The retention of a month: the programme as `all`, and the partners that have accounts in the cohort. */
export const retentionOf = (aggregates: Aggregates, month: number, window: Window): Retention[] => {
  const scopes = aggregates.monthly[FAMILIES[window]]
  const rows = [retention(scopes.get(PROGRAMME), month, 'all', window)]
  for (const [scope, series] of scopes) {
    if (scope !== PROGRAMME && read(series, month, ACCOUNTS) > 0) rows.push(retention(series, month, scope, window))
  }
  return rows
}
