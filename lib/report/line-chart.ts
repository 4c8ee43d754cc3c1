import { monthAxis, type Plot, px, roomFor, valueAxis, widthOf } from './axes.ts'
import type { LineChart, Series } from './chart.ts'
import { apart, type Label, marker } from './marks.ts'
import { type Markup, markup } from './markup.ts'
import { bandsOf, type Scale, scaleOf } from './scale.ts'

type Point = { x: number; y: number }

/** The points of a series, a list for each part without gaps. */
const runsOf = ({ values }: Series, middle: (index: number) => number, { at }: Scale): Point[][] => {
  const runs: Point[][] = [[]]
  for (const [index, value] of values.entries()) {
    if (value === null) runs.push([])
    else runs.at(-1)?.push({ x: middle(index), y: at(value) })
  }
  return runs.filter((run) => run.length > 0)
}

const lineOf = (runs: Point[][], series: number): Markup => {
  const path = runs.map((run) => `M${run.map(({ x, y }) => `${px(x)} ${px(y)}`).join('L')}`).join('')
  return markup`<path class="line l${series}" d="${path}"/>${runs.flat().map(({ x, y }) => marker(series, x, y))}`
}

const lineAcross = ({ left, right }: Plot, y: number): Markup =>
  markup`<line class="reference" x1="${left}" x2="${right}" y1="${y}" y2="${y}"/>`

/** What the axis must reach besides the values: money is compared with nothing spent. */
const anchorsOf = ({ unit, reference }: LineChart) => [
  ...(unit.kind === 'money' ? [0] : []),
  ...(reference === undefined ? [] : [reference]),
]

const labelText =
  (x: number) =>
  ({ series, name, y }: Label): Markup =>
    markup`${marker(series, x + 10, y)}<text x="${x + 20}" y="${px(y + 4)}">${name}</text>`

/** Lines over months, each with its name at its end. */
export const lineChart = (chart: LineChart, width: number) => {
  const { unit, months, series, reference } = chart
  const height = 280
  const known = series.flatMap(({ values }) => values.filter((value) => value !== null))
  const scale = scaleOf([...anchorsOf(chart), ...known], [height - 36, 28])
  const right = width - 24 - Math.max(...series.map(({ name }) => widthOf(name)))
  const plot = { left: roomFor(unit, scale.ticks), right, top: 28, bottom: height - 36 }
  const bands = bandsOf(months.length, [plot.left, plot.right])
  const drawn = series.map((each, index) => ({ ...each, index, runs: runsOf(each, bands.middle, scale) }))
  const labels = drawn.flatMap(({ name, index, runs }) => {
    const end = runs.at(-1)?.at(-1)
    return end ? [{ series: index, name, y: end.y }] : []
  })
  return {
    height,
    drawing: markup`${valueAxis(plot, scale, unit)}${monthAxis(plot, months, bands.middle, bands.width)}
${reference === undefined ? undefined : lineAcross(plot, px(scale.at(reference)))}${drawn.map(({ runs, index }) => lineOf(runs, index))}
${apart(labels, plot.top, plot.bottom).map(labelText(right))}`,
  }
}
