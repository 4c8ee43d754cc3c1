import { exact } from '../core/money.ts'
import { type Account, accountOf } from '../metrics/account.ts'
import { type Aggregates, addDay, daysIn, emptyAggregates, measureOf, PROGRAMME, read } from '../metrics/aggregate.ts'
import { creditOn } from '../metrics/attachment.ts'
import { lastDay } from '../metrics/calendar.ts'
import { addRow } from '../metrics/contribution.ts'
import { addRetention } from '../metrics/nrr.ts'
import type { RateTable } from '../metrics/rates.ts'
import type { Row } from '../metrics/row.ts'
import { customerSince, lacksRates } from '../metrics/sums.ts'

const MONTHS = 12
const WINDOW = 'retention-12'

/** What rows amount to for scorecards of a month; measures are by partner. */
export type Evidence = {
  /** Everything that the metrics know. */
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

const NOW = measureOf(WINDOW, 'now')

/** A row is one account, so a partner's cohort in it is that account. */
const addRenewed = ({ renewed }: Evidence, account: Account, rates: RateTable, month: number) => {
  const own = emptyAggregates()
  addRetention(own, account, rates, month)
  for (const [scope, series] of own.monthly[WINDOW])
    if (scope !== PROGRAMME && read(series, month, NOW) > 0) countOne(renewed, scope)
}

const addSourced = ({ sourced }: Evidence, account: Account, rates: RateTable, month: number) => {
  const since = customerSince(account, rates)
  if (since === undefined || since > month || since <= month - MONTHS) return
  const { sourcing } = creditOn(account.spans, lastDay(since))
  if (sourcing !== undefined) countOne(sourced, sourcing)
}

const addManaged = ({ managed }: Evidence, account: Account, rates: RateTable, month: number) => {
  const spans = account.spans.filter(({ role }) => role === 'managed')
  addRetention(managed, { ...account, spans }, rates, month)
}

/** Adds a row to the evidence; each row once. */
export const addEvidence = (evidence: Evidence, row: Row, rates: RateTable, month: number) => {
  addRow(evidence.whole, row, rates, month)
  if (lacksRates(evidence.whole)) return
  const account = accountOf(row)
  addRenewed(evidence, account, rates, month)
  addSourced(evidence, account, rates, month)
  addManaged(evidence, account, rates, month)
}

const VIEWS = {
  sourced: [measureOf('revenue', 'sourced'), measureOf('revenue', 'credits-extrapolated')],
  influenced: [measureOf('revenue', 'influenced'), measureOf('revenue', 'credits-extrapolated')],
  touched: [measureOf('revenue', 'touched'), measureOf('revenue', 'touches-extrapolated')],
} as const

/** The revenue of a partner in the 12 months, in one of the views. */
export const revenueOf = ({ whole }: Evidence, partnerId: string, month: number, share: keyof typeof VIEWS) => {
  const series = whole.monthly.revenue.get(partnerId)
  const [measure, flagged] = VIEWS[share]
  let [sum, extrapolated] = [0, false]
  for (let at = month - MONTHS + 1; at <= month; at++) {
    sum += read(series, at, measure)
    extrapolated ||= read(series, at, flagged) > 0
  }
  return { amount: exact(sum, `${share} revenue of ${partnerId}`), extrapolated }
}

/** The days of one partner alone, for the measures of partners that are made of them. */
export const daysOf = ({ whole }: Evidence, partnerId: string): Aggregates => {
  const own = emptyAggregates()
  for (const family of ['onboarding', 'first-revenue'] as const)
    for (const day of daysIn(whole, family, partnerId)) addDay(own, family, day, partnerId)
  return own
}
