import type { Unit } from './chart.ts'
import { type Markup, markup } from './markup.ts'
import type { Scale } from './scale.ts'
import { shortMonth, shortNumber, yearOf } from './words.ts'

/** Where the data of a drawing go; around it are its axes and labels. All in CSS pixels from the top left. */
export type Plot = { left: number; right: number; top: number; bottom: number }

const FONT_SIZE = 12
export const LINE_HEIGHT = 15
/** What a text takes at most: no font of a browser's default is wider on average. */
export const widthOf = (text: string) => Math.ceil(text.length * FONT_SIZE * 0.62)

/** A coordinate, as exact as the eye. */
export const px = (value: number) => Math.round(value * 10) / 10

const percentOf = (value: number) =>
  Math.abs(value) < 100 ? String(Number((value * 100).toPrecision(6))).replace('-', '−') : shortNumber(value * 100)
const tickText = ({ kind }: Unit, value: number) => (kind === 'percent' ? `${percentOf(value)}\u00a0%` : shortNumber(value))
const unitText = (unit: Unit) => (unit.kind === 'money' ? unit.currency : '')

/** How much room the labels of a value axis take. */
export const roomFor = (unit: Unit, ticks: number[]) =>
  10 + Math.max(...ticks.map((tick) => widthOf(tickText(unit, tick))), widthOf(unitText(unit)))

/** An axis at the left, with a line across the plot for each tick. */
export const valueAxis = ({ left, right, top }: Plot, { at, ticks }: Scale, unit: Unit): Markup => markup`
${ticks.map((tick) => {
  const y = px(at(tick))
  return markup`<line class="${tick === 0 ? 'zero' : 'grid'}" x1="${left}" x2="${right}" y1="${y}" y2="${y}"/>
<text class="end" x="${left - 6}" y="${y + 4}">${tickText(unit, tick)}</text>`
})}<text class="end" x="${left - 6}" y="${top - 14}">${unitText(unit)}</text>`

/** An axis below, with a line up the plot for each tick. */
export const axisBelow = ({ top, bottom }: Plot, { at, ticks }: Scale, unit?: Unit): Markup => markup`
${ticks.map((tick) => {
  const x = px(at(tick))
  return markup`<line class="${tick === 0 ? 'zero' : 'grid'}" x1="${x}" x2="${x}" y1="${top}" y2="${bottom}"/>
<text class="middle" x="${x}" y="${bottom + LINE_HEIGHT}">${unit ? tickText(unit, tick) : tick}</text>`
})}`

const LABEL_ROOM = 30

/** Which months are named: every nth, so that names do not touch, and the last one always. */
const namedMonths = (count: number, width: number): number[] => {
  const step = [1, 2, 3, 6, 12].find((every) => every * width >= LABEL_ROOM) ?? 24
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => count - 1 - index * step).reverse()
}

/** Months below the plot, with the year where it begins. */
export const monthAxis = ({ bottom }: Plot, months: string[], middle: (index: number) => number, width: number): Markup => {
  let year = ''
  const labels = namedMonths(months.length, width).map((index) => {
    const month = months[index] ?? ''
    const isNew = yearOf(month) !== year
    year = yearOf(month)
    const x = px(middle(index))
    return markup`<text class="middle" x="${x}" y="${bottom + LINE_HEIGHT}">${shortMonth(month)}</text>
${isNew ? markup`<text class="middle" x="${x}" y="${bottom + 2 * LINE_HEIGHT}">${year}</text>` : undefined}`
  })
  return markup`${labels}`
}
