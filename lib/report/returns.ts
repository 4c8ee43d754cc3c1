import type { MetricsDocument } from '../metrics/document.ts'
import type { PartnerReturn } from '../metrics/ropi.ts'
import type { BarChart } from './chart.ts'
import { type Figure, largest, leftOut, rowOf, type Section, type Table } from './section.ts'
import { amountText, counted, dagger, listed, monthName, percentText, ratioText } from './words.ts'

const hasValue = ({ ratio }: PartnerReturn) => ratio.value !== null
const isPaidBack = ({ ratio }: PartnerReturn) => Number(ratio.value) >= 1

const chartOf = (rows: PartnerReturn[]): BarChart | undefined => {
  const drawn = largest(
    rows.filter(hasValue),
    ({ revenue }) => Number(revenue),
    ({ ratio }) => Number(ratio.value),
  )
  if (drawn.length === 0) return undefined
  const bars = drawn.map((row) => ({
    name: row.partnerId,
    value: Number(row.ratio.value),
    text: `${ratioText(row.ratio.value)}${dagger(row)}`,
  }))
  return {
    kind: 'bars',
    unit: { kind: 'ratio' },
    bars,
    reference: { name: 'earns its cost', value: 1 },
    below: 'less than it cost',
  }
}

const NAMED = 5
const withoutCost = (rows: PartnerReturn[]): string[] => {
  if (rows.length === 0) return []
  const named = rows.length > NAMED ? counted(rows.length, 'partner') : listed(rows.map(({ partnerId }) => partnerId))
  return [`Nothing was spent on ${named}, so that there is no value to give.`]
}

const saysOf = (rows: PartnerReturn[], period: string): string[] => {
  const valued = rows.filter(hasValue)
  const free = withoutCost(rows.filter((row) => !hasValue(row)))
  const [best] = valued.toSorted((a, b) => Number(b.ratio.value) - Number(a.ratio.value))
  if (!best) return [`No partner had costs in the 12 months up to ${monthName(period)}.`, ...free]
  const returned = `${valued.filter(isPaidBack).length} of ${counted(valued.length, 'partner')}`
  const most = `${best.partnerId} the most, ${ratioText(best.ratio.value)}${dagger(best)} times what it cost`
  return [
    `In the 12 months up to ${monthName(period)} ${returned} earned what they cost or more; ${most}.`,
    ...free,
    ...leftOut(valued.length, 'revenue'),
  ]
}

const tableOf = (rows: PartnerReturn[], period: string, currency: string): Table => ({
  caption: `Return on partner investment by partner, 12 months up to ${monthName(period)}, in ${currency}`,
  head: ['Partner', 'Revenue', 'Payouts', 'Profit', 'Cost', 'Ratio', 'Net'],
  rows: rows.map((row) => {
    const amounts = [row.revenue, row.payouts, row.ratio.numerator, row.ratio.denominator]
    const texts = [...amounts.map((amount) => amountText(amount, currency)), ratioText(row.ratio.value), ratioText(row.net)]
    return rowOf(row, row.partnerId, texts)
  }),
})

const figureOf = ({ ropi, currency }: MetricsDocument, period: string): Figure => {
  const rows = ropi.filter(({ month }) => month === period)
  const title = 'Profit over cost, by partner'
  if (rows.length === 0)
    return { title, says: [`No partner had revenue or costs in the 12 months up to ${monthName(period)}.`], tables: [] }
  return { title, says: saysOf(rows, period), chart: chartOf(rows), tables: [tableOf(rows, period, currency)] }
}

/** What partners earn over what they cost. */
export const returnsSection = (document: MetricsDocument, period: string): Section => ({
  id: 'returns',
  title: 'Return on partner investment (ROPI)',
  method: `Of 12 months: a partner's credited revenue × the gross margin of ${percentText(document.grossMargin)} − payouts to it is its profit; the ratio is the profit over what was spent on supporting and acquiring through it, and net is the ratio less 1.`,
  figures: [figureOf(document, period)],
})
