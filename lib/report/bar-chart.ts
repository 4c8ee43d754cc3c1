import { axisBelow, LINE_HEIGHT, px, widthOf } from './axes.ts'
import type { BarChart } from './chart.ts'
import { box } from './marks.ts'
import { type Markup, markup } from './markup.ts'
import { scaleOf } from './scale.ts'

const ROW = 26
const BAR = 16

/** A name that is too long keeps its ends, in which ids differ. */
export const shortened = (name: string, width: number): string => {
  if (widthOf(name) <= width) return name
  let kept = name.length
  while (kept > 2 && widthOf(name.slice(0, kept)) > width) kept--
  return `${name.slice(0, Math.ceil((kept - 1) / 2))}…${name.slice(name.length - Math.floor((kept - 1) / 2))}`
}

type Bar = BarChart['bars'][number] & { isBelow: boolean }

const barOf = ({ value, isBelow }: Bar, y: number, at: (value: number) => number): Markup => {
  const [from, to] = [at(Math.min(value, 0)), at(Math.max(value, 0))]
  return box(isBelow ? 1 : 0, from, y, to - from, BAR)
}

/** A bar a row: the name before it, the value after the plot. */
export const barChart = ({ unit, bars, reference, below }: BarChart, width: number) => {
  const nameRoom = Math.min(Math.max(...bars.map(({ name }) => widthOf(name))), Math.floor(width * 0.3))
  const valueRoom = Math.max(...bars.map(({ text }) => widthOf(text)))
  const plot = { left: nameRoom + 12, right: width - valueRoom - 12, top: 48, bottom: 48 + bars.length * ROW }
  const scale = scaleOf([0, reference.value, ...bars.map(({ value }) => value)], [plot.left, plot.right], width < 500 ? 3 : 4)
  const rows = bars.map((bar, index) => {
    const y = plot.top + index * ROW + (ROW - BAR) / 2
    return markup`<text class="end" x="${plot.left - 8}" y="${y + 12}">${shortened(bar.name, nameRoom)}</text>
${barOf({ ...bar, isBelow: bar.value < reference.value }, y, scale.at)}
<text class="end" x="${width}" y="${y + 12}">${bar.text}</text>`
  })
  const x = px(scale.at(reference.value))
  return {
    height: plot.bottom + LINE_HEIGHT + 6,
    drawing: markup`${bars.some(({ value }) => value < reference.value) ? markup`${box(1, 0, 4, 16, 12)}<text x="22" y="14">${below}</text>` : undefined}
${axisBelow(plot, scale, unit)}${rows}
<line class="reference" x1="${x}" x2="${x}" y1="${plot.top - 6}" y2="${plot.bottom}"/>
<text class="quiet middle" x="${x}" y="${plot.top - 10}">${reference.name}</text>`,
  }
}
