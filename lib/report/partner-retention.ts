import { WINDOWS } from '../metrics/aggregate.ts'
import type { MetricsDocument } from '../metrics/document.ts'
import type { Retention } from '../metrics/nrr.ts'
import type { BarChart } from './chart.ts'
import { AS_MUCH, LONGEST_FIRST, programmeOf, windowText } from './cohort.ts'
import { type Figure, largest, leftOut, rowOf, type Table } from './section.ts'
import { amountText, counted, countText, dagger, monthName, percentText } from './words.ts'

const barsOf = (rows: Retention[]): BarChart | undefined => {
  const drawn = largest(
    rows.filter(({ nrr }) => nrr.value !== null),
    ({ nrr }) => Number(nrr.denominator),
    ({ nrr }) => Number(nrr.value),
  )
  if (drawn.length === 0) return undefined
  const bars = drawn.map((row) => ({
    name: row.partnerId,
    value: Number(row.nrr.value),
    text: `${percentText(row.nrr.value)}${dagger(row)}`,
  }))
  return {
    kind: 'bars',
    unit: { kind: 'percent' },
    bars,
    reference: { name: 'as much as then', value: AS_MUCH },
    below: 'less than then',
  }
}

const cellsOf = ({ window, accounts, nrr, grr }: Retention, currency: string) => [
  windowText(window),
  countText(accounts),
  ...[nrr.denominator, nrr.numerator, grr.numerator].map((amount) => amountText(amount, currency)),
  percentText(nrr.value),
  percentText(grr.value),
]

const tableOfPartners = (rows: Retention[], period: string, currency: string): Table => ({
  caption: `NRR and GRR by partner in ${monthName(period)}, in ${currency} a month`,
  head: ['Partner', 'Over', 'Accounts', 'Paid then', 'Pay now', 'Kept', 'NRR', 'GRR'],
  rows: rows.map((row) => rowOf(row, row.partnerId, cellsOf(row, currency))),
})

/** The partners' retention in the month, drawn over the longest time that any of them has. */
export const partnerRetention = (document: MetricsDocument, period: string): Figure => {
  const programme = new Set(WINDOWS.flatMap((window) => programmeOf(document, window)))
  const rows = document.nrr.filter((row) => row.month === period && !programme.has(row))
  const window = LONGEST_FIRST.find((each) => rows.some((row) => row.window === each))
  const title = 'NRR by partner'
  if (window === undefined)
    return { title, says: [`No partner had a paying account to keep by ${monthName(period)}.`], tables: [] }
  const longest = rows.filter((row) => row.window === window)
  const more = longest.filter(({ nrr }) => Number(nrr.value) >= AS_MUCH).length
  const says = `Over ${windowText(window)} the accounts of ${more} of ${counted(longest.length, 'partner')} pay as much as then or more.`
  return {
    title,
    says: [says, ...leftOut(longest.length, 'recurring revenue')],
    chart: barsOf(longest),
    tables: [tableOfPartners(rows, period, document.currency)],
  }
}
