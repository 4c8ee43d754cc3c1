import type { Window } from '../metrics/aggregate.ts'
import type { MetricsDocument } from '../metrics/document.ts'
import type { Retention } from '../metrics/nrr.ts'
import type { LineChart } from './chart.ts'
import { AS_MUCH, LONGEST_FIRST, programmeOf, windowText } from './cohort.ts'
import { partnerRetention } from './partner-retention.ts'
import { type Figure, linesOf, numberOf, rowOf, type Section, type Table } from './section.ts'
import { amountText, counted, countText, dagger, listed, monthName, monthsBefore, percentText } from './words.ts'

type Measure = 'nrr' | 'grr'

const chartOf = (document: MetricsDocument, period: string, measure: Measure): LineChart | undefined => {
  const rowsOf = (window: Window) => programmeOf(document, window).filter(({ month }) => month <= period)
  const series = LONGEST_FIRST.map((window) => ({
    name: windowText(window),
    values: rowsOf(window).map((row) => numberOf(row[measure])),
  }))
  const months = rowsOf(1).map(({ month }) => month)
  return linesOf({ kind: 'percent' }, months, series, AS_MUCH)
}

const baseOf = ({ month, window }: Retention) => monthName(monthsBefore(month, window))

const SENTENCES = {
  nrr: (row: Retention) =>
    row.accounts === 1
      ? `The account that a partner was attached to at the end of ${baseOf(row)} pays ${percentText(row.nrr.value)}${dagger(row)} of what it paid then.`
      : `The ${countText(row.accounts)} accounts that partners were attached to at the end of ${baseOf(row)} pay ${percentText(row.nrr.value)}${dagger(row)} of what they paid then.`,
  grr: (row: Retention) =>
    `Of what ${row.accounts === 1 ? 'the account' : `the ${countText(row.accounts)} accounts`} of ${baseOf(row)} paid then, ${percentText(row.grr.value)}${dagger(row)} is still paid, leaving all growth out.`,
}

const saysOf = (rows: Retention[], measure: Measure): string[] => {
  const [longest, ...others] = rows.filter((row) => row[measure].value !== null)
  const missing = rows.filter((row) => row[measure].value === null).map(({ window }) => windowText(window))
  const more = others.map(
    (row) =>
      `${percentText(row[measure].value)}${dagger(row)} over ${windowText(row.window)} (${counted(row.accounts, 'account')})`,
  )
  return [
    ...(longest ? [SENTENCES[measure](longest)] : []),
    ...(more.length ? [`It is ${listed(more)}.`] : []),
    ...(missing.length
      ? [`Over ${listed(missing)} there is no value: no account that a partner was attached to was paying then.`]
      : []),
  ]
}

/** What is kept is what is paid now without any growth. */
const MEASURES = { nrr: 'Pay now', grr: 'Kept' } as const

/** Without the months in which there was no cohort yet; the last one stays. */
const fromFirstCohort = (rows: Retention[]) => {
  const first = rows.findIndex(({ accounts }) => accounts > 0)
  return rows.slice(first < 0 ? -1 : first)
}

const tableOf = (document: MetricsDocument, period: string, window: Window, measure: Measure): Table => {
  const { currency } = document
  const name = measure.toUpperCase()
  const cellsOf = (row: Retention) => [
    baseOf(row),
    countText(row.accounts),
    amountText(row[measure].denominator, currency),
    amountText(row[measure].numerator, currency),
    percentText(row[measure].value),
  ]
  return {
    caption: `${name} over ${windowText(window)}, of the accounts attached to any partner, in ${currency} a month`,
    head: ['Month', 'Cohort of the end of', 'Accounts', 'Paid then', MEASURES[measure], name],
    rows: fromFirstCohort(programmeOf(document, window).filter(({ month }) => month <= period)).map((row) =>
      rowOf(row, monthName(row.month), cellsOf(row)),
    ),
  }
}

const figureOf = (document: MetricsDocument, period: string, measure: Measure, title: string): Figure => {
  const rows = LONGEST_FIRST.flatMap((window) => programmeOf(document, window).filter(({ month }) => month === period))
  const tables = LONGEST_FIRST.map((window) => tableOf(document, period, window, measure))
  return {
    title,
    says: rows.length ? saysOf(rows, measure) : [`There is nothing to count in ${monthName(period)}.`],
    chart: chartOf(document, period, measure),
    tables: tables.filter(({ rows }) => rows.length > 0),
  }
}

/** Retention by the age of the cohort, and by partner. */
export const retentionSection = (document: MetricsDocument, period: string): Section => ({
  id: 'retention',
  title: 'Retention by cohort',
  method:
    'A cohort is the accounts that a partner was attached to, and that paid, at the end of a month 1, 3 or 12 months ago. NRR is their recurring revenue now over theirs then, at the exchange rates of then; GRR counts no account with more than it paid then.',
  figures: [
    figureOf(document, period, 'nrr', 'Net revenue retention (NRR) by age of the cohort'),
    figureOf(document, period, 'grr', 'Gross revenue retention (GRR) by age of the cohort'),
    partnerRetention(document, period),
  ],
})
