import { digitsOf } from '../core/money.ts'
import type { AcquisitionCost, Flagged } from '../metrics/cac.ts'
import type { MetricsDocument } from '../metrics/document.ts'
import type { LineChart } from './chart.ts'
import { type Cell, type Figure, linesOf, numberOf, type Section, type Table } from './section.ts'
import { amountText, countText, dagger, eachText, moneyText, monthName } from './words.ts'

const SIDES = { partner: 'with a partner', direct: 'direct' } as const

const chartOf = (rows: AcquisitionCost[], currency: string): LineChart | undefined => {
  const inMajor = (ratio: Flagged) => {
    const value = numberOf(ratio)
    return value === null ? null : value / 10 ** digitsOf(currency)
  }
  const series = (['partner', 'direct'] as const).map((side) => ({
    name: SIDES[side],
    values: rows.map((row) => inMajor(row[side])),
  }))
  const months = rows.map(({ from }) => from)
  return linesOf({ kind: 'money', currency }, months, series)
}

const rangeText = ({ from, to }: AcquisitionCost) => (from === to ? monthName(from) : `${monthName(from)} to ${monthName(to)}`)

const sayOf = (row: AcquisitionCost, currency: string): string => {
  const side = ({ value, ...ratio }: Flagged, how: string) =>
    value === null
      ? `no customer was won ${how}`
      : `a customer won ${how} cost ${eachText({ value, ...ratio }, currency, moneyText)}${dagger(ratio)}`
  const when = row.from === row.to ? `In ${rangeText(row)}` : `From ${rangeText(row)}`
  return `${when} ${side(row.partner, 'with a partner')}, and ${side(row.direct, 'without one')}.`
}

const cellsOf = (ratio: Flagged, currency: string): Cell[] => [
  { text: amountText(ratio.numerator, currency) },
  { text: countText(ratio.denominator) },
  { text: eachText(ratio, currency), extrapolated: ratio.rateExtrapolated },
]

const tableOf = (rows: AcquisitionCost[], currency: string): Table => ({
  caption: `Spend, new customers and spend for each of them (CAC), in ${currency}`,
  head: ['Months', ...['partner', 'direct', 'both'].flatMap((side) => [`Spend, ${side}`, `New, ${side}`, `CAC, ${side}`])],
  rows: rows.map((row) => [
    { text: rangeText(row) },
    ...[row.partner, row.direct, row.blended].flatMap((ratio) => cellsOf(ratio, currency)),
  ]),
})

const figureOf = ({ cac, currency }: MetricsDocument, period: string): Figure => {
  const months = cac.filter(({ from, to }) => from === to && to <= period)
  const range = cac.filter(({ from, to }) => from !== to && to <= period)
  const now = months.filter(({ to }) => to === period)
  const says = [...now, ...range].map((row) => sayOf(row, currency))
  return {
    title: 'Acquisition cost of a customer over the months',
    says: now.length ? says : [`There is nothing to count in ${monthName(period)}.`],
    chart: chartOf(months, currency),
    tables: months.length ? [tableOf([...months, ...range], currency)] : [],
  }
}

/** What a new customer costs with a partner and without one. */
export const acquisitionSection = (document: MetricsDocument, period: string): Section => ({
  id: 'acquisition',
  title: 'Acquisition cost (CAC), partner against direct',
  method:
    'Acquisition spend over new customers, which are accounts in their first month with recurring revenue; one is won with a partner that is attached as sourcing or influencing by the end of that month. Spend that is shared follows the new customers. A month without new customers on a side has no value there.',
  figures: [figureOf(document, period)],
})
