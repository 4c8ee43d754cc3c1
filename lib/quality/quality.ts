import { bookingFindings } from './bookings.ts'
import type { Finding } from './finding.ts'
import { inputFindings } from './input.ts'
import type { Known } from './known.ts'
import { paymentFindings } from './payments.ts'

/** All that is wrong with the data of a row. Where its sums cannot be told, no effect can, and only that is said. */
export const findingsOf = (known: Known): Finding[] => {
  const input = inputFindings(known)
  if (input.some(({ kind }) => kind === 'sum-too-large')) return input
  return [...input, ...bookingFindings(known), ...paymentFindings(known)]
}
