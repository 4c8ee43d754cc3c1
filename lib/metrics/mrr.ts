import { allocate, exact, splitEqually } from '../core/amount.ts'
import { firstDay, monthOf, monthsBetween } from './calendar.ts'
import type { Transaction } from './fact.ts'
import { type Converted, convert, type RateTable } from './rates.ts'
import type { Counted } from './transaction.ts'

/** Monthly recurring revenue in one currency: minor units, month after month from `first` on. */
type Stream = { currency: string; first: number; amounts: number[] }

/** The monthly recurring revenue of an account. */
export type Recurring = Stream[]

type Service = { service: Transaction['service'] | undefined }

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
export const partsOf = ({ amount, day, service }: Pick<Transaction, 'amount' | 'day'> & Partial<Service>): Parts => {
  if (!service) return { first: monthOf(day), amounts: [amount] }
  const months = monthsBetween(service.from, service.to)
  if (months === undefined) return byDays(amount, service.from, service.to)
  return { first: monthOf(service.from), amounts: splitEqually(amount, months) }
}

const streamOf = (recurring: Recurring, currency: string, first: number): Stream => {
  for (const stream of recurring) if (stream.currency === currency) return stream
  const stream = { currency, first, amounts: [] }
  recurring.push(stream)
  return stream
}

const addParts = (stream: Stream, { first, amounts }: Parts) => {
  if (first < stream.first) {
    stream.amounts = Array<number>(stream.first - first)
      .fill(0)
      .concat(stream.amounts)
    stream.first = first
  }
  let at = first - stream.first
  for (const amount of amounts) {
    stream.amounts[at] = exact((stream.amounts[at] ?? 0) + amount, 'monthly recurring revenue of an account')
    at++
  }
}

/** The recurring revenue of an account: its bookings and its billed usage. */
export const recurringIn = (counted: readonly Counted[]): Recurring => {
  const recurring: Recurring = []
  for (const transaction of counted) {
    if (!transaction.booking && transaction.kind !== 'usage') continue
    const parts = partsOf(transaction)
    addParts(streamOf(recurring, transaction.currency, parts.first), parts)
  }
  return recurring
}

/** From the first month with recurring revenue to the last; none when there is no revenue. */
export const boundsOf = (recurring: Recurring): { first: number; last: number } => {
  let [first, last] = [Infinity, -Infinity]
  for (const stream of recurring) {
    first = Math.min(first, stream.first)
    last = Math.max(last, stream.first + stream.amounts.length - 1)
  }
  return { first, last }
}

const amountIn = ({ first, amounts }: Stream, month: number) => (month < first ? 0 : (amounts[month - first] ?? 0))

/** The recurring revenue of a month in the reporting currency, at the rates of a day. */
export const recurringOf = (recurring: Recurring, month: number, rates: RateTable, day: number): Converted => {
  let [amount, extrapolated] = [0, false]
  for (const stream of recurring) {
    const value = convert(rates, amountIn(stream, month), stream.currency, day)
    amount += value.amount
    extrapolated ||= value.extrapolated
  }
  return { amount, extrapolated }
}
