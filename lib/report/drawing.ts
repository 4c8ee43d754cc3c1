import { barChart } from './bar-chart.ts'
import type { Chart } from './chart.ts'
import { columnChart } from './column-chart.ts'
import { lineChart } from './line-chart.ts'
import { type Markup, markup } from './markup.ts'
import { stepChart } from './step-chart.ts'

const shapeOf = (chart: Chart, width: number) => {
  switch (chart.kind) {
    case 'lines':
      return lineChart(chart, width)
    case 'columns':
      return columnChart(chart, width)
    case 'bars':
      return barChart(chart, width)
    case 'steps':
      return stepChart(chart, width)
  }
}

/** A chart with its last months only. */
const ending = (chart: Chart, count: number): Chart => {
  if (chart.kind === 'bars' || chart.kind === 'steps') return chart
  const series = chart.series.map(({ name, values }) => ({ name, values: values.slice(-count) }))
  return { ...chart, months: chart.months.slice(-count), series }
}

/** Letters keep their size on every screen: there is one drawing for wide ones and for paper, and one for phones. */
const SIZES = { wide: { width: 760, months: 36 }, narrow: { width: 340, months: 18 } } as const

const drawn = (chart: Chart, name: string, size: keyof typeof SIZES): Markup => {
  const { width, months } = SIZES[size]
  const { height, drawing } = shapeOf(ending(chart, months), width)
  return markup`<svg class="chart ${size}" role="img" aria-label="${name}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${drawing}</svg>`
}

/** A chart as SVG, in the two sizes of which the page shows one. */
export const draw = (chart: Chart, name: string): Markup => markup`${drawn(chart, name, 'wide')}${drawn(chart, name, 'narrow')}`
