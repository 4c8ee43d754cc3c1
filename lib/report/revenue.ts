import type { MetricsDocument } from '../metrics/document.ts'
import type { PartnerRevenue, TotalRevenue } from '../metrics/revenue.ts'
import type { ColumnChart } from './chart.ts'
import { type Figure, majorOf, rowOf, type Section, shareText, type Table } from './section.ts'
import { amountText, counted, dagger, moneyText, monthName, monthsBefore } from './words.ts'

const CREDITS = ['sourced', 'influenced', 'direct'] as const

const chartOf = (rows: TotalRevenue[], currency: string): ColumnChart | undefined => {
  const values = (credit: (typeof CREDITS)[number]) => rows.map((row) => majorOf(row[credit], currency))
  const series = CREDITS.map((credit) => ({ name: credit, values: values(credit) }))
  if (series.every((each) => each.values.every((value) => value === 0))) return undefined
  return { kind: 'columns', unit: { kind: 'money', currency }, months: rows.map(({ month }) => month), series }
}

/** Shares of a whole make sense where no part of it is taken back. */
const partsText = (row: TotalRevenue, currency: string) => {
  const isShared = BigInt(row.total) > 0n && CREDITS.every((credit) => BigInt(row[credit]) >= 0n)
  const text = (credit: (typeof CREDITS)[number]) =>
    isShared ? shareText(row[credit], row.total) : moneyText(row[credit], currency)
  return `${text('sourced')} was sourced by partners, ${text('influenced')} influenced by them, ${text('direct')} direct`
}

const changeText = ({ month, total }: TotalRevenue, before: TotalRevenue | undefined): string[] => {
  if (!before || BigInt(before.total) <= 0n) return []
  const change = BigInt(total) - BigInt(before.total)
  if (change === 0n) return [`It was the same in ${monthName(before.month)}.`]
  const share = shareText(String(change < 0n ? -change : change), before.total)
  return [`That is ${share} ${change < 0n ? 'less' : 'more'} than in ${monthName(monthsBefore(month, 1))}.`]
}

const saysOfTotals = (totals: TotalRevenue[], period: string, currency: string): string[] => {
  const row = totals.find(({ month }) => month === period)
  if (!row) return [`There is nothing to count in ${monthName(period)}.`]
  const before = totals.find(({ month }) => month === monthsBefore(period, 1))
  const amount = `In ${monthName(period)} revenue was ${moneyText(row.total, currency)}${dagger(row)}`
  if (row.total === '0' && CREDITS.every((credit) => row[credit] === '0')) return [`${amount}.`]
  return [`${amount}: ${partsText(row, currency)}.`, ...changeText(row, before)]
}

const tableOfTotals = (totals: TotalRevenue[], currency: string): Table => ({
  caption: `Revenue by credit and month, in ${currency}`,
  head: ['Month', 'Sourced', 'Influenced', 'Direct', 'Total'],
  rows: totals.map((row) => {
    const amounts = [row.sourced, row.influenced, row.direct, row.total]
    return rowOf(
      row,
      monthName(row.month),
      amounts.map((amount) => amountText(amount, currency)),
    )
  }),
})

const creditOf = ({ sourced, influenced }: PartnerRevenue) => BigInt(sourced) + BigInt(influenced)

const saysOfPartners = (rows: PartnerRevenue[], period: string, currency: string): string[] => {
  const [first, ...others] = rows
  if (!first) return [`No partner had revenue to its credit in ${monthName(period)}.`]
  const most = others.reduce((best, row) => (creditOf(row) > creditOf(best) ? row : best), first)
  const credit = creditOf(most)
  return [
    `${counted(rows.length, 'partner')} sourced, influenced or touched revenue in ${monthName(period)}.`,
    ...(credit > 0n
      ? [`${most.partnerId} has the most to its credit, ${moneyText(String(credit), currency)}${dagger(most)}.`]
      : []),
  ]
}

const tableOfPartners = (rows: PartnerRevenue[], period: string, currency: string): Table => ({
  caption: `Revenue by partner in ${monthName(period)}, in ${currency}; touched revenue is credited to others and must not be added up`,
  head: ['Partner', 'Sourced', 'Influenced', 'Touched'],
  rows: rows.map((row) => {
    const amounts = [row.sourced, row.influenced, row.touched]
    return rowOf(
      row,
      row.partnerId,
      amounts.map((amount) => amountText(amount, currency)),
    )
  }),
})

const partnersFigure = ({ revenue, currency }: MetricsDocument, period: string): Figure => {
  const rows = revenue.filter(({ month }) => month === period)
  const says = saysOfPartners(rows, period, currency)
  return { title: 'Credit by partner', says, tables: rows.length ? [tableOfPartners(rows, period, currency)] : [] }
}

/** Revenue by whose merit it is, over the months and by partner. */
export const revenueSection = (document: MetricsDocument, period: string): Section => {
  const { revenueTotals, currency } = document
  const totals = revenueTotals.filter(({ month }) => month <= period)
  const says = saysOfTotals(totals, period, currency)
  const tables = totals.length ? [tableOfTotals(totals, currency)] : []
  return {
    id: 'revenue',
    title: 'Revenue by credit',
    method:
      'Billed revenue less refunds, without tax and fees, in the month of its date. Each amount is credited once: to the partner that sourced it, else in equal parts to those that influenced it, else it is direct.',
    figures: [
      { title: 'Revenue over the months', says, chart: chartOf(totals, currency), tables },
      partnersFigure(document, period),
    ],
  }
}
