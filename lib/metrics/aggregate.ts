import { exact } from '../core/money.ts'

export const WINDOWS = [1, 3, 12] as const
export type Window = (typeof WINDOWS)[number]

export type Family =
  | `retention-${Window}`
  | 'revenue'
  | 'onboarding'
  | 'first-revenue'
  | 'customers'
  | 'spend'
  | 'partner-cost'
  | 'first-month'
  | 'last-day'
  | 'events'
  | 'missing-rates'

/** The sums of one scope in one month. */
export type Item = { family: Family; month: number; scope: string; sums: Map<string, number> }

/** All sums: family → scope → month, as a row adds to many months of few scopes. */
export type Aggregates = Map<Family, Map<string, Map<number, Item>>>

/** What a row adds to one cell of one aggregate. A cell is `<mm>.<measure>`, in year 0 the measure alone. */
export type Contribution = { family: Family; year: number; scope: string; cell: string; value: number }

/** The scope of the whole programme; a partner id has no spaces. */
export const PROGRAMME = 'all partners'

/** The month of what belongs to no month. */
export const NO_MONTH = 0

export const emptyAggregates = (): Aggregates => new Map()

const makeItem = (aggregates: Aggregates, family: Family, month: number, scope: string): Item => {
  const scopes = aggregates.get(family) ?? new Map<string, Map<number, Item>>()
  const months = scopes.get(scope) ?? new Map<number, Item>()
  const item: Item = { family, month, scope, sums: new Map() }
  aggregates.set(family, scopes.set(scope, months.set(month, item)))
  return item
}

/** The item, made if there is none. */
export const itemOf = (aggregates: Aggregates, family: Family, month: number, scope = PROGRAMME): Item =>
  aggregates.get(family)?.get(scope)?.get(month) ?? makeItem(aggregates, family, month, scope)

export const add = (item: Item, measure: string, value: number) => {
  if (value === 0) return
  const sum = (item.sums.get(measure) ?? 0) + value
  item.sums.set(measure, Number.isSafeInteger(sum) ? sum : exact(sum, `${placeOf(item)} ${measure}`))
}

/** What is summed; 0 where nothing is. */
export const read = (item: Item | undefined, measure: string) => item?.sums.get(measure) ?? 0

/** The items of a month by scope. */
export const itemsIn = (aggregates: Aggregates, family: Family, month: number): ReadonlyMap<string, Item> => {
  const items = new Map<string, Item>()
  for (const [scope, months] of aggregates.get(family) ?? []) {
    const item = months.get(month)
    if (item) items.set(scope, item)
  }
  return items
}

/** The items of all months. */
export const itemsOf = function* (aggregates: Aggregates, family: Family): Generator<Item> {
  for (const months of aggregates.get(family)?.values() ?? []) yield* months.values()
}

const twoDigits = (n: number) => String(n).padStart(2, '0')
const placeOf = ({ family, month, scope }: Item) =>
  `${family} of ${scope}${month === NO_MONTH ? '' : ` in ${Math.floor(month / 12)}-${twoDigits((month % 12) + 1)}`}`

const cellOf = (month: number, measure: string) => (month === NO_MONTH ? measure : `${twoDigits((month % 12) + 1)}.${measure}`)

/** The sums that are not zero, as addresses and values. */
export const contributionsIn = (aggregates: Aggregates): Contribution[] => {
  const contributions: Contribution[] = []
  for (const family of aggregates.keys()) {
    for (const { month, scope, sums } of itemsOf(aggregates, family)) {
      const year = Math.floor(month / 12)
      for (const [measure, value] of sums) {
        if (value !== 0) contributions.push({ family, year, scope, cell: cellOf(month, measure), value })
      }
    }
  }
  return contributions
}

/** Adds contributions up, into new aggregates or into the given ones. */
export const addUp = (contributions: Iterable<Contribution>, aggregates: Aggregates = emptyAggregates()): Aggregates => {
  for (const { family, year, scope, cell, value } of contributions) {
    const month = year === 0 ? NO_MONTH : year * 12 + Number(cell.slice(0, 2)) - 1
    add(itemOf(aggregates, family, month, scope), year === 0 ? cell : cell.slice(3), value)
  }
  return aggregates
}

/** What to add where the older contributions of a row become the newer ones. */
export const difference = (newer: Contribution[], older: Contribution[]): Contribution[] =>
  contributionsIn(addUp([...newer, ...older.map((contribution) => ({ ...contribution, value: -contribution.value }))]))
