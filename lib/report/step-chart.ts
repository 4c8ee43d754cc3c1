import { axisBelow, LINE_HEIGHT, px, roomFor, valueAxis, widthOf } from './axes.ts'
import type { StepChart } from './chart.ts'
import { type Markup, markup } from './markup.ts'
import { type Scale, scaleOf } from './scale.ts'
import { counted } from './words.ts'

const UNIT = { kind: 'percent' } as const
/** Days that the axis has at least, so that its ticks are whole ones. */
const SHORTEST = 10

const pathOf = (steps: StepChart['steps'], x: Scale, y: Scale, end: number) =>
  `M${px(x.at(0))} ${px(y.at(1))}${steps.map(({ days, survival }) => `H${px(x.at(days))}V${px(y.at(survival))}`).join('')}H${end}`

const medianMark = (median: number, x: Scale, y: Scale, right: number): Markup => {
  const [at, half] = [px(x.at(median)), px(y.at(0.5))]
  const text = `half after ${counted(median, 'day')}`
  const isLast = at + widthOf(text) > right
  return markup`<path class="reference" d="M${px(x.at(0))} ${half}H${at}V${px(y.at(0))}"/>
<text class="halo${isLast ? ' end' : ''}" x="${isLast ? at - 6 : at + 6}" y="${half - 6}">${text}</text>`
}

const leftMark = (x: number, y: number): Markup => markup`<path class="left" d="M${px(x)} ${px(y - 5)}V${px(y + 5)}"/>`

/** A curve in steps from 100 % down, with a stroke where somebody was last seen, and the median. */
export const stepChart = ({ steps, median, axis }: StepChart, width: number) => {
  const height = 300
  const y = scaleOf([0, 1], [height - 56, 28], 4)
  const left = roomFor(UNIT, y.ticks)
  const plot = { left, right: width - 14, top: 28, bottom: height - 56 }
  const x = scaleOf([0, SHORTEST, ...steps.map(({ days }) => days)], [plot.left, plot.right], width < 500 ? 4 : 8)
  const end = px(x.at(steps.at(-1)?.days ?? 0))
  const seenLast = steps.filter((step) => step.left).map(({ days, survival }) => leftMark(x.at(days), y.at(survival)))
  return {
    height,
    drawing: markup`${valueAxis(plot, y, UNIT)}${axisBelow(plot, x)}
<text class="middle" x="${px((plot.left + plot.right) / 2)}" y="${plot.bottom + 2 * LINE_HEIGHT + 6}">${axis}</text>
<path class="line l0" d="${pathOf(steps, x, y, end)}"/>${seenLast}${median === null ? undefined : medianMark(median, x, y, plot.right)}`,
  }
}
