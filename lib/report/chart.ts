/** What the numbers of a chart are in: major units of a currency, or ratios shown as percentages or as they are. */
export type Unit = { kind: 'money'; currency: string } | { kind: 'percent' } | { kind: 'ratio' }

/** The points of a line, or the parts of columns, month by month; `null` is a gap. */
export type Series = { name: string; values: (number | null)[] }

/** Lines, beside a value to compare them with if there is one. */
export type LineChart = { kind: 'lines'; unit: Unit; months: string[]; series: Series[]; reference?: number }
/** Columns that are stacked, what is negative downwards. */
export type ColumnChart = { kind: 'columns'; unit: Unit; months: string[]; series: Series[] }
/** A bar for each name, with its value as text; bars below the reference look different, and `below` says why. */
export type BarChart = {
  kind: 'bars'
  unit: Unit
  bars: { name: string; value: number; text: string }[]
  reference: { name: string; value: number }
  below: string
}
/** A survival curve: who is left after so many days. `left` says that somebody was last seen then. */
export type StepChart = {
  kind: 'steps'
  steps: { days: number; survival: number; left: boolean }[]
  median: number | null
  axis: string
}
export type Chart = LineChart | ColumnChart | BarChart | StepChart
