import {
  type Aggregates,
  add,
  addDay,
  count,
  type Daily,
  emptyAggregates,
  type Monthly,
  measuresOf,
  type Named,
  read,
  type Series,
  seriesOf,
} from './aggregate.ts'

// Aggregates as text that compresses well: measure after measure, each month after month, as values mostly come in equal ones.

type Column = [family: Monthly, scope: string, measure: string, first: number, ...values: number[]]
type Days = [family: Daily, scope: string, ...days: [day: number, times: number][]]
type Names = [family: Named, ...names: [name: string, times: number][]]
type Text = { monthly: Column[]; daily: Days[]; named: Names[] }

const monthsOf = ({ first, width, cells }: Series) => Array.from({ length: cells.length / width }, (_, n) => first + n)

const columnsOf = (series: Series): Column[] => {
  const months = monthsOf(series)
  return measuresOf(series.family).flatMap((name, measure): Column[] => {
    const values = months.map((month) => read(series, month, measure))
    const [from, to] = [values.findIndex((value) => value !== 0), values.findLastIndex((value) => value !== 0)]
    return from < 0 ? [] : [[series.family, series.scope, name, series.first + from, ...values.slice(from, to + 1)]]
  })
}

const entriesOf = <Family, Value>(of: Record<string, Value>) => Object.entries(of) as [Family, Value][]

/** The sums that are not zero. */
export const toText = ({ monthly, daily, named }: Aggregates): string => {
  const text: Text = {
    monthly: Object.values(monthly).flatMap((scopes) => [...scopes.values()].flatMap(columnsOf)),
    daily: entriesOf<Daily, Map<string, Map<number, number>>>(daily).flatMap(([family, scopes]) =>
      [...scopes].flatMap(([scope, days]): Days[] => (days.size > 0 ? [[family, scope, ...days]] : [])),
    ),
    named: entriesOf<Named, Map<string, number>>(named).map(([family, names]) => [family, ...names]),
  }
  return JSON.stringify(text)
}

const addColumn = (aggregates: Aggregates, [family, scope, name, first, ...values]: Column) => {
  const measure = measuresOf(family).indexOf(name)
  if (measure < 0) throw new Error(`${family} has no measure ${name}`)
  const series = seriesOf(aggregates, family, scope)
  for (const [n, value] of values.entries()) add(series, first + n, measure, value)
}

/** The sums in the text. */
export const fromText = (text: string): Aggregates => {
  const { monthly, daily, named } = JSON.parse(text) as Text
  const aggregates = emptyAggregates()
  for (const column of monthly) addColumn(aggregates, column)
  for (const [family, scope, ...days] of daily) for (const [day, times] of days) addDay(aggregates, family, day, scope, times)
  for (const [family, ...names] of named) for (const [name, times] of names) count(aggregates, family, name, times)
  return aggregates
}
