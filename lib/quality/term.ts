import { splitEqually } from '../core/money.ts'
import { firstDay, lastDay, monthOf, monthsBetween } from '../metrics/calendar.ts'
import type { Booking } from './known.ts'

/** A booking that adds revenue over whole months: what later ones change. `parts` are those of its months. */
export type Term = { booking: Booking; from: number; to: number; months: number; parts: number[] }

/** The terms among bookings. */
export const termsIn = (bookings: readonly Booking[]): Term[] =>
  bookings.flatMap((booking) => {
    const { amount, service, kind } = booking
    const months = monthsBetween(service.from, service.to)
    if (months === undefined || amount <= 0 || kind !== 'contract') return []
    return [{ booking, ...service, months, parts: splitEqually(amount, months) }]
  })

/** The day on which a month of the term begins, counted from 0: the same day of the month, or the month's last. */
export const gridDay = ({ from }: Pick<Term, 'from'>, index: number): number => {
  const month = monthOf(from) + index
  return Math.min(firstDay(month) + from - firstDay(monthOf(from)), lastDay(month))
}

/** Which month of the term begins on the day or, if none does, next after it. */
export const indexFrom = (term: Term, day: number): number => {
  const index = monthOf(day) - monthOf(term.from)
  return gridDay(term, index) >= day ? index : index + 1
}

export const isOnGrid = (term: Term, day: number): boolean => gridDay(term, indexFrom(term, day)) === day

/** The terms of a booking's currency that run when its service begins. */
export const runningAt = (terms: readonly Term[], { id, currency, service }: Booking): Term[] =>
  terms.filter(
    ({ booking, from, to }) => booking.id !== id && booking.currency === currency && from <= service.from && service.from < to,
  )
