import { exact } from '../core/amount.ts'
import { monthText } from '../core/calendar.ts'
import { firstDay, monthOf } from './calendar.ts'

export const WINDOWS = [1, 3, 12] as const
export type Window = (typeof WINDOWS)[number]

const RETENTION = ['accounts', 'base', 'now', 'kept', 'extrapolated'] as const

/** What is summed by month. */
const MEASURES = {
  'retention-1': RETENTION,
  'retention-3': RETENTION,
  'retention-12': RETENTION,
  revenue: [
    'sourced',
    'influenced',
    'direct',
    'touched',
    'credits',
    'credits-extrapolated',
    'touches',
    'touches-extrapolated',
  ] as const,
  customers: ['partner', 'direct'] as const,
  spend: ['partner', 'direct', 'shared', 'partner-extrapolated', 'direct-extrapolated', 'shared-extrapolated'] as const,
  'partner-cost': ['payouts', 'cost', 'entries', 'extrapolated'] as const,
}
export type Monthly = keyof typeof MEASURES
type Measure<Family extends Monthly> = (typeof MEASURES)[Family][number]

const DAILY = ['onboarding', 'first-revenue', 'last-day'] as const
/** Days that are counted, so that the first and the last of them stay known when some are taken back. */
export type Daily = (typeof DAILY)[number]

const NAMED = ['events', 'first-month', 'missing-rates'] as const
/** What is counted by name for the whole programme: years, months, currencies. */
export type Named = (typeof NAMED)[number]

export type Family = Monthly | Daily | Named

/** The sums of one scope, month after month from `first` on: `cells` has one number for each measure of a month. */
export type Series = { family: Monthly; scope: string; first: number; width: number; cells: Float64Array<ArrayBuffer> }

export type Aggregates = {
  monthly: Record<Monthly, Map<string, Series>>
  daily: Record<Daily, Map<string, Map<number, number>>>
  named: Record<Named, Map<string, number>>
}

/** What a row adds to one cell of one aggregate. A cell is `<mm>.<measure>`, in year 0 the measure alone. */
export type Contribution = { family: Family; year: number; scope: string; cell: string; value: number }

/** The scope of the whole programme; a partner id has no spaces. */
export const PROGRAMME = 'all partners'

const families = <Name extends string, Value>(names: readonly Name[], make: () => Value) =>
  Object.fromEntries(names.map((name) => [name, make()])) as Record<Name, Value>

const MONTHLY = Object.keys(MEASURES) as Monthly[]

export const emptyAggregates = (): Aggregates => ({
  monthly: families(MONTHLY, () => new Map()),
  daily: families(DAILY, () => new Map()),
  named: families(NAMED, () => new Map()),
})

/** What is summed by month, in the order of its places. */
export const measuresOf = (family: Monthly): readonly string[] => MEASURES[family]

/** The place of a measure within a month. */
export const measureOf = <F extends Monthly>(family: F, measure: Measure<F>): number =>
  (MEASURES[family] as readonly string[]).indexOf(measure)

const makeSeries = (scopes: Map<string, Series>, family: Monthly, scope: string): Series => {
  const series = { family, scope, first: 0, width: MEASURES[family].length, cells: new Float64Array(0) }
  scopes.set(scope, series)
  return series
}

/** The sums of a scope, made if there are none. */
export const seriesOf = (aggregates: Aggregates, family: Monthly, scope = PROGRAMME): Series =>
  seriesIn(aggregates.monthly[family], family, scope)

/** The same among those of a family. */
export const seriesIn = (scopes: Map<string, Series>, family: Monthly, scope = PROGRAMME): Series =>
  scopes.get(scope) ?? makeSeries(scopes, family, scope)

const monthsIn = ({ cells, width }: Series) => cells.length / width

const holds = (series: Series, month: number) => month >= series.first && month < series.first + monthsIn(series)

/** So many months more than are asked for get room: months mostly come next to each other. */
const SPARE = 12

/** Makes room for a month, before or after those that there are. */
const reach = (series: Series, month: number) => {
  const { width, cells } = series
  const end = series.first + monthsIn(series)
  const isEmpty = cells.length === 0
  const first = isEmpty ? month : month < series.first ? month - SPARE : series.first
  const room = (isEmpty || month >= end ? month + 1 + SPARE : end) - first
  series.cells = new Float64Array(room * width)
  series.cells.set(cells, isEmpty ? 0 : (series.first - first) * width)
  series.first = first
}

/** Where the cells of a month begin; makes room for them. */
export const placeIn = (series: Series, month: number): number => {
  if (!holds(series, month)) reach(series, month)
  return (month - series.first) * series.width
}

/** Adds to a cell of the month that begins at the place; throws where the sum would no longer be exact. */
export const addAt = (series: Series, place: number, measure: number, value: number) => {
  const at = place + measure
  const sum = (series.cells[at] ?? 0) + value
  series.cells[at] = Number.isSafeInteger(sum) ? sum : exact(sum, cellName(series, at))
}

/** Adds to a month. */
export const add = (series: Series, month: number, measure: number, value: number) => {
  if (value !== 0) addAt(series, placeIn(series, month), measure, value)
}

/** What is summed; 0 where nothing is. */
export const read = (series: Series | undefined, month: number, measure: number): number => {
  if (!series || month < series.first) return 0
  return series.cells[(month - series.first) * series.width + measure] ?? 0
}

/** Counts something by its name or day; what comes to nothing is forgotten. */
const tally = <Key>(counts: Map<Key, number>, key: Key, value: number) => {
  const sum = (counts.get(key) ?? 0) + value
  if (sum === 0) counts.delete(key)
  else counts.set(key, sum)
}

export const count = (aggregates: Aggregates, family: Named, name: string, value = 1) =>
  tally(aggregates.named[family], name, value)

export const addDay = (aggregates: Aggregates, family: Daily, day: number, scope = PROGRAMME, value = 1) => {
  const days = aggregates.daily[family].get(scope) ?? new Map<number, number>()
  aggregates.daily[family].set(scope, days)
  tally(days, day, value)
}

/** The days of a scope that count. */
export const daysIn = (aggregates: Aggregates, family: Daily, scope = PROGRAMME): number[] =>
  [...(aggregates.daily[family].get(scope) ?? [])].filter(([, times]) => times > 0).map(([day]) => day)

const measureName = ({ family }: Series, measure: number) => MEASURES[family][measure] ?? ''
const cellName = (series: Series, at: number) =>
  `${series.family} of ${series.scope} in ${monthText(series.first + Math.floor(at / series.width))} ${measureName(series, at % series.width)}`

const twoDigits = (n: number) => String(n).padStart(2, '0')
const addressOf = (month: number, measure: string) => ({
  year: Math.floor(month / 12),
  cell: `${twoDigits((month % 12) + 1)}.${measure}`,
})

const monthlyContributions = function* (series: Series): Generator<Contribution> {
  const { family, scope, first, width, cells } = series
  for (const [at, value] of cells.entries()) {
    if (value === 0) continue
    yield { family, scope, ...addressOf(first + Math.floor(at / width), measureName(series, at % width)), value }
  }
}

const dailyContributions = function* (family: Daily, scope: string, days: Map<number, number>): Generator<Contribution> {
  for (const [day, value] of days) {
    const month = monthOf(day)
    yield { family, scope, ...addressOf(month, twoDigits(day - firstDay(month) + 1)), value }
  }
}

/** The sums that are not zero, as addresses and values. */
export const contributionsIn = ({ monthly, daily, named }: Aggregates): Contribution[] => [
  ...NAMED.flatMap((family) => [...named[family]].map(([cell, value]) => ({ family, year: 0, scope: PROGRAMME, cell, value }))),
  ...MONTHLY.flatMap((family) => [...monthly[family].values()].flatMap((series) => [...monthlyContributions(series)])),
  ...DAILY.flatMap((family) => [...daily[family]].flatMap(([scope, days]) => [...dailyContributions(family, scope, days)])),
]

const isOneOf = <Name extends string>(names: readonly Name[], family: Family): family is Name & Family =>
  (names as readonly string[]).includes(family)

/** Adds a value to the cell of an address. */
const addContribution = (aggregates: Aggregates, { family, year, scope, cell, value }: Contribution) => {
  if (isOneOf(NAMED, family)) return count(aggregates, family, cell, value)
  const month = year * 12 + Number(cell.slice(0, 2)) - 1
  const measure = cell.slice(3)
  if (isOneOf(DAILY, family)) return addDay(aggregates, family, firstDay(month) + Number(measure) - 1, scope, value)
  const place = (MEASURES[family] as readonly string[]).indexOf(measure)
  if (place < 0) throw new Error(`${family} has no measure ${measure}`)
  add(seriesOf(aggregates, family, scope), month, place, value)
}

/** Adds contributions up, into new aggregates or into the given ones. */
export const addUp = (contributions: Iterable<Contribution>, aggregates: Aggregates = emptyAggregates()): Aggregates => {
  for (const contribution of contributions) addContribution(aggregates, contribution)
  return aggregates
}

/** What to add where the older contributions of a row become the newer ones. */
export const difference = (newer: Contribution[], older: Contribution[]): Contribution[] =>
  contributionsIn(addUp([...newer, ...older.map((contribution) => ({ ...contribution, value: -contribution.value }))]))

type Sign = 1 | -1

const mergeSeries = (into: Aggregates, from: Series, sign: Sign) => {
  const { family, scope, first, cells } = from
  if (cells.length === 0) return
  const series = seriesOf(into, family, scope)
  placeIn(series, first + monthsIn(from) - 1)
  const place = placeIn(series, first)
  for (let at = 0; at < cells.length; at++) addAt(series, place, at, sign * (cells[at] ?? 0))
}

const combine = (into: Aggregates, { monthly, daily, named }: Aggregates, sign: Sign): Aggregates => {
  for (const family of MONTHLY) for (const series of monthly[family].values()) mergeSeries(into, series, sign)
  for (const family of DAILY)
    for (const [scope, days] of daily[family]) for (const [day, times] of days) addDay(into, family, day, scope, sign * times)
  for (const family of NAMED) for (const [name, times] of named[family]) count(into, family, name, sign * times)
  return into
}

/** Adds aggregates to others. */
export const merge = (into: Aggregates, others: Aggregates): Aggregates => combine(into, others, 1)

/** Takes aggregates from others. */
export const subtract = (from: Aggregates, others: Aggregates): Aggregates => combine(from, others, -1)
