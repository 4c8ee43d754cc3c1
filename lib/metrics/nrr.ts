import { monthText } from '../core/period.ts'
import type { Account } from './account.ts'
import { type Aggregates, add, type Item, itemOf, itemsIn, PROGRAMME, read, WINDOWS, type Window } from './aggregate.ts'
import { attachedOn } from './attachment.ts'
import { lastDay } from './calendar.ts'
import { monthsIn, recurringOf } from './mrr.ts'
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

const addAccount = (item: Item, base: Converted, later: Converted) => {
  const now = Math.max(later.amount, 0)
  add(item, 'accounts', 1)
  add(item, 'base', base.amount)
  add(item, 'now', now)
  add(item, 'kept', Math.min(now, base.amount))
  if (base.extrapolated || later.extrapolated) add(item, 'extrapolated', 1)
}

/**
 * Puts an account into the cohort of every month in which it is attached and pays; both ends at the rates of the base month.
 * Windows that end after `until` are left out.
 */
export const addRetention = (aggregates: Aggregates, { spans, recurring }: Account, rates: RateTable, until: number) => {
  if (spans.length === 0) return
  for (const month of monthsIn(recurring)) {
    if (month >= until) return
    const day = lastDay(month)
    const partners = attachedOn(spans, day)
    if (partners.length === 0) continue
    const base = recurringOf(recurring, month, rates, day)
    if (base.amount <= 0) continue
    for (const window of WINDOWS) {
      if (month + window > until) continue
      const later = recurringOf(recurring, month + window, rates, day)
      for (const scope of [PROGRAMME, ...partners]) {
        addAccount(itemOf(aggregates, FAMILIES[window], month + window, scope), base, later)
      }
    }
  }
}

const retention = (item: Item | undefined, month: number, partnerId: string, window: Window): Retention => ({
  month: monthText(month),
  partnerId,
  window,
  accounts: read(item, 'accounts'),
  nrr: ratio(read(item, 'now'), read(item, 'base')),
  grr: ratio(read(item, 'kept'), read(item, 'base')),
  ...flag(read(item, 'extrapolated') > 0),
})

/** The retention of a month: the programme as `all`, and the partners that have accounts in the cohort. */
export const retentionOf = (aggregates: Aggregates, month: number, window: Window): Retention[] => {
  const items = itemsIn(aggregates, FAMILIES[window], month)
  const partners = [...items.values()].filter((item) => item.scope !== PROGRAMME && read(item, 'accounts') > 0)
  return [
    retention(items.get(PROGRAMME), month, 'all', window),
    ...partners.map((item) => retention(item, month, item.scope, window)),
  ]
}
