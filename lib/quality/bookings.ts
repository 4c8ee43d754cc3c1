import { dateText, monthText } from '../core/period.ts'
import { lastDay, monthOf, monthsBetween } from '../metrics/calendar.ts'
import { partsOf } from '../metrics/mrr.ts'
import { effectOf, monthsOf } from './effect.ts'
import { type Effect, type Finding, finding, unknown } from './finding.ts'
import { type Booking, bookingsIn, type Known, withFacts } from './known.ts'
import { gridDay, indexFrom, isOnGrid, runningAt, type Term, termsIn } from './term.ts'

// Bookings that are not as Cosell writes them: on the month grid of the term that they change, as the exact parts of its months.

const monthsIn = (booking: Booking): string[] => {
  const { first, amounts } = partsOf(booking)
  return amounts.map((_, index) => monthText(first + index))
}

const sumFrom = ({ parts }: Term, index: number) => parts.slice(index).reduce((sum, part) => sum + part, 0)

/** Whether a booking takes from each month of the term what the term has in it, and from no other month. */
const takesExactParts = (term: Term, booking: Booking): boolean => {
  const { first, amounts } = partsOf(booking)
  const start = first - monthOf(term.from)
  return isOnGrid(term, booking.service.from) && amounts.every((amount, index) => amount === -(term.parts[start + index] ?? 0))
}

/** The rest of a term from a month on, as lines that take away its months one by one. */
const linesOf = (term: Term, index: number, booking: Booking): Booking[] =>
  term.parts.slice(index).map((part, n) => ({
    ...booking,
    id: `${booking.id} ${n}`,
    amount: -part,
    service: { from: gridDay(term, index + n), to: gridDay(term, index + n + 1) },
  }))

/**
 * A cancellation in one sum: a booking that takes away all that is left of one term from its next month day on, but not month by
 * month (its sum lies in other months, or is split otherwise), so that something of the dead contract stays. Effect: with the lines
 * that take away the term's own months in its place.
 */
const cancelledInOneSum = (known: Known, terms: Term[], booking: Booking): Finding | undefined => {
  const term = runningAt(terms, booking).find((each) => sumFrom(each, indexFrom(each, booking.service.from)) === -booking.amount)
  if (!term || takesExactParts(term, booking)) return undefined
  const index = indexFrom(term, booking.service.from)
  const day = dateText(gridDay(term, index))
  const corrected = withFacts(known.row, [booking], linesOf(term, index, booking))
  const effect = effectOf(known, corrected, `its ${term.months - index} months taken away one by one from ${day} on`)
  return finding({
    kind: 'cancelled-in-one-sum',
    row: known.key,
    eventIds: [booking.id, term.booking.id],
    months: [...monthsIn(booking), ...monthsOf(effect)],
    message: `${booking.transactionId} cancels the rest of ${term.booking.transactionId} in one sum: take it back, and book each month from ${day} on as the part that the term has in it`,
    effect,
  })
}

const movedEffect = (known: Known, running: Term[], booking: Booking): Effect => {
  const [term, ...others] = running
  if (!term) return unknown('no term runs when its service begins')
  if (others.length > 0) return unknown('several terms run when its service begins')
  const from = gridDay(term, indexFrom(term, booking.service.from))
  if (from >= term.to) return unknown('the term has no later month')
  const corrected = withFacts(known.row, [booking], [{ ...booking, service: { from, to: term.to } }])
  return effectOf(known, corrected, `its service from ${dateText(from)} to ${dateText(term.to)}`)
}

const isOff =
  ({ from, to }: Booking['service']) =>
  (term: Term) =>
    !isOnGrid(term, from) || to > term.to || !isOnGrid(term, to)

/**
 * A booking off the grid: it takes revenue away, and its service does not begin and end on month days of any term that runs then; or
 * it adds revenue within a term, over no whole months. Effect: with its service from the term's next month day to the term's end;
 * unknown unless exactly one term runs.
 */
const offGrid = (known: Known, terms: Term[], booking: Booking): Finding | undefined => {
  const { amount, service, transactionId, id } = booking
  const running = runningAt(terms, booking)
  const addsWithin = monthsBetween(service.from, service.to) === undefined && running.some(({ to }) => service.to <= to)
  const isWrong = amount < 0 ? running.every(isOff(service)) : addsWithin && running.every(isOff(service))
  if (!isWrong) return undefined
  const effect = movedEffect(known, running, booking)
  return finding({
    kind: 'booking-off-grid',
    row: known.key,
    eventIds: [id, ...running.map((term) => term.booking.id)],
    months: [...monthsIn(booking), ...monthsOf(effect)],
    message: `${transactionId} is from ${dateText(service.from)} to ${dateText(service.to)}, off the month days of ${
      running.map((term) => term.booking.transactionId).join(', ') || 'any term'
    }: book changes from the next month day of the term to its end`,
    effect,
  })
}

const GAP_DAYS = 92

const previousOf = (terms: readonly Term[], { booking, from }: Term): Term | undefined =>
  terms
    .filter(
      (each) => each.booking.currency === booking.currency && each.from < from && each.to <= from && from - each.to <= GAP_DAYS,
    )
    .toSorted((a, b) => b.to - a.to)[0]

/**
 * A renewal whose service begins some days after the term before it ended, if that leaves a month without the one and the other. Effect:
 * with its service from that end on.
 */
const afterGap = (known: Known, before: Term, { booking, from, months }: Term): Finding[] => {
  const service = { from: before.to, to: gridDay({ from: before.to }, months) }
  const corrected = withFacts(known.row, [booking], [{ ...booking, service }])
  const effect = effectOf(known, corrected, `its service from ${dateText(before.to)} on`)
  if (effect.isKnown && effect.mrr.length === 0) return []
  const found = finding({
    kind: 'renewed-late',
    row: known.key,
    eventIds: [booking.id, before.booking.id],
    months: monthsOf(effect),
    message: `${booking.transactionId} begins ${from - before.to} days after ${before.booking.transactionId} ended: if it renews that, its service begins on ${dateText(before.to)}`,
    effect,
  })
  return [found]
}

/**
 * A renewal that was booked in a later month than its service began. Numbers of today have it; the months between were reported without
 * it. Effect: none now, as its service is right.
 */
const afterStart = ({ key }: Known, { booking, from }: Term): Finding => {
  const [first, last] = [monthOf(from), monthOf(booking.day)]
  return finding({
    kind: 'renewed-late',
    row: key,
    eventIds: [booking.id],
    months: Array.from({ length: last - first }, (_, index) => monthText(first + index)),
    message: `${booking.transactionId} was booked on ${dateText(booking.day)}, ${last - first} months after its service began: what was reported for them by then lacked it`,
    effect: { isKnown: true, remedy: 'its service is right: today nothing would change', mrr: [], nrr: [] },
  })
}

const isCovered = (terms: readonly Term[], { booking, from }: Term) =>
  terms.some((each) => each.booking.currency === booking.currency && each.from < from && each.to > from)

const renewedLate = (known: Known, terms: Term[], term: Term): Finding[] => {
  const before = previousOf(terms, term)
  if (!before || isCovered(terms, term)) return []
  if (before.to < term.from) return afterGap(known, before, term)
  return term.booking.day > lastDay(monthOf(term.from)) ? [afterStart(known, term)] : []
}

/** What is wrong with how an account's contracts are booked. */
export const bookingFindings = (known: Known): Finding[] => {
  const bookings = bookingsIn(known.row)
  const terms = termsIn(bookings)
  const changes = bookings.flatMap((booking) => {
    const found = (booking.amount < 0 && cancelledInOneSum(known, terms, booking)) || offGrid(known, terms, booking)
    return found ?? []
  })
  return [...changes, ...terms.flatMap((term) => renewedLate(known, terms, term))]
}
