import { allocate, exact, splitEqually } from '../core/money.ts'
import { firstDay, monthOf, monthsBetween } from './calendar.ts'
import type { Transaction } from './fact.ts'
import { type Converted, convert, type RateTable } from './rates.ts'
import { type Counted, isBooking } from './transaction.ts'

/** Monthly recurring revenue of an account: currency → month → minor units of that currency. */
export type Recurring = Map<string, Map<number, number>>

export type Parts = { first: number; amounts: number[] }

const byDays = (amount: number, from: number, to: number): Parts => {
  const [first, last] = [monthOf(from), monthOf(to - 1)]
  const days = Array.from({ length: last - first + 1 }, (_, index) => {
    const month = first + index
    return Math.min(to, firstDay(month + 1)) - Math.max(from, firstDay(month))
  })
  return { first, amounts: allocate(amount, days) }
}

/** What falls into the months from `first` on: equal parts of whole months, otherwise by days, without a service all at once. */
export const partsOf = ({ amount, day, service }: Transaction): Parts => {
  if (!service) return { first: monthOf(day), amounts: [amount] }
  const months = monthsBetween(service.from, service.to)
  if (months === undefined) return byDays(amount, service.from, service.to)
  return { first: monthOf(service.from), amounts: splitEqually(amount, months) }
}

const addParts = (cells: Map<number, number>, { first, amounts }: Parts) =>
  amounts.forEach((amount, index) => {
    const month = first + index
    cells.set(month, exact((cells.get(month) ?? 0) + amount, 'monthly recurring revenue of an account'))
  })

/** The recurring revenue of an account: its bookings and its billed usage. */
export const recurringIn = (counted: Counted[]): Recurring => {
  const recurring: Recurring = new Map()
  for (const transaction of counted) {
    if (!isBooking(transaction) && transaction.kind !== 'usage') continue
    const { currency } = transaction.fact
    const cells = recurring.get(currency) ?? new Map<number, number>()
    addParts(cells, partsOf(transaction.fact))
    recurring.set(currency, cells)
  }
  return recurring
}

/** The months with an amount in some currency, in order. */
export const monthsIn = (recurring: Recurring): number[] =>
  [...new Set([...recurring.values()].flatMap((cells) => [...cells.keys()]))].sort((a, b) => a - b)

/** The recurring revenue of a month in the reporting currency, at the rates of a day. */
export const recurringOf = (recurring: Recurring, month: number, rates: RateTable, day: number): Converted => {
  let [amount, extrapolated] = [0, false]
  for (const [currency, cells] of recurring) {
    const value = convert(rates, cells.get(month) ?? 0, currency, day)
    amount += value.amount
    extrapolated ||= value.extrapolated
  }
  return { amount, extrapolated }
}
