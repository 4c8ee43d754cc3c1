import { monthAxis, roomFor, valueAxis } from './axes.ts'
import type { ColumnChart } from './chart.ts'
import { box, legend } from './marks.ts'
import { markup } from './markup.ts'
import { bandsOf, scaleOf } from './scale.ts'

type Piece = { series: number; from: number; to: number }

/** The parts of one column: what is positive upwards from zero, what is negative downwards. */
export const piecesOf = (values: number[]): Piece[] => {
  let [up, down] = [0, 0]
  return values.map((value, series) => {
    const from = value < 0 ? down : up
    if (value < 0) down += value
    else up += value
    return { series, from, to: from + value }
  })
}

/** Stacked columns over months. */
export const columnChart = ({ unit, months, series }: ColumnChart, width: number) => {
  const height = 320
  const columns = months.map((_, index) => piecesOf(series.map(({ values }) => values[index] ?? 0)))
  const ends = columns.flatMap((pieces) => pieces.flatMap(({ from, to }) => [from, to]))
  const scale = scaleOf([0, ...ends], [height - 36, 52], 6)
  const plot = { left: roomFor(unit, scale.ticks), right: width - 4, top: 52, bottom: height - 36 }
  const bands = bandsOf(months.length, [plot.left, plot.right])
  const columnWidth = Math.min(bands.width * 0.72, 40)
  const drawn = columns.flatMap((pieces, index) =>
    pieces
      .filter(({ from, to }) => from !== to)
      .map(({ series, from, to }) => {
        const [top, bottom] = [scale.at(Math.max(from, to)), scale.at(Math.min(from, to))]
        return box(series, bands.middle(index) - columnWidth / 2, top, columnWidth, bottom - top)
      }),
  )
  const swatch = (series: number, x: number, y: number) => box(series, x, y, 16, 12)
  return {
    height,
    drawing: markup`${legend(
      series.map(({ name }) => name),
      swatch,
      plot.left,
    )}${valueAxis(plot, scale, unit)}${drawn}${monthAxis(plot, months, bands.middle, bands.width)}`,
  }
}
