import { monthText } from '../core/period.ts'
import type { Account } from './account.ts'
import { type Aggregates, add, measureOf, PROGRAMME, read, type Series, seriesOf, WINDOWS, type Window } from './aggregate.ts'
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
  add(series, month, ACCOUNTS, 1)
  add(series, month, BASE, base.amount)
  add(series, month, NOW, now)
  add(series, month, KEPT, Math.min(now, base.amount))
  if (base.extrapolated || later.extrapolated) add(series, month, EXTRAPOLATED, 1)
}

/**
 * Puts an account into the cohort of every month in which it is attached and pays; both ends at the rates of the base month.
 * Windows that end after `until` are left out.
 */
export const addRetention = (aggregates: Aggregates, { spans, recurring }: Account, rates: RateTable, until: number) => {
  if (spans.length === 0) return
  const { first, last } = boundsOf(recurring)
  for (let month = first; month <= last && month < until; month++) {
    const day = lastDay(month)
    const partners = attachedOn(spans, day)
    if (partners.length === 0) continue
    const base = recurringOf(recurring, month, rates, day)
    if (base.amount <= 0) continue
    for (const window of WINDOWS) {
      if (month + window > until) continue
      const later = recurringOf(recurring, month + window, rates, day)
      addAccount(seriesOf(aggregates, FAMILIES[window]), month + window, base, later)
      for (const partnerId of partners) addAccount(seriesOf(aggregates, FAMILIES[window], partnerId), month + window, base, later)
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
