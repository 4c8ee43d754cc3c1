import { monthText } from '../core/period.ts'
import { monthOf } from '../metrics/calendar.ts'
import type { Transaction } from '../metrics/fact.ts'
import { partsOf } from '../metrics/mrr.ts'
import { effectOf, monthsOf } from './effect.ts'
import { type Effect, type Finding, finding, unknown } from './finding.ts'
import { bookingsIn, correctedIn, isContract, type Known, transactionsIn, withFacts } from './known.ts'

// Contracts of which one side of the books is missing.

const sumOf = (facts: readonly Transaction[]) => facts.reduce((sum, { amount }) => sum + BigInt(amount), 0n)
const counted = (facts: readonly unknown[], noun: string) => `${facts.length} ${noun}${facts.length === 1 ? '' : 's'}`
const idsOf = (facts: readonly Transaction[]) => facts.map(({ id }) => id)

const billedContracts = ({ row }: Known) =>
  transactionsIn(row).filter((fact) => fact.ledger === 'billed' && isContract(row, fact))

/** An invoice as a booking of its own service period; a refund without one is of the period that it corrects. */
const bookingOf = ({ row }: Known, fact: Transaction): Transaction | undefined => {
  const service = fact.service ?? correctedIn(row, fact).find((original) => original.service)?.service
  return service && { ...fact, id: `${fact.id} booked`, ledger: 'booked', service }
}

const bookedEffect = (known: Known, billed: Transaction[]): Effect => {
  const booked = billed.map((fact) => bookingOf(known, fact))
  const without = billed.find((_, index) => booked[index] === undefined)
  if (without) return unknown(`${without.transactionId} has no service period: which months it is for is not known`)
  const corrected = withFacts(
    known.row,
    [],
    booked.filter((fact) => fact !== undefined),
  )
  return effectOf(known, corrected, 'each invoice booked over its service period')
}

/**
 * Contract revenue is invoiced, and nothing was ever booked: the account has no recurring revenue but usage. Effect: with each invoice
 * booked over its own service period; unknown where one has none.
 */
const billedNotBooked = (known: Known): Finding[] => {
  const billed = billedContracts(known)
  if (sumOf(billed) <= 0n || bookingsIn(known.row).length > 0) return []
  const effect = bookedEffect(known, billed)
  return [
    finding({
      kind: 'billed-not-booked',
      row: known.key,
      eventIds: idsOf(billed),
      months: [...billed.map(({ day }) => monthText(monthOf(day))), ...monthsOf(effect)],
      message: `${counted(billed, 'invoice')} of contracts and no booking: their months are no recurring revenue; book the contracts`,
      effect,
    }),
  ]
}

const PATIENCE_DAYS = 90

/**
 * Contracts are booked, the first began 90 days ago or earlier, and no money ever came: there is no cash, and either no invoice, or the
 * last one is as old. Effect: without these bookings.
 */
const signedNeverPaid = (known: Known): Finding[] => {
  const { key, row, today } = known
  const bookings = bookingsIn(row)
  const paid = transactionsIn(row).some(({ ledger, amount }) => ledger === 'cash' && amount > 0)
  const start = Math.min(...bookings.map(({ service }) => service.from))
  const billed = billedContracts(known)
  const due = Math.max(start, ...billed.map(({ day }) => day))
  if (sumOf(bookings) <= 0n || paid || today - due < PATIENCE_DAYS) return []
  const effect = effectOf(known, withFacts(row, bookings, []), 'without these bookings')
  const what = billed.length > 0 ? `${counted(billed, 'invoice')}, but no cash` : 'neither invoice nor cash'
  return [
    finding({
      kind: 'signed-never-paid',
      row: key,
      eventIds: idsOf(bookings),
      months: bookings.flatMap((booking) => {
        const { first, amounts } = partsOf(booking)
        return amounts.map((_, index) => monthText(first + index))
      }),
      message: `${counted(bookings, 'booking')} and ${what}: if the contract is void, cancel it; if payments are kept elsewhere, record them`,
      effect,
    }),
  ]
}

/** Contracts that are invoiced and not booked, or booked and not paid. */
export const paymentFindings = (known: Known): Finding[] => [...billedNotBooked(known), ...signedNeverPaid(known)]
