import { decimalText } from '../../lib/core/money.ts'
import type { MetricsDocument, MissingRates } from '../../lib/metrics/document.ts'
import type { Ratio } from '../../lib/metrics/ratio.ts'
import { render, type Table } from './table.ts'

const NOTHING = '–'

const percent = ({ value }: Ratio) => (value === null ? NOTHING : `${(Number(value) * 100).toFixed(2)} %`)

const retention = ({ nrr }: MetricsDocument, month: string | null): Table => ({
  title: `Retention in ${month}`,
  head: ['partner', 'months', 'accounts', 'NRR', 'GRR'],
  rows: nrr
    .filter((row) => row.month === month)
    .map((row) => [row.partnerId, String(row.window), String(row.accounts), percent(row.nrr), percent(row.grr)]),
})

const revenue = ({ revenue, revenueTotals, currency }: MetricsDocument, month: string | null): Table => {
  const money = (amount: string) => decimalText({ amount: Number(amount), currency })
  const totals = revenueTotals.filter((row) => row.month === month)
  return {
    title: `Revenue in ${month}, ${currency}`,
    head: ['partner', 'sourced', 'influenced', 'direct', 'total', 'touched'],
    rows: [
      ...totals.map((row) => ['all', money(row.sourced), money(row.influenced), money(row.direct), money(row.total), NOTHING]),
      ...revenue
        .filter((row) => row.month === month)
        .map((row) => [row.partnerId, money(row.sourced), money(row.influenced), NOTHING, NOTHING, money(row.touched)]),
    ],
  }
}

const acquisition = ({ cac, currency }: MetricsDocument): Table => {
  const money = ({ value }: Ratio) => (value === null ? NOTHING : decimalText({ amount: Math.round(Number(value)), currency }))
  return {
    title: `Cost of a new customer, ${currency}`,
    head: ['months', 'partner', 'direct', 'blended'],
    rows: cac.map((row) => [`${row.from} to ${row.to}`, money(row.partner), money(row.direct), money(row.blended)]),
  }
}

const timeToValue = ({ ttv }: MetricsDocument): Table => ({
  title: 'Days from onboarding to first revenue',
  head: ['cohort', 'partners', 'with revenue', 'median'],
  rows: ttv.map(({ cohort, n, events, median }) => [cohort, String(n), String(events), String(median ?? NOTHING)]),
})

const returns = ({ ropi, currency }: MetricsDocument, month: string | null): Table => ({
  title: `Return on partner investment, 12 months up to ${month}`,
  head: ['partner', `revenue, ${currency}`, 'ratio', 'net'],
  rows: ropi
    .filter((row) => row.month === month)
    .map((row) => [
      row.partnerId,
      decimalText({ amount: Number(row.revenue), currency }),
      row.ratio.value ?? NOTHING,
      row.net ?? NOTHING,
    ]),
})

/** The metrics of the last listed month as tables for people. */
export const describeMetrics = (document: MetricsDocument | MissingRates): string => {
  if ('error' in document) return `No exchange rate is known for ${document.pairs.join(', ')}: record rate.published.v1 events.\n`
  const month = document.revenueTotals.at(-1)?.month ?? document.months.to
  const tables = [
    retention(document, month),
    revenue(document, month),
    acquisition(document),
    timeToValue(document),
    returns(document, month),
  ]
  return `${document.knownEvents} events known up to ${document.asOfDay}\n\n${tables.map(render).join('\n')}`
}
