import { allocate, type Money, splitEqually } from '../core/money.ts'
import { addDays, addMonths, dateText, dayNumber, firstDay, monthIndex, wholeMonths } from '../core/period.ts'

type Service = { from: string; to: string }

/** What was agreed: for so long (`to` is exclusive), so much in all. */
export type Term = { service: Service; amount: Money }
/** What is booked for one month of a term, in minor units. */
export type Line = Service & { amount: number }

/** The days on which the months of a term begin, and its end: its own month days, or those of the calendar when it is no whole months. */
const gridOf = ({ from, to }: Service): string[] => {
  const months = wholeMonths(from, to)
  if (months) return Array.from({ length: months + 1 }, (_, index) => addMonths(from, index))
  const calendar = monthIndex(addDays(to, -1)) - monthIndex(from)
  const firsts = Array.from({ length: calendar }, (_, index) => dateText(firstDay(monthIndex(from) + index + 1)))
  return [from, ...firsts, to]
}

const earlier = (a: string, b: string) => (a < b ? a : b)

/** A month of the grid as a service that counts in one calendar month, also where the month day is clamped (31 January, 28 February). */
const monthFrom = (from: string, to: string): Service => ({
  from,
  to: wholeMonths(from, to) === 1 ? to : earlier(to, dateText(firstDay(monthIndex(from) + 1))),
})

const spread = (amount: number, grid: string[], equal: boolean): Line[] => {
  const months = grid.slice(1).map((to, index) => monthFrom(grid[index] ?? to, to))
  const days = months.map(({ from, to }) => dayNumber(to) - dayNumber(from))
  const amounts = equal ? splitEqually(amount, months.length) : allocate(amount, days)
  return months.map((month, index) => ({ ...month, amount: amounts[index] ?? 0 }))
}

const isWhole = ({ from, to }: Service) => wholeMonths(from, to) !== undefined

/** The months of a term, with the very parts that the metrics make of it (definitions, MRR). */
export const linesOf = ({ service, amount }: Term): Line[] => spread(amount.amount, gridOf(service), isWhole(service))

const sumOf = (lines: Line[]) => lines.reduce((sum, { amount }) => sum + amount, 0)

/** The lines when the term is over on a day: the months that have begun stay. */
export const endedOn = (lines: Line[], day: string): Line[] => lines.filter(({ from }) => from < day)

/** The lines when the term is another one from a day on: the months that have begun stay, the rest is spread over those to come. */
export const amendedOn = (lines: Line[], { service, amount }: Term, day: string): Line[] => {
  const begun = endedOn(lines, day)
  const grid = gridOf(service).filter((day) => day > (begun.at(-1)?.from ?? ''))
  const rest = amount.amount - sumOf(begun)
  if (grid.length > 1) return [...begun, ...spread(rest, grid, isWhole(service))]
  return begun.map((line, index) => (index === begun.length - 1 ? { ...line, amount: line.amount + rest } : line))
}

/** The lines when every month to come costs what the term now says of it: what has begun stays, and nothing makes up for it. */
export const repricedOn = (lines: Line[], term: Term, day: string): Line[] => {
  const begun = endedOn(lines, day)
  // A term that begins anew within a month that has begun counts from the end of that one.
  const from = [day, begun.at(-1)?.to ?? ''].toSorted().at(-1) ?? day
  return [...begun, ...linesOf(term).filter((line) => line.from >= from)]
}

const monthOf = ({ from, to }: Service) => `${from} ${to}`

/** What must be added to the lines that are booked to make the wanted ones of them; nothing where they agree. */
export const differenceOf = (booked: Line[], wanted: Line[]): Line[] => {
  const taken = booked.map((line) => ({ ...line, amount: -line.amount }))
  const byMonth = Map.groupBy([...taken, ...wanted], monthOf)
  return [...byMonth.values()]
    .flatMap(([first, ...others]) => (first ? [{ ...first, amount: sumOf([first, ...others]) }] : []))
    .filter(({ amount }) => amount !== 0)
    .toSorted((a, b) => (monthOf(a) < monthOf(b) ? -1 : 1))
}
