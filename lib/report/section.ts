import { digitsOf } from '../core/money.ts'
import { quotientText, type Ratio } from '../metrics/ratio.ts'
import type { Chart, LineChart, Series, Unit } from './chart.ts'
import { percentText } from './words.ts'

/** A cell of a table; one of an extrapolated value refers to the note on exchange rates. */
export type Cell = { text: string; extrapolated?: boolean | undefined }
/** The first cell of a row names it. */
export type Table = { caption: string; head: string[]; rows: Cell[][] }
/** What it says in sentences, the picture of it unless there is nothing to draw, and all its numbers. */
export type Figure = { title: string; says: string[]; chart?: Chart | undefined; tables: Table[] }
/** `method` tells in a sentence how the figures are computed. */
export type Section = { id: string; title: string; method: string; figures: Figure[] }

type Flagged = { rateExtrapolated?: boolean }

/** A row whose values all come from amounts that may be extrapolated. */
export const rowOf = ({ rateExtrapolated }: Flagged, name: string, texts: string[]): Cell[] => [
  { text: name, extrapolated: rateExtrapolated },
  ...texts.map((text) => ({ text })),
]

/** Minor units in major ones, near enough to draw. */
export const majorOf = (minor: string, currency: string) => Number(minor) / 10 ** digitsOf(currency)
export const numberOf = ({ value }: Ratio) => (value === null ? null : Number(value))

/** A part of a positive whole as a percentage. */
export const shareText = (part: string, whole: string) => percentText(quotientText(BigInt(part), BigInt(whole)))

/** Lines from the first month with a value; none where no month has one. */
export const linesOf = (unit: Unit, months: string[], series: Series[], reference?: number): LineChart | undefined => {
  const drawn = series.filter(({ values }) => values.some((value) => value !== null))
  const first = months.findIndex((_, index) => drawn.some(({ values }) => values[index] !== null))
  if (first < 0) return undefined
  const cut = drawn.map(({ name, values }) => ({ name, values: values.slice(first) }))
  return { kind: 'lines', unit, months: months.slice(first), series: cut, ...(reference !== undefined && { reference }) }
}

/** How many partners a chart has room for. */
const DRAWN_PARTNERS = 12

/** The largest ones, in the order of what they are drawn by. */
export const largest = <Row>(rows: Row[], sizeOf: (row: Row) => number, numberOf: (row: Row) => number) =>
  rows
    .toSorted((a, b) => sizeOf(b) - sizeOf(a))
    .slice(0, DRAWN_PARTNERS)
    .sort((a, b) => numberOf(b) - numberOf(a))

/** Says how many of the rows a chart shows, if not all. */
export const leftOut = (count: number, by: string): string[] =>
  count > DRAWN_PARTNERS ? [`The chart shows the ${DRAWN_PARTNERS} partners with the most ${by}, the table all ${count}.`] : []
